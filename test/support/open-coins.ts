/**
 * Regtest coins that anyone may spend, and transactions built from them exactly: their inputs, their outputs and their fee. There
 * is no wallet, which would rebroadcast by itself what a test wants gone.
 */
import { buildTransaction, type NewOutput } from '../../packages/gateway/src/chain/sandbox/serialize.ts';
import { parseTxid, type OutPoint, type ScriptHex, type Txid } from '../../packages/gateway/src/kernel/chain.ts';
import { sats } from '../../packages/gateway/src/kernel/sats.ts';
import type { RegtestNode } from './regtest-node.ts';

/** OP_TRUE. */
export const ANYONE = '51' as ScriptHex;
const COIN_SATS = 12_000_000n;
const COINS_EACH = 400;
/** The default fee: enough for the usual minimum, and low enough for every replacement to exceed. */
const FEE_SATS = 1_000n;

export interface Coin {
  readonly outPoint: OutPoint;
  readonly amount: bigint;
}

/** A transaction, sent or not. */
export interface Made {
  readonly txid: Txid;
  readonly hex: string;
  /** The change, which a child can spend. */
  readonly change: Coin;
}

export interface Payee {
  readonly script: ScriptHex;
  readonly amount: bigint;
}

export class OpenCoins {
  readonly #node: RegtestNode;
  readonly #coins: Coin[];
  #blocks = 0;

  private constructor(node: RegtestNode, coins: Coin[]) {
    this.#node = node;
    this.#coins = coins;
  }

  /** The arguments that the node needs. */
  static readonly NODE_ARGS = ['-acceptnonstdtxn=1', '-disablewallet=1'] as const;

  /** Mines until a coinbase may be spent, and makes small coins of the first one. */
  static async mint(node: RegtestNode): Promise<OpenCoins> {
    const [first] = await node.rpc<string[]>('generatetodescriptor', [101, `raw(${ANYONE})`]);
    const { tx } = await node.rpc<{ tx: string[] }>('getblock', [first, 1]);
    const outputs: NewOutput[] = Array.from({ length: COINS_EACH }, () => ({ script: ANYONE, amount: sats(COIN_SATS) }));
    const { txid, raw } = buildTransaction([{ txid: parseTxid(tx[0] ?? ''), vout: 0 }], outputs);
    await node.rpc('sendrawtransaction', [Buffer.from(raw).toString('hex'), 0]);
    await node.rpc('generatetodescriptor', [1, `raw(${ANYONE})`]);
    return new OpenCoins(
      node,
      outputs.map((_, vout) => ({ outPoint: { txid, vout }, amount: COIN_SATS })),
    );
  }

  /** Returns an unspent coin. */
  take(): Coin {
    const coin = this.#coins.pop();
    if (coin === undefined) throw new Error(`expected at most ${COINS_EACH} coins to be taken`);
    return coin;
  }

  /** Builds a transaction; the rest after payments and fee is its last output. */
  make(payees: readonly Payee[], coins: readonly Coin[] = [this.take()], feeSats: bigint = FEE_SATS): Made {
    const paid = payees.reduce((sum, { amount }) => sum + amount, feeSats);
    const rest = coins.reduce((sum, { amount }) => sum + amount, 0n) - paid;
    const outputs = [...payees, { script: ANYONE, amount: rest }].map(({ script, amount }) => ({ script, amount: sats(amount) }));
    const { txid, raw } = buildTransaction(
      coins.map(({ outPoint }) => outPoint),
      outputs,
    );
    const change: Coin = { outPoint: { txid, vout: payees.length }, amount: rest };
    return { txid, hex: Buffer.from(raw).toString('hex'), change };
  }

  /** Sends a transaction to the mempool. @throws Error with the node's reason if it refuses. */
  async broadcast({ hex }: Pick<Made, 'hex'>): Promise<void> {
    await this.#node.rpc('sendrawtransaction', [hex, 0]);
  }

  /** Mines a block of exactly these transactions, in the mempool or not. @returns its hash. */
  async mineOnly(transactions: readonly Pick<Made, 'hex'>[] = []): Promise<string> {
    const { hash } = await this.#node.rpc<{ hash: string }>('generateblock', [
      this.#coinbase(),
      transactions.map(({ hex }) => hex),
    ]);
    return hash;
  }

  /** Mines blocks, the first of them with the whole mempool. @returns their hashes. */
  async mine(blocks = 1): Promise<string[]> {
    return this.#node.rpc<string[]>('generatetodescriptor', [blocks, this.#coinbase()]);
  }

  /** A different coinbase each time: a block equal to an invalidated one would be invalid too. */
  #coinbase(): string {
    this.#blocks += 1;
    const number = Buffer.alloc(4);
    number.writeUInt32LE(this.#blocks);
    return `raw(04${number.toString('hex')}7551)`; // the number, OP_DROP, OP_TRUE
  }
}
