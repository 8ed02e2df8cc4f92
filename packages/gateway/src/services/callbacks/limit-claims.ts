/**
 * Limits what a process claims while others have claims, so that the concurrent attempts of all of them together stay within the slots of
 * a queue and of its endpoint. Until the claiming transaction ends, no other process claims for the same endpoints.
 *
 * A claim is stored before its attempt begins and until its outcome is stored, so the claims of others are at least their attempts.
 * Prefetched callbacks count as well: while they are claimed elsewhere, this process gets nothing.
 */
import { MAX_SLOTS_PER_ENDPOINT, MAX_SLOTS_PER_QUEUE, type DeliveryScheduler } from '../../callbacks/delivery-scheduler.ts';
import { queueKey, queueOf, type QueueKey } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { CallbackStore } from '../../store/ports/callback-store.ts';
import type { ClaimPlan } from './plan-claims.ts';
import type { PrefetchedCallbacks } from './prefetched-callbacks.ts';

export interface ClaimState {
  readonly scheduler: Pick<DeliveryScheduler, 'underWayIn' | 'underWayAt' | 'pausedUntil'>;
  readonly prefetched: Pick<PrefetchedCallbacks, 'queues' | 'count'>;
  readonly claimant: string;
  readonly now: EpochMs;
}

/** Returns how many callbacks may be claimed for each plan. Call it in the transaction that claims them. */
export async function limitClaims(
  callbacks: Pick<CallbackStore, 'claimsOfOthers'>,
  plans: readonly ClaimPlan[],
  state: ClaimState,
): Promise<number[]> {
  const { claimant, now } = state;
  const endpoints = [...new Set(plans.map(({ key }) => queueOf(key).endpoint))].sort();
  const others = await callbacks.claimsOfOthers({ endpoints, claimant, now });
  const inQueue = new Map<QueueKey, number>();
  const atEndpoint = new Map<string, number>();
  for (const { claims, ...queue } of others.claims) {
    inQueue.set(queueKey(queue), claims);
    atEndpoint.set(queue.endpoint, (atEndpoint.get(queue.endpoint) ?? 0) + claims);
  }
  const left = new Map(
    [...atEndpoint].map(([endpoint, claims]) => [endpoint, MAX_SLOTS_PER_ENDPOINT - claims - ownAt(endpoint, plans, state)]),
  );
  return plans.map(({ key, slots, prefetch }) => {
    const { endpoint } = queueOf(key);
    if (!others.endpoints.has(endpoint)) return 0;
    const wanted = slots + prefetch;
    const atMost = Math.min(wanted, left.get(endpoint) ?? wanted, freeInQueue(key, slots, inQueue.get(key) ?? 0, state));
    const limit = Math.max(0, atMost);
    if (left.has(endpoint)) left.set(endpoint, (left.get(endpoint) ?? 0) - limit);
    return limit;
  });
}

function freeInQueue(key: QueueKey, slots: number, ofOthers: number, { scheduler, prefetched }: ClaimState): number {
  if (ofOthers === 0) return Number.POSITIVE_INFINITY;
  // The one attempt after a pause has begun elsewhere.
  if (scheduler.pausedUntil(key) !== undefined) return 0;
  return MAX_SLOTS_PER_QUEUE - ofOthers - (scheduler.underWayIn(key) - slots) - prefetched.count(key);
}

/** What this process has claimed at an endpoint before these plans, whose slots are taken already. */
function ownAt(endpoint: string, plans: readonly ClaimPlan[], { scheduler, prefetched }: ClaimState): number {
  const isThere = (key: QueueKey): boolean => queueOf(key).endpoint === endpoint;
  const planned = plans.reduce((sum, { key, slots }) => (isThere(key) ? sum + slots : sum), 0);
  const waiting = prefetched.queues.reduce((sum, key) => (isThere(key) ? sum + prefetched.count(key) : sum), 0);
  return scheduler.underWayAt(endpoint) - planned + waiting;
}
