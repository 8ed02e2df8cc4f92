/**
 * Decides whether a transaction may enter the mempool, by Bitcoin Core's policy as far as the sandbox needs it. Every transaction
 * is replaceable, whether it signals so or not (`mempoolfullrbf`, always on since Core 28). A replacement must pay the sum of all
 * replaced fees plus one satoshi for each of its own bytes, and a better fee rate than its conflicts
 * (`doc/policy/mempool-replacements.md` in Bitcoin Core). Signatures are not checked, because nobody signs in the sandbox.
 */
import { outPointKey, type Txid } from '../../kernel/chain.ts';
import { sats, ZERO_SATS, type Sats } from '../../kernel/sats.ts';
import type { Coins } from './coins.ts';
import { WALLET_SCRIPT } from './coins.ts';
import type { Mempool, WaitingTransaction } from './mempool.ts';
import type { SandboxTransaction } from './transaction.ts';

export type Verdict =
  | { readonly kind: 'accepted'; readonly fee: Sats; readonly replaced: ReadonlySet<Txid> }
  | { readonly kind: 'refused'; readonly reason: string };

/** How many transactions one may replace. */
const MAX_REPLACED = 100;

export function judgeTransaction(transaction: SandboxTransaction, coins: Coins, mempool: Mempool): Verdict {
  const fee = feeOf(transaction, coins, mempool);
  if (typeof fee === 'string') return refused(fee);
  const bytes = BigInt(transaction.raw.length);
  if (fee < bytes) return refused(`expected a fee of at least 1 sat for each of its ${bytes} bytes, got ${fee}`);
  const conflicts = conflictsOf(transaction, mempool);
  const replaced = mempool.withDescendants(conflicts.map(({ txid }) => txid));
  if (replaced.size > MAX_REPLACED) return refused(`it would replace ${replaced.size} transactions, more than ${MAX_REPLACED}`);
  if (transaction.spends.some(({ txid }) => replaced.has(txid)))
    return refused('it spends an output of a transaction that it would replace');
  if (conflicts.some((conflict) => !paysBetter({ fee, bytes }, { fee: conflict.fee, bytes: BigInt(conflict.raw.length) })))
    return refused('its fee rate is no better than that of a transaction that spends the same coin');
  const least = conflicts.length === 0 ? 0n : feesOf(mempool, replaced) + bytes;
  if (fee < least) return refused(`expected a fee of at least ${least} sat to replace ${replaced.size}, got ${fee}`);
  return { kind: 'accepted', fee, replaced };
}

/** Returns the fee of a transaction, or the reason why it is invalid: its coins are missing or too small. */
export function feeOf({ spends, outputs }: SandboxTransaction, coins: Coins, mempool: Mempool): Sats | string {
  if (spends.length === 0) return 'it spends nothing';
  if (new Set(spends.map(outPointKey)).size < spends.length) return 'it spends a coin twice';
  let left = 0n;
  for (const { txid, vout } of spends) {
    const waiting = mempool.get(txid)?.outputs[vout];
    const amount =
      coins.get(outPointKey({ txid, vout }))?.amount ?? (waiting?.script === WALLET_SCRIPT ? waiting.amount : undefined);
    if (amount === undefined) return `it spends ${txid}:${vout}, which does not exist or is spent in a block`;
    left += amount;
  }
  for (const { amount } of outputs) left -= amount;
  return left < 0n ? `it pays ${-left} sat more than it spends` : sats(left);
}

/** Whether one fee rate is better than the other. */
export function paysBetter(
  one: { readonly fee: bigint; readonly bytes: bigint },
  other: { readonly fee: bigint; readonly bytes: bigint },
): boolean {
  return one.fee * other.bytes > other.fee * one.bytes;
}

/** The sum of the fees of these transactions. */
export function feesOf(mempool: Mempool, txids: Iterable<Txid>): bigint {
  let sum = 0n;
  for (const txid of txids) sum += mempool.get(txid)?.fee ?? ZERO_SATS;
  return sum;
}

function conflictsOf({ spends }: SandboxTransaction, mempool: Mempool): WaitingTransaction[] {
  const txids = new Set(spends.map((outPoint) => mempool.spenderOf(outPoint)));
  return [...txids].flatMap((txid) => (txid === undefined ? [] : (mempool.get(txid) ?? [])));
}

function refused(reason: string): Verdict {
  return { kind: 'refused', reason };
}
