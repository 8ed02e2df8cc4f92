import { beforeEach, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { judged, MINUTE_MS, NOON, sampleAccount, sampleOrder, samplePos } from '../../../test/support/samples.ts';
import { plusMs } from '../../kernel/clock.ts';
import type { LinkId, OrderId } from '../../kernel/ids.ts';
import type { PaymentLink } from '../../links/payment-link.ts';
import type { Order, OrderState } from '../../orders/order.ts';
import type { Pos } from '../../merchants/pos.ts';
import { creationKey, fillPlace, takePlace } from './take-place.ts';

const LINK_ID = '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e61' as LinkId;

await onEveryDatabase('take-place.test.ts', (database) => {
  let pos: Pos;
  let link: PaymentLink;
  beforeEach(async () => {
    const account = sampleAccount();
    pos = samplePos(account);
    link = newLink({ id: LINK_ID, name: 'coffee', quantity: 5 });
    await database.store.accounts.insert(account);
    await database.store.pos.insert(pos);
    await database.store.links.insert(link);
  });
  const newLink = (changes: Partial<PaymentLink>): PaymentLink => ({
    id: LINK_ID,
    posId: pos.id,
    name: 'coffee',
    title: 'Coffee',
    description: null,
    currency: pos.currency,
    price: { kind: 'open', min: null, max: { currency: pos.currency, minorUnits: 5_000n } },
    quantity: null,
    expiresAt: null,
    takesNote: false,
    active: true,
    createdAt: NOON,
    ...changes,
  });
  const take = async (key: string, now = NOON): Promise<string> => {
    const taken = await database.store.transaction((tx) => takePlace(tx, link, key, now));
    return taken.kind === 'unavailable' ? taken.why : taken.kind;
  };
  const newOrder = async (key: string): Promise<Order> => {
    const order = sampleOrder(pos);
    await database.store.orders.insert(order);
    expect(await fill(key, order.terms.id)).toBe(true);
    return order;
  };
  const fill = (key: string, id: OrderId): Promise<boolean> =>
    database.store.transaction((tx) => fillPlace(tx, link, key, id, NOON));
  const end = (order: Order, state: OrderState): Promise<void> => database.store.orders.update({ ...order, state }, judged());
  const placesNow = async (): Promise<unknown> => (await database.store.links.places([LINK_ID])).get(LINK_ID);

  test('a link is read back as it was stored, and a second one does not get its name', async () => {
    const { links } = database.store;
    expect(await links.get(LINK_ID)).toEqual(link);
    const other = newLink({ id: pos.id as unknown as LinkId });
    expect(await links.insert(other)).toBe(false);
    expect(await links.get(other.id)).toBeUndefined();
    const fixed = newLink({ price: { kind: 'fixed', amount: { currency: pos.currency, minorUnits: 350n } }, active: false });
    await links.update(fixed);
    expect(await links.byName('coffee')).toEqual(fixed);
    expect(await links.list({ posIds: [pos.id], before: undefined, limit: 9 })).toEqual([fixed]);
    expect(await links.list({ posIds: [], before: undefined, limit: 9 })).toEqual([]);
    await database.store.pos.delete(pos.id);
    expect(await links.get(LINK_ID)).toBeUndefined();
  });

  test('of 20 buyers at once, exactly as many get a place as are left', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, (_, nth) => take(`key ${nth}`)));
    expect(results.filter((result) => result === 'taken')).toHaveLength(5);
    expect(results.filter((result) => result === 'sold_out')).toHaveLength(15);
  });

  test('an expired and a cancelled order give their places back, a paid one never does', async () => {
    const orders: Order[] = [];
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      expect(await take(key)).toBe('taken');
      orders.push(await newOrder(key));
    }
    expect(await placesNow()).toEqual({ paid: 0, open: 5 });
    expect(await take('f')).toBe('sold_out');
    await end(orders[0]!, { status: 'expired', coveredAt: null, expiredAt: NOON });
    await end(orders[1]!, { status: 'cancelled', cancelledAt: NOON });
    await end(orders[2]!, { status: 'paid', paidAt: NOON });
    expect(await placesNow()).toEqual({ paid: 1, open: 2 });
    expect([await take('f'), await take('g'), await take('h')]).toEqual(['taken', 'taken', 'sold_out']);
    expect(await placesNow()).toEqual({ paid: 1, open: 4 });
    // What happens to a paid order later does not matter.
    await end(orders[2]!, { status: 'charged_back', paidAt: NOON, disputedAt: NOON, chargedBackAt: NOON });
    expect(await placesNow()).toEqual({ paid: 1, open: 4 });
    const listed = await database.store.links.orders(LINK_ID, { before: undefined, limit: 9 });
    expect(listed).toEqual(
      orders
        .map(({ terms }) => terms.id)
        .sort()
        .toReversed(),
    );
  });

  test('the same request takes one place, and gets its order', async () => {
    expect(await Promise.all([take('a'), take('a'), take('a')])).toEqual(['taken', 'taken', 'taken']);
    expect(await placesNow()).toEqual({ paid: 0, open: 1 });
    await newOrder('a');
    expect(await take('a')).toBe('ordered');
  });

  test('a place whose process was killed is given up, or gets the order that was created', async () => {
    for (const key of ['a', 'b', 'c', 'd', 'e']) await take(key);
    const order = sampleOrder(pos);
    await database.store.orders.insert(order);
    const use = { posId: pos.id, key: creationKey(link, 'b'), requestHash: 'b', orderId: order.terms.id, createdAt: NOON };
    await database.store.transaction((tx) => tx.idempotency.insert([use], NOON));
    expect(await take('f', plusMs(NOON, MINUTE_MS))).toBe('sold_out');
    expect(await take('f', plusMs(NOON, 3 * MINUTE_MS))).toBe('taken');
    expect(await placesNow()).toEqual({ paid: 0, open: 2 });
    expect(await take('b')).toBe('ordered');
    // A process that was only slow takes a place again, if there is one.
    expect(await fill('a', sampleOrder(pos).terms.id)).toBe(true);
    for (const key of ['g', 'h']) await take(key, plusMs(NOON, 3 * MINUTE_MS));
    expect(await fill('c', sampleOrder(pos).terms.id)).toBe(false);
  });

  test('at most 20 orders wait for a payment, and those that were seen paid do not count', async () => {
    await database.store.links.update(newLink({ quantity: null }));
    for (let nth = 0; nth < 20; nth += 1) expect(await take(`key ${nth}`)).toBe('taken');
    expect(await take('more')).toBe('busy');
    await end(await newOrder('key 0'), { status: 'pending', coveredAt: NOON });
    expect([await take('more'), await take('too many')]).toEqual(['taken', 'busy']);
  });

  test('nothing is sold when the currency of the POS has changed', async () => {
    await database.store.pos.update({ ...pos, currency: 'JPY' as Pos['currency'] });
    expect(await take('a')).toBe('disabled');
  });
});
