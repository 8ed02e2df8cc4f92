/** Reads from the node itself which outputs pay the merchant's wallet, independently of the gateway's own reading. */
import type { RegtestNode } from '../../../../test/support/regtest-node.ts';

export interface TrueOutput {
  readonly script: string;
  readonly amount: bigint;
  /** `block HASH` or `mempool`. */
  readonly place: string;
}

export interface ChainTruth {
  readonly height: number;
  readonly tip: string;
  /** By `txid:vout`. */
  readonly outputs: ReadonlyMap<string, TrueOutput>;
}

interface RpcTransaction {
  readonly txid: string;
  readonly vout: readonly { readonly n: number; readonly value: number; readonly scriptPubKey: { readonly hex: string } }[];
}
interface RpcBlock {
  readonly hash: string;
  readonly height: number;
  readonly previousblockhash: string;
  readonly tx: readonly RpcTransaction[];
}

/** Every address of the wallet has such a script: a witness program of version 0 with 20 bytes. */
const OF_WALLETS = /^0014[\da-f]{40}$/;

export class ChainReader {
  readonly #node: RegtestNode;
  readonly #firstHeight: number;
  readonly #blocks = new Map<string, Pick<RpcBlock, 'hash' | 'height' | 'previousblockhash'>>();
  readonly #outputsOf = new Map<string, readonly (readonly [key: string, output: TrueOutput])[]>();

  /** @param firstHeight No block below pays the wallet. */
  constructor(node: RegtestNode, firstHeight: number) {
    this.#node = node;
    this.#firstHeight = firstHeight;
  }

  /** Reads the best chain and the mempool. While neither changes meanwhile, they belong together. */
  async read(): Promise<ChainTruth> {
    const tip = await this.#node.rpc<string>('getbestblockhash');
    const outputs = new Map<string, TrueOutput>();
    for (const txid of await this.#node.rpc<string[]>('getrawmempool'))
      for (const [key, output] of outputsOf(await this.#node.rpc('getrawtransaction', [txid, 1]), 'mempool'))
        outputs.set(key, output);
    for (let hash = tip; ;) {
      const { height, previousblockhash } = await this.#block(hash);
      for (const [key, output] of this.#outputsOf.get(hash) ?? []) outputs.set(key, output);
      if (height <= this.#firstHeight) break;
      hash = previousblockhash;
    }
    return { height: this.#blocks.get(tip)?.height ?? 0, tip, outputs };
  }

  async #block(hash: string): Promise<Pick<RpcBlock, 'height' | 'previousblockhash'>> {
    const known = this.#blocks.get(hash);
    if (known !== undefined) return known;
    const { tx, height, previousblockhash } = await this.#node.rpc<RpcBlock>('getblock', [hash, 2]);
    const place = `block ${hash}`;
    this.#outputsOf.set(
      hash,
      tx.flatMap((one) => outputsOf(one, place)),
    );
    const block = { hash, height, previousblockhash };
    this.#blocks.set(hash, block);
    return block;
  }
}

function outputsOf({ txid, vout }: RpcTransaction, place: string): (readonly [string, TrueOutput])[] {
  return vout.flatMap(({ n, value, scriptPubKey: { hex } }) =>
    OF_WALLETS.test(hex) ? [[`${txid}:${n}`, { script: hex, amount: BigInt(Math.round(value * 1e8)), place }] as const] : [],
  );
}
