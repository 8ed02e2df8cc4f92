/**
 * The coins (unspent outputs) of the sandbox's own wallet, which all its payments are made from. Outputs paid to others are not
 * stored here, because nobody in the sandbox can spend them.
 *
 * Coins are either minted by a coinbase or returned as change. Payments use minted coins while there are any, one for each
 * payment, so that payments are independent of each other and a change to one does not affect the others.
 */
import { outPointKey, type OutPoint, type ScriptHex } from '../../kernel/chain.ts';
import { sats, type Sats } from '../../kernel/sats.ts';
import type { NewOutput } from './serialize.ts';
import type { SandboxTransaction } from './transaction.ts';

export interface Coin {
  readonly outPoint: OutPoint;
  readonly amount: Sats;
  /** The height of its block. */
  readonly height: number;
  /** Whether it comes from a coinbase. */
  readonly minted: boolean;
}

/** By `outPointKey`. */
export type Coins = ReadonlyMap<string, Coin>;

/** The script of the wallet's coins. It has no key, because nobody signs in the sandbox. */
export const WALLET_SCRIPT = `0014${'5a'.repeat(20)}` as ScriptHex;

/** How many minted coins the wallet has after each block. */
const MINTED_COINS = 500;
/** 43,000 BTC: all coins together exceed the 21 million BTC that an order could ask for, plus fees. */
const MINTED_AMOUNT: Sats = sats(4_300_000_000_000n);
/** The output of a coinbase with nothing to mint, which belongs to nobody. */
const IDLE_OUTPUT: NewOutput = { script: '51' as ScriptHex, amount: sats(5_000_000_000n) };

/** The outputs of the next coinbase: one coin for each minted coin that the wallet has spent. */
export function mintedOutputs(coins: Coins): NewOutput[] {
  const present = [...coins.values()].filter(({ minted }) => minted).length;
  const missing = Math.max(0, MINTED_COINS - present);
  if (missing === 0) return [IDLE_OUTPUT];
  return Array.from({ length: missing }, () => ({ script: WALLET_SCRIPT, amount: MINTED_AMOUNT }));
}

/** Applies the transactions of a block to the coins. @returns the coins that they spend. */
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

/** Returns the wallet's coins that a transaction creates. */
export function coinsOf({ txid, spends, outputs }: SandboxTransaction, height: number): Coin[] {
  return outputs
    .filter(({ script }) => script === WALLET_SCRIPT)
    .map(({ vout, amount }) => ({ outPoint: { txid, vout }, amount, height, minted: spends.length === 0 }));
}

/** Reverts what `applyToCoins` did for a block. */
export function undoInCoins(
  coins: Map<string, Coin>,
  block: { readonly transactions: readonly SandboxTransaction[]; readonly spent: readonly Coin[]; readonly height: number },
): void {
  for (const coin of block.spent) coins.set(outPointKey(coin.outPoint), coin);
  for (const { txid, outputs } of block.transactions) {
    for (const { vout } of outputs) coins.delete(outPointKey({ txid, vout }));
  }
}
