/**
 * Decides what became of a payment that is in no block. Not being seen is no evidence: a node forgets its mempool when it is
 * killed, evicts what pays too little, or is swapped for another one. Only a transaction that spends the same outputs takes a
 * payment away at once. Everything else is waited for, as long as a timeout allows.
 */
import type { Txid } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { PaymentPlace } from './order.ts';

export interface MissingEvidence {
  /** What the source says of its mempool; `gone` only from a source that cannot be mistaken. */
  readonly answer: 'waiting' | 'gone' | 'unknown';
  /** The payment's transaction and its unconfirmed ancestors: spending each other's outputs is no conflict. */
  readonly family: ReadonlySet<Txid>;
  /** The transactions of the mempool that spend an output which the family spends. */
  readonly spenders: Iterable<Txid>;
  /** Since when the payment has been missing; undefined when it was there at the last look. */
  readonly missingSince: EpochMs | undefined;
  /** When the reading of the chain began that this is judged by. */
  readonly readAt: EpochMs;
  /** Up to when the chain is known; undefined while nothing is. Time in which the source could not see payments does not count. */
  readonly knownUntil: EpochMs | undefined;
  /** For how long a payment may be missing, in milliseconds. */
  readonly timeoutMs: number;
}

/** Where a payment stands that is in no block. */
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

/** The first spender that is not of the family. */
export function conflictOf({ family, spenders }: Pick<MissingEvidence, 'family' | 'spenders'>): Txid | undefined {
  for (const spender of spenders) if (!family.has(spender)) return spender;
  return undefined;
}
