/**
 * Decides where a payment is that is in no block. Its absence from the mempool is no evidence: a node loses its mempool when it is
 * killed, evicts transactions with low fees, or is replaced by another node. Only a transaction that spends the same outputs reverts a
 * payment immediately. Otherwise the payment is missing, and is reverted after a timeout.
 */
import type { Txid } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { PaymentPlace } from './order.ts';

export interface MissingEvidence {
  /** `waiting`: in the source's mempool. `gone`: only from a source that knows its whole chain. */
  readonly answer: 'waiting' | 'gone' | 'unknown';
  /** The payment's transaction and its unconfirmed ancestors: that they spend each other's outputs is no conflict. */
  readonly family: ReadonlySet<Txid>;
  /** The mempool transactions that spend an output which the family spends. */
  readonly spenders: Iterable<Txid>;
  /** Since when the payment has been missing; undefined if it was present in the last round. */
  readonly missingSince: EpochMs | undefined;
  /** When this round began to read the chain. */
  readonly readAt: EpochMs;
  /** Up to when the chain is known; undefined while nothing is. Time during which the source could not see payments does not count. */
  readonly knownUntil: EpochMs | undefined;
  /** How long a payment may be missing, in milliseconds. */
  readonly timeoutMs: number;
}

export function judgeMissing(evidence: MissingEvidence): PaymentPlace {
  const { answer, missingSince, readAt, knownUntil, timeoutMs } = evidence;
  if (answer === 'waiting') return { kind: 'mempool' };
  const by = conflictOf(evidence);
  if (by !== undefined) return { kind: 'gone', reason: { kind: 'replaced', by, block: null } };
  if (answer === 'gone') return { kind: 'gone', reason: { kind: 'dropped' } };
  if (missingSince === undefined) return { kind: 'missing', since: readAt };
  const timedOut = knownUntil !== undefined && knownUntil - missingSince >= timeoutMs;
  return timedOut ? { kind: 'gone', reason: { kind: 'timed_out' } } : { kind: 'missing', since: missingSince };
}

/** Returns the first spender that is not in the family. */
export function conflictOf({ family, spenders }: Pick<MissingEvidence, 'family' | 'spenders'>): Txid | undefined {
  for (const spender of spenders) if (!family.has(spender)) return spender;
  return undefined;
}
