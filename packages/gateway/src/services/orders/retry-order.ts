/** Creates a new order for a buyer whose order has expired. */
import type { EpochMs } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Order } from '../../orders/order.ts';
import { createOrder, KEY_LIFE_MS, type OrderCreationContext } from './create-order.ts';

/** How long after its expiration an order may be retried, in milliseconds. Later, the shop may have changed its prices. */
const RETRY_FOR_MS = DAY_MS;

/** Whether the buyer of an order may get a new one: only if the POS allows it and no payment was ever sent to the order. */
export function mayRetry(
  { state, payments }: Pick<Order, 'state' | 'payments'>,
  { active, checkout }: Pick<Pos, 'active' | 'checkout'>,
  now: EpochMs,
): boolean {
  if (!active || !checkout.allowsRetry || state.status !== 'expired' || payments.length > 0) return false;
  return state.coveredAt === null && now < state.expiredAt + Math.min(RETRY_FOR_MS, KEY_LIFE_MS);
}

/**
 * Creates an order with the price and the terms of an expired one, at the current rate and with a new address. A repeated call for the
 * same order returns the same new one.
 *
 * @throws ContractError as `createOrder` does, such as 4003 while there is no rate.
 */
export function retryOrder(context: OrderCreationContext, pos: Pos, { terms }: Order): Promise<Order> {
  const { fiat, callbackUrl, continueUrl, cancelUrl, details, reference, requiredConfirmations } = terms;
  // The POS may have changed since: its defaults must not add what the expired order did not have.
  const samePos: Pos = { ...pos, defaults: { callbackUrl, continueUrl, cancelUrl, requiredConfirmations } };
  const request = { fiat, callbackUrl, continueUrl, cancelUrl, details, reference, requiredConfirmations };
  // No client can send this key, because it contains a space.
  return createOrder(context, samePos, request, { key: `retry ${terms.id}`, requestHash: 'retry' });
}
