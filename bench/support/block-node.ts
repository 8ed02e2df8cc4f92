/** A stub of a Bitcoin node on regtest that serves prepared blocks, over REST, or in hex over JSON-RPC as a node does. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildBlock, buildCoinbase } from '../../packages/gateway/src/chain/sandbox/serialize.ts';
import type { BlockHash, ScriptHex } from '../../packages/gateway/src/kernel/chain.ts';
import { sats } from '../../packages/gateway/src/kernel/sats.ts';

/** `CRegTestParams` of Bitcoin Core. */
const GENESIS = '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206';
const GENESIS_ROOT = '3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a';
const GENESIS_HEADER = `01000000${'00'.repeat(32)}${GENESIS_ROOT}dae5494dffff7f2002000000`;
const NOBODY = '6a' as ScriptHex;

interface ServedBlock {
  readonly hash: BlockHash;
  /** Header, count and coinbase; the rest is shared by all blocks of the same kind. */
  readonly head: Buffer;
  readonly rest: Buffer;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

export class BlockNode {
  /** How many of the blocks the node shows. */
  height = 0;
  readonly #rest: boolean;
  readonly #blocks: ServedBlock[] = [
    { hash: GENESIS as BlockHash, head: Buffer.from(GENESIS_HEADER, 'hex'), rest: Buffer.alloc(0) },
  ];
  readonly #byHash = new Map<string, ServedBlock>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  constructor(options: { readonly rest: boolean }) {
    this.#rest = options.rest;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://webpos:none@127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Adds blocks with these transactions after their coinbases; `height` makes them visible. */
  add(count: number, transactions: readonly Buffer[]): void {
    const rest = Buffer.concat(transactions);
    for (let n = 0; n < count; n += 1) {
      const height = this.#blocks.length;
      const previous = this.#blocks[height - 1]?.hash as BlockHash;
      const { raw: coinbase } = buildCoinbase(height, Buffer.alloc(4), [{ script: NOBODY, amount: sats(1n) }]);
      const { hash, raw } = buildBlock({
        previous,
        timeS: 1_795_000_000 + height,
        nonce: 0,
        transactions: [coinbase, ...transactions],
      });
      const block = { hash, head: Buffer.from(raw.subarray(0, raw.length - rest.length)), rest };
      this.#blocks.push(block);
      this.#byHash.set(hash, block);
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, hash = ''] = /^\/rest\/block\/([0-9a-f]{64})\.bin$/.exec(request.url ?? '') ?? [];
    if (request.method === 'GET') {
      const block = this.#rest ? this.#byHash.get(hash) : undefined;
      if (block === undefined) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-length': block.head.length + block.rest.length });
      response.write(block.head);
      return void response.end(block.rest);
    }
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += String(part);
    const calls = JSON.parse(text) as Call | readonly Call[];
    const answers = Array.isArray(calls)
      ? (calls as readonly Call[]).map((call) => this.#answer(call))
      : this.#answer(calls as Call);
    return void response.end(JSON.stringify(answers));
  }

  #answer({ id, method, params: [first] }: Call): unknown {
    const tip = this.#blocks[this.height]!;
    const results: Record<string, () => unknown> = {
      getblockchaininfo: () => ({
        chain: 'regtest',
        blocks: this.height,
        headers: this.height,
        bestblockhash: tip.hash,
        initialblockdownload: false,
      }),
      getblockhash: () => (Number(first) <= this.height ? this.#blocks[Number(first)]?.hash : undefined),
      getblockheader: () => this.#byHash.get(String(first))?.head.toString('hex', 0, 80),
      getblock: () => {
        const block = this.#byHash.get(String(first));
        return block && block.head.toString('hex') + block.rest.toString('hex');
      },
      getbestblockhash: () => tip.hash,
      getmempoolinfo: () => ({ loaded: true, size: 0, bytes: 0, total_fee: 0 }),
      getrawmempool: () => ({ txids: [], mempool_sequence: 1 }),
    };
    const result = results[method]?.();
    return { jsonrpc: '2.0', id, ...(result === undefined ? { error: { code: -8, message: 'out of range' } } : { result }) };
  }
}
