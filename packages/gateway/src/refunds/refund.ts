/**
 * A refund: bitcoin of an order that its merchant sends back from a wallet of their own. The gateway holds no key. It records what was
 * agreed, offers it for signing, and finds the payment on the chain.
 *
 * requested -> approved -> seen -> confirmed, and from requested or approved to an end without payment: refused or cancelled. A
 * reorganisation takes a refund back from confirmed to seen, or to approved, because the state follows from where its payment is.
 */
import type { OutPoint, ScriptHex } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { OrderId, PosId, RefundId } from '../kernel/ids.ts';
import type { Sats } from '../kernel/sats.ts';
import type { FiatAmount } from '../orders/fiat.ts';

export interface Refund {
  readonly id: RefundId;
  readonly orderId: OrderId;
  readonly posId: PosId;
  readonly requestedBy: 'buyer' | 'merchant';
  readonly requestedAt: EpochMs;
  /** The destination. It may change until the refund is approved. */
  readonly address: string;
  /** The height of the chain when this destination was given: outputs in blocks up to it are older. Null if that was not recorded. */
  readonly sinceHeight: number | null;
  /** The merchant's own words; null if there are no words. */
  readonly reason: string | null;
  readonly state: RefundState;
  /** Made with the key file for the destination and the amount (`security/wallet-seals.ts`); null if it has no seal. */
  readonly seal: string | null;
}

export type RefundState =
  | { readonly status: 'requested' }
  | { readonly status: 'approved'; readonly approval: Approval }
  /** The payment is in the mempool, or not deep enough in a block. */
  | { readonly status: 'seen'; readonly approval: Approval; readonly payout: OutPoint }
  | { readonly status: 'confirmed'; readonly approval: Approval; readonly payout: OutPoint }
  /** `approval`: what had been approved before; null if nothing had. */
  | { readonly status: 'cancelled'; readonly at: EpochMs; readonly approval: Approval | null }
  | { readonly status: 'refused'; readonly at: EpochMs };

export type RefundStatus = RefundState['status'];
export const REFUND_STATUSES: readonly RefundStatus[] = ['requested', 'approved', 'seen', 'confirmed', 'cancelled', 'refused'];

/** What is fixed when a refund is approved. */
export interface Approval {
  readonly at: EpochMs;
  readonly amount: Sats;
  readonly script: ScriptHex;
  readonly price: RefundPrice;
  /** How many confirmations the payment needs: at least 1. */
  readonly confirmations: number;
}

/** Where the amount comes from. */
export type RefundPrice =
  | { readonly kind: 'satoshi' }
  /** A fiat amount, at the rate of the order or the one at the approval. `rate`: the price of one bitcoin, a decimal string. */
  | { readonly kind: 'order' | 'current'; readonly fiat: FiatAmount; readonly rate: string };

/** The approval of a refund that is to be paid or is paid; undefined for any other. */
export function liveApproval({ state }: Pick<Refund, 'state'>): Approval | undefined {
  return state.status === 'approved' || state.status === 'seen' || state.status === 'confirmed' ? state.approval : undefined;
}

/** The approval, whether the refund was cancelled afterwards or not. */
export function anyApproval({ state }: Pick<Refund, 'state'>): Approval | undefined {
  return 'approval' in state ? (state.approval ?? undefined) : undefined;
}
