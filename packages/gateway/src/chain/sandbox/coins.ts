/**
 * The coins of the sandbox's own wallet, out of which all its payments are made: unspent outputs, by their place. What was
 * paid to others is theirs, and nobody in the sandbox can spend it, so it is not kept here.
 *
 * There are coins that a coinbase has minted and coins that came back as change. Payments are made of minted ones as long
 * as there are any, one for each payment: then no payment hangs on another, and what happens to one leaves the others alone.
 */
import { outPointKey, type OutPoint, type ScriptHex } from '../../kernel/chain.ts';
import { sats, type Sats } from '../../kernel/sats.ts';
import type { NewOutput } from './serialize.ts';
import type { SandboxTransaction } from './transaction.ts';

export interface Coin {
  readonly outPoint: OutPoint;
  readonly amount: Sats;
  /** Of the block that has it. */
  readonly height: number;
  /** Whether it comes from a coinbase. */
  readonly minted: boolean;
}

/** By `outPointKey`. */
export type Coins = ReadonlyMap<string, Coin>;

/** Where the wallet keeps its coins. No key belongs to it: in the sandbox nobody signs. */
export const WALLET_SCRIPT = `0014${'5a'.repeat(20)}` as ScriptHex;

/** How many minted coins the wallet has after each block. */
const MINTED_COINS = 500;
/** 43,000 bitcoin: all coins together are more than the 21 million that any order could ask for, and fees. */
const MINTED_AMOUNT: Sats = sats(4_300_000_000_000n);
/** What a coinbase pays when there is nothing to mint. Nobody's. */
const IDLE_OUTPUT: NewOutput = { script: '51' as ScriptHex, amount: sats(5_000_000_000n) };

/** What the next coinbase pays: as many coins as the wallet has spent of those that were minted for it. */
export function mintedOutputs(coins: Coins): NewOutput[] {
  const present = [...coins.values()].filter(({ minted }) => minted).length;
  const missing = Math.max(0, MINTED_COINS - present);
  if (missing === 0) return [IDLE_OUTPUT];
  return Array.from({ length: missing }, () => ({ script: WALLET_SCRIPT, amount: MINTED_AMOUNT }));
}

/** Takes the transactions of a block into account. @returns the coins that they have spent. */
export function applyToCoins(
  coins: Map<string, Coin>,
  transactions: readonly SandboxTransaction[],
  height: number,
): readonly Coin[] {
  const spent: Coin[] = [];
  for (const transaction of transactions) {
    for (const outPoint of transaction.spends) {
      const coin = coins.get(outPointKey(outPoint));
      if (coin === undefined) continue;
      coins.delete(outPointKey(outPoint));
      spent.push(coin);
    }
    for (const coin of coinsOf(transaction, height)) coins.set(outPointKey(coin.outPoint), coin);
  }
  return spent;
}

/** The wallet's coins that a transaction makes. */
export function coinsOf({ txid, spends, outputs }: SandboxTransaction, height: number): Coin[] {
  return outputs
    .filter(({ script }) => script === WALLET_SCRIPT)
    .map(({ vout, amount }) => ({ outPoint: { txid, vout }, amount, height, minted: spends.length === 0 }));
}

/** Undoes what `applyToCoins` did for a block. */
export function undoInCoins(
  coins: Map<string, Coin>,
  block: { readonly transactions: readonly SandboxTransaction[]; readonly spent: readonly Coin[]; readonly height: number },
): void {
  for (const coin of block.spent) coins.set(outPointKey(coin.outPoint), coin);
  for (const { txid, outputs } of block.transactions) {
    for (const { vout } of outputs) coins.delete(outPointKey({ txid, vout }));
  }
}
