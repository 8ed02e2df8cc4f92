import { HOUR_MS } from '../../../kernel/durations.ts';
import { expect, test } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import { hashOf, NOON, sampleOrder, storedOrders } from '../../../../test/support/samples.ts';
import { epochMs, plusMs } from '../../../kernel/clock.ts';
import type { PosId } from '../../../kernel/ids.ts';
import type { Order } from '../../../orders/order.ts';
import type { IdempotencyUse } from '../../ports/idempotency-store.ts';

await onEveryDatabase('idempotency.test.ts', (database) => {
  const useOf = ({ terms }: Order, key: string, late = 0): IdempotencyUse => ({
    posId: terms.posId,
    key,
    requestHash: hashOf(key),
    orderId: terms.id,
    createdAt: plusMs(NOON, late),
  });

  const take = (...uses: IdempotencyUse[]): Promise<number> =>
    database.store.transaction((tx) => tx.idempotency.insert(uses, epochMs(0)));
  const find = (posId: PosId, ...keys: string[]): Promise<IdempotencyUse[]> =>
    database.store.idempotency.find(keys.map((key) => ({ posId, key })));

  test('keys are found exactly as they were stored, and only for their POS', async () => {
    const [order] = await storedOrders(database.store);
    const [other] = await storedOrders(database.store);
    const use = useOf(order, 'Schlüssel 🔑 "1"');
    expect(await take(use, useOf(order, 'another'))).toBe(2);
    expect(await find(use.posId, use.key, 'unknown')).toEqual([use]);
    expect(await find(use.posId, use.key.toLowerCase())).toEqual([]);
    expect(await find(other.terms.posId, use.key)).toEqual([]);
    expect(await find(use.posId)).toEqual([]);
    const theirs = useOf(other, use.key);
    expect(await take(theirs)).toBe(1);
    const found = await database.store.idempotency.find([use, theirs]);
    expect(new Set(found)).toEqual(new Set([use, theirs]));
  });

  test('a key that is in use is not stored again', async () => {
    const [first, second] = await storedOrders(database.store, {}, {});
    await take(useOf(first, 'k'));
    expect(await take(useOf(second!, 'k', 1), useOf(second!, 'free'))).toBe(1);
    expect(await find(first.terms.posId, 'k')).toMatchObject([{ orderId: first.terms.id }]);
  });

  test('a key whose use is from before the given time can be used again', async () => {
    const [first, second] = await storedOrders(database.store, {}, {});
    await take(useOf(first, 'k'));
    const again = { ...useOf(second!, 'k', 5), requestHash: hashOf('another request') };
    expect(await database.store.idempotency.insert([again], NOON)).toBe(0);
    expect(await database.store.idempotency.insert([again], plusMs(NOON, 1))).toBe(1);
    expect(await find(first.terms.posId, 'k')).toEqual([again]);
  });

  test('only one of several concurrent transactions can store a key', async () => {
    const [first, ...others] = await storedOrders(database.store, {}, {}, {}, {}, {});
    const taken = await Promise.all([first, ...others].map((order) => take(useOf(order, 'k'))));
    expect(taken.filter((count) => count === 1)).toHaveLength(1);
  });

  test('a key is free if its transaction was rolled back', async () => {
    const [order] = await storedOrders(database.store);
    const failing = database.store.transaction(async (tx) => {
      await tx.idempotency.insert([useOf(order, 'k')], epochMs(0));
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await take(useOf(order, 'k'))).toBe(1);
  });

  test('keys from before a time are pruned, the oldest first, and can then be used again', async () => {
    const [order] = await storedOrders(database.store);
    await take(useOf(order, 'oldest', -HOUR_MS), useOf(order, 'old', -1), useOf(order, 'young', 0));
    const keys = async (): Promise<string[]> => (await find(order.terms.posId, 'oldest', 'old', 'young')).map(({ key }) => key);
    expect(await database.store.idempotency.prune({ before: NOON, limit: 1 })).toBe(true);
    expect((await keys()).sort()).toEqual(['old', 'young']);
    expect(await database.store.idempotency.prune({ before: NOON, limit: 2 })).toBe(false);
    expect(await keys()).toEqual(['young']);
    expect(await database.store.idempotency.prune({ before: NOON, limit: 1 })).toBe(false);
    expect(await take(useOf(order, 'old', 2))).toBe(1);
  });

  test('a key of an unknown order is refused', async () => {
    const [order] = await storedOrders(database.store);
    const pos = (await database.store.pos.get(order.terms.posId))!;
    await expect(take(useOf(sampleOrder(pos), 'k'))).rejects.toThrow(/foreign key/i);
  });
});
