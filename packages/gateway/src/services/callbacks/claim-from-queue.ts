/**
 * Claims due callbacks of one queue. Three kinds share what is claimed, so that a backlog of one kind cannot starve the others: fresh
 * callbacks (never tried) from the oldest on, fresh callbacks from the newest on, and retries.
 */
import type { StoredCallback } from '../../callbacks/callback.ts';
import { queueOf, type QueueKey } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { CallbackStore } from '../../store/ports/callback-store.ts';

/** The share of retries while fresh callbacks are due: a backlog of fresh ones must not hold retries up. */
const RETRIES_SHARE = 1 / 8;
/** The share of the newest fresh callbacks: behind a long backlog, a new event would otherwise wait for days. */
const NEWEST_SHARE = 1 / 2;

export interface QueueClaim {
  readonly key: QueueKey;
  readonly hasFresh: boolean;
  readonly hasRetries: boolean;
  readonly limit: number;
  readonly now: EpochMs;
  readonly leaseUntil: EpochMs;
  readonly claimant: string;
}

/** Returns the claimed callbacks in the order in which to send them. @param random Returns a number from 0 to below 1. */
export async function claimFromQueue(
  callbacks: Pick<CallbackStore, 'claim'>,
  { key, hasFresh, hasRetries, limit, now, leaseUntil, claimant }: QueueClaim,
  random: () => number,
): Promise<StoredCallback[]> {
  const claim = { ...queueOf(key), now, until: leaseUntil, claimant };
  const claimRetries = async (count: number): Promise<StoredCallback[]> =>
    hasRetries && count > 0 ? callbacks.claim({ ...claim, kind: 'retries', limit: count }) : [];
  const claimFresh = async (count: number, newest: boolean): Promise<StoredCallback[]> =>
    count > 0 ? callbacks.claim({ ...claim, kind: 'fresh', newest, limit: count }) : [];

  if (!hasFresh) return claimRetries(limit);
  const retries = await claimRetries(hasRetries ? roundRandomly(limit * RETRIES_SHARE, random) : 0);
  const newest = await claimFresh(roundRandomly((limit - retries.length) * NEWEST_SHARE, random), true);
  const left = limit - retries.length - newest.length;
  const oldest = await claimFresh(left, false);
  return [...newest, ...oldest, ...retries, ...(await claimRetries(left - oldest.length))];
}

/** Rounds up or down, so that the mean of the results is the given number: a share of a single slot counts as well. */
function roundRandomly(value: number, random: () => number): number {
  const floor = Math.floor(value);
  return random() < value - floor ? floor + 1 : floor;
}
