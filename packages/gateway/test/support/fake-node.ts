/** A stand-in for a Bitcoin node: one block, an empty mempool, over JSON-RPC, and away whenever the test wants it so. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeNode extends AsyncDisposable {
  /** With `user:password`, without a slash at its end. */
  readonly url: string;
  /** While true, every call is refused with HTTP 503. */
  isAway: boolean;
}

/** The first block of regtest (`CRegTestParams` in Bitcoin Core). */
const MERKLE_ROOT = '3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a';
const HEADER = `01000000${'00'.repeat(32)}${MERKLE_ROOT}dae5494dffff7f2002000000`;
const COINBASE =
  '01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d6573' +
  '2030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73' +
  'ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e5' +
  '1ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000';
const HASH = '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206';

export interface FakeNodeOptions {
  /** What the node says that it serves: `regtest`, or another for a node on the wrong chain. */
  readonly chain?: string;
  readonly password?: string;
}

export async function startFakeNode({ chain = 'regtest', password = 'password' }: FakeNodeOptions = {}): Promise<FakeNode> {
  const results: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {
    getblockchaininfo: () => ({ chain, blocks: 0, headers: 0, bestblockhash: HASH, initialblockdownload: false }),
    getblockhash: ([height]) => (height === 0 ? HASH : undefined),
    getblockheader: () => HEADER,
    getblock: () => `${HEADER}01${COINBASE}`,
    getbestblockhash: () => HASH,
    getmempoolinfo: () => ({ loaded: true, size: 0 }),
    getrawmempool: ([, withSequence]) => (withSequence === true ? { txids: [], mempool_sequence: 1 } : []),
  };
  const answer = ({ id, method, params }: Call): unknown => {
    const result = results[method]?.(params);
    return { jsonrpc: '2.0', id, ...(result === undefined ? { error: { code: -8, message: 'out of range' } } : { result }) };
  };
  const expected = `Basic ${Buffer.from(`webpos:${password}`).toString('base64')}`;
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      if (node.isAway) return response.writeHead(503).end('Work queue depth exceeded');
      if (request.headers.authorization !== expected) return response.writeHead(401).end();
      if (request.method !== 'POST') return response.writeHead(404).end();
      const calls = JSON.parse(text) as Call | readonly Call[];
      return response.end(JSON.stringify(Array.isArray(calls) ? calls.map(answer) : answer(calls as Call)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const node: FakeNode = {
    url: `http://webpos:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    isAway: false,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return node;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += String(part);
  return text;
}
