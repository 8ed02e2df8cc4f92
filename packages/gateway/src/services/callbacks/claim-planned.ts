/** Claims what a round has planned, in one transaction. */
import type { StoredCallback } from '../../callbacks/callback.ts';
import { plusMs } from '../../kernel/clock.ts';
import type { Store } from '../../store/ports/store.ts';
import { checkedCallbacks } from './checked-body.ts';
import { claimFromQueue } from './claim-from-queue.ts';
import { limitClaims, type ClaimState } from './limit-claims.ts';
import type { ClaimPlan } from './plan-claims.ts';
import type { GuardedContext } from '../context.ts';

interface ClaimContext extends GuardedContext {
  readonly store: Pick<Store, 'transaction'>;
}

export interface PlannedClaims extends ClaimState {
  readonly plans: readonly ClaimPlan[];
  readonly claimMs: number;
  /** Whether other processes may deliver too. */
  readonly isShared: boolean;
  readonly random: () => number;
}

/** The claimed callbacks of a plan. */
export interface Claimed extends ClaimPlan {
  readonly callbacks: readonly StoredCallback[];
  /** Whether its queue may have had more. */
  readonly mayHaveMore: boolean;
}

export async function claimPlanned(context: ClaimContext, claims: PlannedClaims): Promise<readonly Claimed[]> {
  const { plans, now, claimMs, claimant, isShared, random } = claims;
  const claim = { now, leaseUntil: plusMs(now, claimMs), claimant };
  return context.store.transaction(async (tx) => {
    const { callbacks } = tx;
    const limits = isShared ? await limitClaims(callbacks, plans, claims) : [];
    const claimed: Claimed[] = [];
    for (const [n, plan] of plans.entries()) {
      const { slots, prefetch, ...queue } = plan;
      const limit = limits[n] ?? slots + prefetch;
      const found = limit === 0 ? [] : await claimFromQueue(callbacks, { ...queue, ...claim, limit }, random);
      claimed.push({ ...plan, callbacks: await checkedCallbacks(context, tx, found), mayHaveMore: found.length === limit });
    }
    return claimed;
  });
}
