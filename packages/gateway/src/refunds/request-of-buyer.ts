import type { EpochMs } from '../kernel/clock.ts';
import type { OrderId } from '../kernel/ids.ts';
import type { Refund } from './refund.ts';

/** Returns what the buyer of an order has requested last, unless it was erased. @param refunds All of the order, the oldest first. */
export function requestOfBuyer(
  refunds: readonly Refund[],
): { readonly orderId: OrderId; readonly address: string; readonly requestedAt: EpochMs } | undefined {
  const last = refunds.findLast(({ requestedBy, address }) => requestedBy === 'buyer' && address !== '');
  return last && { orderId: last.orderId, address: last.address, requestedAt: last.requestedAt };
}
