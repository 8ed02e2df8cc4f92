/** What has come in for an order, counted by how deep it is. */
import { satsBeyond, sumSats, type Sats } from '../kernel/sats.ts';
import { depthOf } from './depth.ts';
import type { Order, Payment } from './order.ts';

/** Sums over an order's payments, in satoshi. Nothing that the chain has reverted counts. */
export interface Tally {
  /** In the mempool or in a block. */
  readonly seen: Sats;
  /** In a block, however deep. */
  readonly inBlocks: Sats;
  /** As deep as the order asks for. */
  readonly deep: Sats;
  /** Seen, but not yet deep. */
  readonly inConfirmation: Sats;
  /** Still missing; never below zero. */
  readonly unpaid: Sats;
}

/** Counts an order's payments against the chain's tip. */
export function tally(order: Pick<Order, 'terms' | 'payments'>, tipHeight: number): Tally {
  const sumOf = (counts: (payment: Payment) => boolean): Sats =>
    sumSats(order.payments.filter(counts).map((payment) => payment.amount));
  const seen = sumOf((payment) => payment.place.kind !== 'gone');
  const inBlocks = sumOf((payment) => payment.place.kind === 'block');
  const deep = sumOf((payment) => isDeep(payment, order.terms.requiredConfirmations, tipHeight));
  return { seen, inBlocks, deep, inConfirmation: satsBeyond(seen, deep), unpaid: satsBeyond(order.terms.amount, seen) };
}

/** Whether a payment is as deep as asked for. */
export function isDeep(payment: Payment, requiredConfirmations: number, tipHeight: number): boolean {
  const depth = depthOf(payment.place, tipHeight);
  return depth !== undefined && depth >= requiredConfirmations;
}
