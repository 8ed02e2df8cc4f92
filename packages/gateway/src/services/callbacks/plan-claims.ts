/** Plans a round of the delivery loop: which queues have due callbacks, how many to claim from each, and when the next round is due. */
import type { DeliveryScheduler, DueQueue } from '../../callbacks/delivery-scheduler.ts';
import type { QueueKey } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { PrefetchedCallbacks } from './prefetched-callbacks.ts';

/** Bounds the memory of claimed callbacks that wait for a slot. */
const MAX_PREFETCHED = 2_048;

/** What to claim from a queue with due callbacks. */
export interface ClaimPlan {
  readonly key: QueueKey;
  readonly hasFresh: boolean;
  readonly hasRetries: boolean;
  /** How many to send now: their slots are taken. */
  readonly slots: number;
  /** How many more to claim, to be sent when slots become free. */
  readonly prefetch: number;
}

export interface RoundState {
  readonly scheduler: Pick<DeliveryScheduler, 'mayBeginAt' | 'prefetchLimit'>;
  readonly prefetched: Pick<PrefetchedCallbacks, 'size' | 'count'>;
  readonly now: EpochMs;
}

/** @param slots The slots taken for each queue and not yet used. */
export function planClaims(
  queues: readonly DueQueue[],
  slots: ReadonlyMap<QueueKey, number>,
  { scheduler, prefetched, now }: RoundState,
): ClaimPlan[] {
  let room = MAX_PREFETCHED - prefetched.size;
  const plans: ClaimPlan[] = [];
  for (const { key, freshAt, retryAt } of queues) {
    const isDue = (dueAt: EpochMs | undefined): boolean => dueAt !== undefined && scheduler.mayBeginAt(key, dueAt) <= now;
    const [hasFresh, hasRetries] = [isDue(freshAt), isDue(retryAt)];
    if (!hasFresh && !hasRetries) continue;
    const prefetch = Math.max(0, Math.min(room, scheduler.prefetchLimit(key) - prefetched.count(key)));
    room -= prefetch;
    plans.push({ key, hasFresh, hasRetries, slots: slots.get(key) ?? 0, prefetch });
  }
  return plans;
}

/** The queues of the store and of the prefetched callbacks, in the order of their keys. */
export function withPrefetched(stored: readonly DueQueue[], prefetched: readonly QueueKey[], now: EpochMs): DueQueue[] {
  const queues = new Map(stored.map((queue) => [queue.key, queue]));
  for (const key of prefetched) queues.set(key, { key, retryAt: undefined, ...queues.get(key), freshAt: now });
  return [...queues.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** How long until the next callback becomes due or the next pause ends; undefined if nothing is going to. */
export function nextRoundMs(
  queues: readonly DueQueue[],
  { scheduler, now }: Pick<RoundState, 'scheduler' | 'now'>,
): number | undefined {
  let soonestMs: number | undefined;
  for (const { key, freshAt, retryAt } of queues)
    for (const dueAt of [freshAt, retryAt]) {
      if (dueAt === undefined) continue;
      const waitMs = scheduler.mayBeginAt(key, dueAt) - now;
      if (waitMs > 0) soonestMs = Math.min(soonestMs ?? waitMs, waitMs);
    }
  return soonestMs;
}
