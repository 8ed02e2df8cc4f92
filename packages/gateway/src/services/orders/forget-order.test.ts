import { expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { judged, NOON, sampleCallback, storedOrders } from '../../../test/support/samples.ts';
import type { Order } from '../../orders/order.ts';
import { forgetOrder } from './forget-order.ts';

const OBJECT = {
  uuid: 'x',
  reference: 'order-4711',
  details: 'for Ottilie',
  redirect_url: 'https://pay.example/checkout/x',
  callback_url: 'https://shop.example/callback?wc-api=webpos&order=order-4711',
  continue_url: 'https://shop.example/Ottilie',
  cancel_url: 'https://shop.example/Ottilie',
};
const body = (object: object): string => JSON.stringify({ event: 'payment.cancelled', object_type: 'payment_order', object });

await onEveryDatabase('forget-order.test.ts', (database) => {
  /** Stores a cancelled order with a callback. */
  async function cancelled(): Promise<Order> {
    const [order] = await storedOrders(database.store, {
      reference: OBJECT.reference,
      details: OBJECT.details,
      callbackUrl: OBJECT.callback_url,
      continueUrl: OBJECT.continue_url,
      cancelUrl: OBJECT.cancel_url,
    });
    await database.store.orders.update({ ...order, state: { status: 'cancelled', cancelledAt: NOON } }, judged());
    await database.store.callbacks.insert([sampleCallback(order, { url: OBJECT.callback_url, body: body(OBJECT) })]);
    return order;
  }

  test('a callback that was not delivered keeps the order as it is; with `now`, it is rewritten and still delivered', async () => {
    const { terms } = await cancelled();
    expect(await forgetOrder(database.store, terms.id)).toMatchObject({ postponed: 'undelivered' });
    const [before] = await database.store.callbacks.ofOrder(terms.id);
    expect(before?.body).toBe(body(OBJECT));
    const forgotten = await forgetOrder(database.store, terms.id, { now: true });
    expect(forgotten).toEqual({
      order: terms.id,
      erases: ['reference', 'details', 'continue_url', 'cancel_url', 'callback_url', 'callback_bodies'],
      parameters: ['order'],
      postponed: undefined,
    });
    const url = 'https://shop.example/callback?wc-api=webpos';
    const checkout = OBJECT.redirect_url;
    const erased = { ...OBJECT, reference: null, details: null, callback_url: url, continue_url: checkout, cancel_url: checkout };
    const [callback] = await database.store.callbacks.ofOrder(terms.id);
    expect(callback).toEqual({ ...before, url, body: body(erased) });
    const after = (await database.store.orders.get(terms.id))!;
    expect(after.terms).toEqual({
      ...terms,
      reference: null,
      details: null,
      continueUrl: null,
      cancelUrl: null,
      callbackUrl: url,
    });
    expect(await forgetOrder(database.store, terms.id, { now: true })).toMatchObject({ erases: [] });
  });

  test('a dry run changes nothing', async () => {
    const { terms } = await cancelled();
    const preview = await forgetOrder(database.store, terms.id, { now: true, dryRun: true });
    expect(preview?.erases).toContain('reference');
    expect((await database.store.orders.get(terms.id))?.terms).toEqual(terms);
    expect((await database.store.callbacks.ofOrder(terms.id))[0]?.body).toBe(body(OBJECT));
  });

  test('an order that may still be paid is left alone', async () => {
    const [{ terms }] = await storedOrders(database.store, { reference: 'order-1' });
    expect(await forgetOrder(database.store, terms.id)).toMatchObject({ postponed: 'open' });
    expect((await database.store.orders.get(terms.id))?.terms.reference).toBe('order-1');
  });
});
