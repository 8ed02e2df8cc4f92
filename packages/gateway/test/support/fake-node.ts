/**
 * A fake Bitcoin node over JSON-RPC, for what a real one does not do: it goes down and gives wrong answers as the test wants. By default
 * it has one block and an empty mempool.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeNode extends AsyncDisposable {
  /** With `user:password`, without a trailing slash. */
  readonly url: string;
  /** While true, every call fails with HTTP 503. */
  isAway: boolean;
  /** The chain that it serves, from height 0. */
  blocks: readonly FakeBlock[];
  /** Replaces the answers to some methods. A result of undefined is an error. */
  readonly answers: Record<string, (params: readonly unknown[]) => unknown>;
  /** Number of calls received. */
  calls: number;
}

export interface FakeBlock {
  readonly hash: string;
  readonly header: Uint8Array;
  readonly raw: Uint8Array;
}

/** Parts of the first blocks of the main network and of regtest, which differ only in their headers. */
const MERKLE_ROOT = '3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a';
const COINBASE =
  '01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d6573' +
  '2030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73' +
  'ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e5' +
  '1ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000';

/** The first block of regtest (`CRegTestParams` in Bitcoin Core). */
export const REGTEST_GENESIS: FakeBlock = genesis(
  '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206',
  'dae5494dffff7f2002000000',
);
/** The first block of the main network, of 3 January 2009, 18:15:05 UTC. */
export const MAIN_GENESIS: FakeBlock = genesis(
  '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
  '29ab5f49ffff001d1dac2b7c',
);

function genesis(hash: string, timeBitsNonce: string): FakeBlock {
  const header = Buffer.from(`01000000${'00'.repeat(32)}${MERKLE_ROOT}${timeBitsNonce}`, 'hex');
  return { hash, header, raw: Buffer.concat([header, Uint8Array.of(1), Buffer.from(COINBASE, 'hex')]) };
}

export interface FakeNodeOptions {
  /** The chain that the node reports. Default: `regtest`. */
  readonly chain?: string;
  readonly password?: string;
  readonly blocks?: readonly FakeBlock[];
}

export async function startFakeNode({
  chain = 'regtest',
  password = 'password',
  blocks = [REGTEST_GENESIS],
}: FakeNodeOptions = {}): Promise<FakeNode> {
  const tip = (): FakeBlock | undefined => node.blocks.at(-1);
  const byHash = (hash: unknown): FakeBlock | undefined => node.blocks.find((block) => block.hash === hash);
  const hex = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('hex');
  const results: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {
    getblockchaininfo: () => ({
      chain,
      blocks: node.blocks.length - 1,
      headers: node.blocks.length - 1,
      bestblockhash: tip()?.hash,
      initialblockdownload: false,
    }),
    getblockhash: ([height]) => node.blocks[height as number]?.hash,
    getblockheader: ([hash]) => hex(byHash(hash)?.header),
    getblock: ([hash]) => hex(byHash(hash)?.raw),
    getbestblockhash: () => tip()?.hash,
    getmempoolinfo: () => ({ loaded: true, size: 0 }),
    getrawmempool: ([, withSequence]) => (withSequence === true ? { txids: [], mempool_sequence: 1 } : []),
  };
  const answer = ({ id, method, params }: Call): unknown => {
    node.calls += 1;
    const result = (node.answers[method] ?? results[method])?.(params);
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
    blocks,
    answers: {},
    calls: 0,
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
