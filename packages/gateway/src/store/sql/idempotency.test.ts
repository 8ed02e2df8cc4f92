import { expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { hashOf, NOON, sampleOrder, storedOrders } from '../../../test/support/samples.ts';
import { plusMs } from '../../kernel/clock.ts';
import type { Order } from '../../orders/order.ts';
import type { IdempotencyUse } from '../ports.ts';

await onEveryDatabase('idempotency.test.ts', (database) => {
  const useOf = ({ terms }: Order, key: string, late = 0): IdempotencyUse => ({
    posId: terms.posId,
    key,
    requestHash: hashOf(key),
    orderId: terms.id,
    createdAt: plusMs(NOON, late),
  });

  test('a key comes back as it was stored, to the letter and for its POS only', async () => {
    const [order] = await storedOrders(database.store);
    const [other] = await storedOrders(database.store);
    const use = useOf(order, 'Schlüssel 🔑 "1"');
    expect(await database.store.idempotency.insert(use)).toBe(true);
    expect(await database.store.idempotency.find(use.posId, use.key)).toEqual(use);
    expect(await database.store.idempotency.find(use.posId, use.key.toLowerCase())).toBeUndefined();
    expect(await database.store.idempotency.find(other.terms.posId, use.key)).toBeUndefined();
    expect(await database.store.idempotency.insert(useOf(other, use.key))).toBe(true);
  });

  test('a key that is taken is not taken again', async () => {
    const [first, second] = await storedOrders(database.store, {}, {});
    await database.store.idempotency.insert(useOf(first, 'k'));
    expect(await database.store.idempotency.insert(useOf(second!, 'k', 1))).toBe(false);
    expect(await database.store.idempotency.find(first.terms.posId, 'k')).toMatchObject({ orderId: first.terms.id });
  });

  test('of transactions that take one key at once, one gets it', async () => {
    const [first, ...others] = await storedOrders(database.store, {}, {}, {}, {}, {});
    const taken = await Promise.all(
      [first, ...others].map((order) => database.store.transaction((tx) => tx.idempotency.insert(useOf(order, 'k')))),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test('a key that a transaction took and gave up is free', async () => {
    const [order] = await storedOrders(database.store);
    const givenUp = database.store.transaction(async (tx) => {
      await tx.idempotency.insert(useOf(order, 'k'));
      throw new Error('given up');
    });
    await expect(givenUp).rejects.toThrow('given up');
    expect(await database.store.idempotency.insert(useOf(order, 'k'))).toBe(true);
  });

  test('keys from before a time are forgotten, and may be taken again', async () => {
    const [order] = await storedOrders(database.store);
    await database.store.idempotency.insert(useOf(order, 'old', -1));
    await database.store.idempotency.insert(useOf(order, 'young', 0));
    await database.store.idempotency.forget(NOON);
    expect(await database.store.idempotency.find(order.terms.posId, 'old')).toBeUndefined();
    expect(await database.store.idempotency.find(order.terms.posId, 'young')).toBeDefined();
    expect(await database.store.idempotency.insert(useOf(order, 'old', 2))).toBe(true);
  });

  test('a key of an order that is not there is refused', async () => {
    const [order] = await storedOrders(database.store);
    const pos = (await database.store.pos.get(order.terms.posId))!;
    await expect(database.store.idempotency.insert(useOf(sampleOrder(pos), 'k'))).rejects.toThrow(/foreign key/i);
  });
});
