/** The transactions of the sandbox's own wallet: payments, and replacements of transactions in the mempool. */
import type { Txid } from '../../kernel/chain.ts';
import type { ChainState } from './chain-state.ts';
import { RefusedTransactionError } from './enter-mempool.ts';
import { feesOf } from './judge-transaction.ts';
import type { NewOutput } from './serialize.ts';
import { inputsOf, payOutputs, spendInputs, sparedCoins } from './spend-coins.ts';
import type { SandboxTransaction } from './transaction.ts';

/** Creates a payment. Returns undefined if the wallet's coins do not suffice. */
export function createPayment(
  { coins, mempool, blocks, dropped }: ChainState,
  outputs: readonly NewOutput[],
  feeRateSatPerVb: bigint,
): SandboxTransaction | undefined {
  const tipHeight = blocks.at(-1)?.height ?? 0;
  return payOutputs(outputs, feeRateSatPerVb, { coins, mempool, tipHeight, spared: sparedCoins(dropped.values()) });
}

/**
 * Creates a transaction that spends the same coins as one in the mempool and pays just enough more to replace it.
 *
 * @throws RefusedTransactionError when the transaction is not in the mempool, or its coins do not suffice for these outputs.
 */
export function createReplacement({ coins, mempool }: ChainState, txid: Txid, outputs: readonly NewOutput[]): SandboxTransaction {
  const old = mempool.get(txid);
  if (old === undefined) throw new RefusedTransactionError(`${txid} is not in the mempool`);
  const replacedFees = feesOf(mempool, mempool.withDescendants([txid]));
  const betterRate = old.fee / BigInt(old.raw.length) + 1n;
  const fee = (bytes: bigint): bigint => max(replacedFees + bytes, betterRate * bytes);
  const transaction = spendInputs(inputsOf(old, coins, mempool), outputs, fee);
  if (transaction === undefined) throw new RefusedTransactionError('its inputs are too small for these outputs');
  return transaction;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
