/** An output that pays a refund's destination with its exact amount. */
import type { OutPoint, ScriptHex } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { RefundId } from '../kernel/ids.ts';
import type { Sats } from '../kernel/sats.ts';
import { confirmationsOf } from '../orders/rules.ts';
import type { PaymentPlace } from '../orders/order.ts';
import { anyApproval, type Refund, type RefundState } from './refund.ts';

export interface Payout {
  readonly outPoint: OutPoint;
  readonly script: ScriptHex;
  readonly amount: Sats;
  readonly firstSeenAt: EpochMs;
  readonly place: PaymentPlace;
  /** The refund that it pays; null until that is known. */
  readonly refundId: RefundId | null;
}

/** Whether a payout is not reverted. */
function counts({ place }: Pick<Payout, 'place'>): boolean {
  return place.kind !== 'gone';
}

/** Where the payments of a refund are now decides its state. @param payouts Those of this refund. */
export function followPayouts(state: RefundState, payouts: readonly Payout[], tipHeight: number): RefundState {
  if (state.status !== 'approved' && state.status !== 'seen' && state.status !== 'confirmed') return state;
  const { approval } = state;
  const depth = (payout: Payout): number => confirmationsOf(payout.place, tipHeight) ?? 0;
  const [deepest] = payouts.filter(counts).sort((a, b) => depth(b) - depth(a));
  if (deepest === undefined) return { status: 'approved', approval };
  const status = depth(deepest) >= approval.confirmations ? 'confirmed' : 'seen';
  return { status, approval, payout: deepest.outPoint };
}

/** Which payouts belong to which refunds, all to the same script. */
export interface NewLink {
  readonly outPoint: OutPoint;
  readonly refundId: RefundId;
}

/**
 * Links payouts to the refunds that wait for them. Refunds of the same amount to the same script cannot be told apart, and neither can
 * their payments. As long as their numbers differ, nothing is linked, and the merchant decides; once they are equal, all are paid, and
 * the oldest is linked to the oldest. An output in a block that is older than the refund is never linked: it pays something else.
 */
export function linkPayouts(refunds: readonly Refund[], payouts: readonly Payout[]): NewLink[] {
  const links: NewLink[] = [];
  const linked = new Set(payouts.filter(counts).flatMap(({ refundId }) => refundId ?? []));
  const waiting = refunds
    .filter(({ id, state }) => state.status === 'approved' && !linked.has(id))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const amounts = new Set(waiting.flatMap(({ state }) => (state.status === 'approved' ? state.approval.amount : [])));
  for (const amount of amounts) {
    const open = waiting.filter(({ state }) => state.status === 'approved' && state.approval.amount === amount);
    const free = payouts
      .filter((payout) => payout.refundId === null && payout.amount === amount && counts(payout))
      .filter((payout) => open.every((refund) => !isOlder(payout, refund)))
      .sort((a, b) => a.firstSeenAt - b.firstSeenAt || (a.outPoint.txid < b.outPoint.txid ? -1 : 1));
    if (free.length !== open.length) continue;
    for (const [at, { outPoint }] of free.entries()) {
      const refund = open[at];
      if (refund !== undefined) links.push({ outPoint, refundId: refund.id });
    }
  }
  return links;
}

/** Tells of a payout whether it may be the payment of an approved refund, although it is linked to none. */
export function mayPay(refund: Pick<Refund, 'state' | 'sinceHeight'>): (payout: Payout) => boolean {
  const approval = anyApproval(refund);
  return (payout) =>
    payout.refundId === null &&
    payout.script === approval?.script &&
    payout.amount === approval.amount &&
    counts(payout) &&
    !isOlder(payout, refund);
}

function isOlder({ place }: Payout, { sinceHeight }: Pick<Refund, 'sinceHeight'>): boolean {
  return place.kind === 'block' && sinceHeight !== null && place.height <= sinceHeight;
}
