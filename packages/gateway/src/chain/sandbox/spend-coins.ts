/** Builds transactions from the wallet's coins. */
import { outPointKey } from '../../kernel/chain.ts';
import { MAX_SATS, sats, type Sats } from '../../kernel/sats.ts';
import { coinsOf, WALLET_SCRIPT, type Coin, type Coins } from './coins.ts';
import type { Mempool } from './mempool.ts';
import { buildTransaction, type NewOutput } from './serialize.ts';
import { sandboxTransaction, type SandboxTransaction } from './transaction.ts';

/** What is needed of a coin to spend it. */
export type Input = Pick<Coin, 'outPoint' | 'amount'>;

/** Smaller change goes to the miner: nodes do not relay such small outputs (the dust limit of P2PKH). */
const MIN_CHANGE = 546n;
/** How long change can be spent. Older change is discarded, so that the number of coins stays bounded. */
export const CHANGE_LASTS_BLOCKS = 1500;

/** What payments are funded from. */
export interface Wallet {
  readonly coins: Coins;
  readonly mempool: Mempool;
  readonly tipHeight: number;
  /** Coins that must not be spent, by `outPointKey`. */
  readonly spared: ReadonlySet<string>;
}

/** Builds a transaction that pays these outputs at this fee rate; undefined when the wallet has too little. */
export function payOutputs(
  outputs: readonly NewOutput[],
  feeRateSatPerVb: bigint,
  wallet: Wallet,
): SandboxTransaction | undefined {
  const inputs: Input[] = [];
  for (const coin of spendable(wallet)) {
    inputs.push(coin);
    const transaction = spendInputs(inputs, outputs, (bytes) => feeRateSatPerVb * bytes);
    if (transaction !== undefined) return transaction;
  }
  return undefined;
}

/** Builds a transaction that spends exactly these inputs and returns the change; undefined when they do not suffice. */
export function spendInputs(
  inputs: readonly Input[],
  outputs: readonly NewOutput[],
  feeFor: (bytes: bigint) => bigint,
): SandboxTransaction | undefined {
  const spends = inputs.map(({ outPoint }) => outPoint);
  const build = (change: readonly NewOutput[]): SandboxTransaction =>
    sandboxTransaction(buildTransaction(spends, [...outputs, ...change]).raw);
  const given = inputs.reduce((sum, { amount }) => sum + amount, 0n) - outputs.reduce((sum, { amount }) => sum + amount, 0n);
  if (given <= 0n) return undefined;
  const withChange = (amount: Sats): NewOutput[] => [{ script: WALLET_SCRIPT, amount }];
  // The length does not depend on the amounts.
  const change = given - feeFor(BigInt(build(withChange(sats(0n))).raw.length));
  if (change >= MIN_CHANGE) return build(withChange(sats(change < MAX_SATS ? change : MAX_SATS)));
  if (outputs.length === 0) return undefined;
  const plain = build([]);
  return given >= feeFor(BigInt(plain.raw.length)) ? plain : undefined;
}

/** The wallet's coins in the order of spending: minted coins, then change, then unconfirmed change, oldest first. */
function* spendable({ coins, mempool, tipHeight, spared }: Wallet): Iterable<Input> {
  const free = ({ outPoint }: Input): boolean => mempool.spenderOf(outPoint) === undefined && !spared.has(outPointKey(outPoint));
  for (const coin of coins.values()) if (coin.minted && free(coin)) yield coin;
  for (const coin of coins.values()) if (!coin.minted && tipHeight - coin.height < CHANGE_LASTS_BLOCKS && free(coin)) yield coin;
  for (const transaction of mempool.all()) {
    if (!transaction.held) yield* coinsOf(transaction, tipHeight + 1).filter(free);
  }
}

/** The inputs of a transaction that is, or could be, in the mempool. */
export function inputsOf({ spends }: SandboxTransaction, coins: Coins, mempool: Mempool): Input[] {
  return spends.flatMap((outPoint) => {
    const amount = coins.get(outPointKey(outPoint))?.amount ?? mempool.get(outPoint.txid)?.outputs[outPoint.vout]?.amount;
    return amount === undefined ? [] : [{ outPoint, amount }];
  });
}

/** The coins that dropped transactions spend. They are not spent otherwise while those transactions may come back. */
export function sparedCoins(dropped: Iterable<SandboxTransaction>): ReadonlySet<string> {
  return new Set([...dropped].flatMap(({ spends }) => spends.map(outPointKey)));
}
