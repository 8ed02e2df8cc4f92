import { describe, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import { blockOf, judged, NOON, samplePayment, storedOrders, txidOf } from '../../../../test/support/samples.ts';
import { plusMs } from '../../../kernel/clock.ts';
import { MAX_SATS, sats } from '../../../kernel/sats.ts';
import type { Order, Payment, PaymentPlace } from '../../../orders/order.ts';

const MEMPOOL: PaymentPlace = { kind: 'mempool' };
const GONE: PaymentPlace = { kind: 'gone', reason: { kind: 'dropped' } };
const MISSING: PaymentPlace = { kind: 'missing', since: NOON };
const REPLACED: PaymentPlace = { kind: 'gone', reason: { kind: 'replaced', by: txidOf('other'), block: null } };
const replacedIn = (height: number): PaymentPlace => ({
  kind: 'gone',
  reason: { kind: 'replaced', by: txidOf('other'), block: blockOf(height) },
});
const inBlock = (height: number, branch = ''): PaymentPlace => ({ kind: 'block', ...blockOf(height, branch) });

await onEveryDatabase('payments.test.ts', (database) => {
  async function paymentsOf({ terms }: Order): Promise<readonly Payment[]> {
    return (await database.store.orders.get(terms.id))?.payments ?? [];
  }
  const placesOf = async (order: Order): Promise<PaymentPlace[]> => (await paymentsOf(order)).map(({ place }) => place);

  describe('a payment', () => {
    test.each<PaymentPlace>([MEMPOOL, MISSING, GONE, REPLACED, replacedIn(9), inBlock(0), inBlock(2 ** 31 - 1)])(
      'is stored with the place %o',
      async (place) => {
        const [order] = await storedOrders(database.store);
        const outPoint = { txid: txidOf('x'), vout: 2 ** 32 - 1 };
        const payment = samplePayment(order, 'x', { place, outPoint, amount: sats(MAX_SATS) });
        await database.store.orders.placePayment(payment);
        const { orderId, ...stored } = payment;
        expect(orderId).toBe(order.terms.id);
        expect(await paymentsOf(order)).toEqual([{ ...stored, counted: false }]);
      },
    );

    test('that is placed again moves, and keeps its first time and that it was counted', async () => {
      const [order] = await storedOrders(database.store);
      const payment = samplePayment(order, 'x');
      await database.store.orders.placePayment(payment);
      const [stored] = await paymentsOf(order);
      await database.store.orders.update({ ...order, payments: [{ ...stored!, counted: true }] }, judged());
      const again = { ...payment, firstSeenAt: plusMs(NOON, 99), amount: sats(1n), place: inBlock(7) };
      await database.store.orders.placePayment(again);
      expect(await paymentsOf(order)).toEqual([{ ...stored, place: inBlock(7), counted: true }]);
    });

    test('that was counted stays counted, even if a later update says otherwise', async () => {
      const [order] = await storedOrders(database.store);
      await database.store.orders.placePayment(samplePayment(order, 'x'));
      await database.store.orders.placePayment(samplePayment(order, 'y'));
      const [x, y] = await paymentsOf(order);
      await database.store.orders.update({ ...order, payments: [{ ...x!, counted: true }, y!] }, judged());
      await database.store.orders.update({ ...order, payments: [x!, y!] }, judged());
      expect((await paymentsOf(order)).map(({ outPoint, counted }) => [outPoint.txid, counted])).toEqual([
        [x!.outPoint.txid, true],
        [y!.outPoint.txid, false],
      ]);
    });

    test('is identified by its output, so one transaction may contain two', async () => {
      const [a, b] = await storedOrders(database.store, {}, {});
      for (const [order, vout] of [[a, 1] as const, [a, 0] as const, [b!, 2] as const])
        await database.store.orders.placePayment(samplePayment(order, 'x', { outPoint: { txid: txidOf('x'), vout } }));
      expect((await paymentsOf(a)).map(({ outPoint }) => outPoint.vout)).toEqual([0, 1]);
      expect((await paymentsOf(b!)).map(({ outPoint }) => outPoint.vout)).toEqual([2]);
    });

    test('is listed in the order in which it was first seen', async () => {
      const [order] = await storedOrders(database.store);
      for (const [name, late] of [['third', 30] as const, ['first', 10] as const, ['second', 20] as const])
        await database.store.orders.placePayment(samplePayment(order, name, { firstSeenAt: plusMs(NOON, late) }));
      expect((await paymentsOf(order)).map(({ outPoint }) => outPoint.txid)).toEqual(['first', 'second', 'third'].map(txidOf));
    });

    test('can go missing, be reverted, and come back', async () => {
      const [order] = await storedOrders(database.store);
      const payment = samplePayment(order, 'x');
      const known = { outPoint: payment.outPoint, orderId: order.terms.id, place: MEMPOOL };
      await database.store.orders.placePayment(payment);
      expect(await database.store.orders.unconfirmedPayments()).toEqual([known]);
      await database.store.orders.setPlace(payment.outPoint, MISSING);
      expect(await database.store.orders.unconfirmedPayments()).toEqual([{ ...known, place: MISSING }]);
      await database.store.orders.setPlace(payment.outPoint, GONE);
      expect(await database.store.orders.unconfirmedPayments()).toEqual([]);
      expect(await placesOf(order)).toEqual([GONE]);
      await database.store.orders.placePayment(payment);
      expect(await database.store.orders.unconfirmedPayments()).toEqual([known]);
      await database.store.orders.setPlace(payment.outPoint, inBlock(3));
      expect(await database.store.orders.unconfirmedPayments()).toEqual([]);
      expect(await placesOf(order)).toEqual([inBlock(3)]);
    });

    test('of an unknown order is refused', async () => {
      const [order] = await storedOrders(database.store);
      const stray = { ...samplePayment(order, 'x'), orderId: order.terms.posId as never };
      await expect(database.store.orders.placePayment(stray)).rejects.toThrow(/foreign key/i);
    });
  });

  test('rolling back a block moves only its payments to the mempool, and returns their orders', async () => {
    const [a, b, c] = await storedOrders(database.store, {}, {}, {});
    const vout1 = { txid: txidOf('in 7, too'), vout: 1 };
    await database.store.orders.placePayment(samplePayment(a, 'in 7', { place: inBlock(7) }));
    await database.store.orders.placePayment(samplePayment(a, 'in 7, too', { place: inBlock(7), outPoint: vout1 }));
    await database.store.orders.placePayment(samplePayment(b!, 'b in 7', { place: inBlock(7) }));
    await database.store.orders.placePayment(samplePayment(b!, 'b in 8', { place: inBlock(8), firstSeenAt: plusMs(NOON, 1) }));
    await database.store.orders.placePayment(samplePayment(c!, 'c in the other 7', { place: inBlock(7, 'other') }));

    const touched = await database.store.orders.rollBackBlock(blockOf(7));
    expect([...new Set(touched)].sort()).toEqual([a.terms.id, b!.terms.id].sort());
    expect(await placesOf(a)).toEqual([MEMPOOL, MEMPOOL]);
    expect(await placesOf(b!)).toEqual([MEMPOOL, inBlock(8)]);
    expect(await placesOf(c!)).toEqual([inBlock(7, 'other')]);
    expect(await database.store.orders.rollBackBlock(blockOf(7))).toEqual([]);
  });

  test('rolling back a block brings back the payments that were replaced in it', async () => {
    const [order] = await storedOrders(database.store);
    const payment = samplePayment(order, 'x', { place: replacedIn(7) });
    await database.store.orders.placePayment(payment);
    expect(await database.store.orders.txidsInBlocks([blockOf(7)])).toEqual([payment.outPoint.txid]);
    expect(await database.store.orders.rollBackBlock(blockOf(7))).toEqual([order.terms.id]);
    expect(await placesOf(order)).toEqual([MEMPOOL]);
  });
});
