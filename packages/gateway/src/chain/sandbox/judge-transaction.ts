/**
 * Whether a transaction may enter the mempool: the policy of Bitcoin Core as far as the sandbox needs it. Every transaction
 * may be replaced, whether it says so or not (`mempoolfullrbf`, always on since Core 28); a replacement must pay more than
 * all that it throws out together and a satoshi for each of its own bytes, and at a better rate than what it conflicts with
 * (`doc/policy/mempool-replacements.md` in Bitcoin Core). Signatures are not looked at: nobody signs in the sandbox.
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

/** How many transactions one may throw out. */
const MOST_REPLACED = 100;

export function judgeTransaction(transaction: SandboxTransaction, coins: Coins, mempool: Mempool): Verdict {
  const fee = feeOf(transaction, coins, mempool);
  if (typeof fee === 'string') return refused(fee);
  const bytes = BigInt(transaction.raw.length);
  if (fee < bytes) return refused(`expected a fee of at least 1 sat for each of its ${bytes} bytes, got ${fee}`);
  const conflicts = conflictsOf(transaction, mempool);
  const replaced = mempool.withDescendants(conflicts.map(({ txid }) => txid));
  if (replaced.size > MOST_REPLACED) return refused(`it would replace ${replaced.size} transactions, more than ${MOST_REPLACED}`);
  if (transaction.spends.some(({ txid }) => replaced.has(txid))) return refused('it spends an output of what it would replace');
  if (conflicts.some((conflict) => !paysBetter({ fee, bytes }, { fee: conflict.fee, bytes: BigInt(conflict.raw.length) })))
    return refused('it pays no better rate than a transaction that spends the same coin');
  const least = conflicts.length === 0 ? 0n : feesOf(mempool, replaced) + bytes;
  if (fee < least) return refused(`expected a fee of at least ${least} sat to replace ${replaced.size}, got ${fee}`);
  return { kind: 'accepted', fee, replaced };
}

/** What a transaction leaves to miners, or why it cannot be: its coins are not there, or too small. */
export function feeOf({ spends, outputs }: SandboxTransaction, coins: Coins, mempool: Mempool): Sats | string {
  if (spends.length === 0) return 'it spends nothing';
  if (new Set(spends.map(outPointKey)).size < spends.length) return 'it spends a coin twice';
  let left = 0n;
  for (const { txid, vout } of spends) {
    const waiting = mempool.get(txid)?.outputs[vout];
    const amount =
      coins.get(outPointKey({ txid, vout }))?.amount ?? (waiting?.script === WALLET_SCRIPT ? waiting.amount : undefined);
    if (amount === undefined) return `it spends ${txid}:${vout}, which is no coin, or spent in a block`;
    left += amount;
  }
  for (const { amount } of outputs) left -= amount;
  return left < 0n ? `it pays ${-left} sat more than it spends` : sats(left);
}

/** Whether a fee is the better one for each byte. */
export function paysBetter(
  one: { readonly fee: bigint; readonly bytes: bigint },
  other: { readonly fee: bigint; readonly bytes: bigint },
): boolean {
  return one.fee * other.bytes > other.fee * one.bytes;
}

/** What these pay together. */
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
