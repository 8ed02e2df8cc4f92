/** An order to refund, and a context to refund it in. */
import { randomUUID } from 'node:crypto';
import { sats } from '../../src/kernel/sats.ts';
import type { Order } from '../../src/orders/order.ts';
import { deriveKeys } from '../../src/security/key-file.ts';
import type { RefundContext } from '../../src/services/refunds/refund-context.ts';
import type { Store } from '../../src/store/ports/store.ts';
import { blockOf, judged, NOON, sampleOrder, samplePayment, storedPos } from './samples.ts';
import { testGuard } from './test-seals.ts';

/** A context at noon, in which a bitcoin costs 120,000. */
export function refundContext(store: Store): RefundContext {
  const clock = { now: () => NOON };
  return {
    store,
    clock,
    newUuid: randomUUID,
    network: 'regtest',
    keys: deriveKeys(Buffer.alloc(32, 1)),
    guard: testGuard(clock),
    rates: { rate: () => ({ source: 'fixed', value: '120000', at: NOON }) },
    ordersChanged: () => undefined,
  };
}

/** Stores a paid order of 100,000 satoshi that received 105,000. */
export async function storedOverpaid(store: Store): Promise<Order> {
  const order = sampleOrder(await storedPos(store), {}, { state: { status: 'paid', paidAt: NOON } });
  await store.orders.insert(order);
  await store.chain.append([blockOf(100)]);
  const place = { kind: 'block', ...blockOf(100) } as const;
  await store.orders.placePayment(samplePayment(order, randomUUID(), { amount: sats(105_000n), place }));
  await store.orders.update((await store.orders.get(order.terms.id))!, judged());
  return order;
}
