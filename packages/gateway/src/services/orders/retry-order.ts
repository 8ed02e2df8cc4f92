/** A new order in place of one that has expired, for a buyer who wants to try again. */
import { DAY_MS } from '../../kernel/durations.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Order } from '../../orders/order.ts';
import { createOrder, KEY_LIFE_MS, type OrderCreationContext } from './create-order.ts';

/** How long after an order has expired its buyer may try again, in milliseconds. The shop may have changed its prices later. */
const RETRY_FOR_MS = DAY_MS;

/** Whether the buyer of an order may have a new one: only where the POS allows it, and where nothing was ever sent to the order. */
export function mayRetry(
  { state, payments }: Pick<Order, 'state' | 'payments'>,
  { active, checkout }: Pick<Pos, 'active' | 'checkout'>,
  now: EpochMs,
): boolean {
  if (!active || !checkout.allowsRetry || state.status !== 'expired' || payments.length > 0) return false;
  return state.coveredAt === null && now < state.expiredAt + Math.min(RETRY_FOR_MS, KEY_LIFE_MS);
}

/**
 * Makes an order with the price and the terms of an expired one, at the current rate and at an address of its own. Repeated for the
 * same order, it returns the same new one.
 *
 * @throws ContractError as `createOrder` does, such as 4003 while there is no rate.
 */
export function retryOrder(context: OrderCreationContext, pos: Pos, { terms }: Order): Promise<Order> {
  const { fiat, callbackUrl, continueUrl, cancelUrl, details, reference, requiredConfirmations } = terms;
  // What the order did not have, the new one does not get from a POS that has changed since.
  const samePos: Pos = { ...pos, defaults: { callbackUrl, continueUrl, cancelUrl, requiredConfirmations } };
  const request = { fiat, callbackUrl, continueUrl, cancelUrl, details, reference, requiredConfirmations };
  // No client can send this key: it holds a space.
  return createOrder(context, samePos, request, { key: `retry ${terms.id}`, requestHash: 'retry' });
}
