import { beforeEach, describe, expect, it } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import {
  blockOf,
  hashOf,
  judged,
  NOON,
  sampleOrder,
  samplePayment,
  storedPos,
  txidOf,
} from '../../../../test/support/samples.ts';
import { plusMs } from '../../../kernel/clock.ts';
import { parseId, type OrderId } from '../../../kernel/ids.ts';
import { orderedUuid } from '../../../kernel/ordered-uuid.ts';
import { sats } from '../../../kernel/sats.ts';
import { parseCurrency } from '../../../orders/currency.ts';
import type { Order, OrderTerms } from '../../../orders/order.ts';
import type { Pos } from '../../../merchants/pos.ts';
import { EVERY_ORDER, type OrderMatch, type OrderSearch } from '../../ports/order-search.ts';

await onEveryDatabase(import.meta.filename, (database) => {
  let [shop, other]: Pos[] = [];
  let orders: Order[];
  beforeEach(async () => {
    [shop, other] = [await storedPos(database.store), await storedPos(database.store)];
    orders = [];
    // One each minute, alternately for two POS.
    for (let n = 0; n < 8; n += 1) await made(n % 2 === 0 ? shop : other, n, { reference: 'cart' });
  });

  async function made(pos: Pos, minute: number, terms: Partial<OrderTerms>): Promise<Order> {
    const createdAt = plusMs(NOON, minute * 60_000);
    const id = parseId<OrderId>(orderedUuid(createdAt, `00000000-0000-4000-8000-${hashOf(minute).slice(0, 12)}`));
    const order = sampleOrder(pos, { id, createdAt, ...terms });
    await database.store.orders.insert(order);
    orders.push(order);
    return order;
  }

  async function found(search: Partial<OrderSearch>): Promise<number[]> {
    const page = await database.store.orders.find({ ...EVERY_ORDER, limit: 100, ...search });
    return page.orders.map(({ terms }) => orders.findIndex((order) => order.terms.id === terms.id));
  }
  const by = (match: OrderMatch): Promise<number[]> => found({ matches: [match] });
  const at = (minute: number): Order => orders[minute]!;

  describe('the search for orders', () => {
    it('lists the newest orders of all POS, of one POS, or of a time', async () => {
      expect(await found({})).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
      expect(await found({ limit: 3 })).toEqual([7, 6, 5]);
      expect(await found({ posIds: [other!.id] })).toEqual([7, 5, 3, 1]);
      expect(await found({ since: at(2).terms.createdAt, until: at(5).terms.createdAt })).toEqual([4, 3, 2]);
    });

    it('continues before or after an order, in every kind of list', async () => {
      const matches = [
        { by: 'fiat', minorUnits: '6000', currencies: ['EUR'] },
        { by: 'reference', reference: 'cart' },
      ] as const;
      const pending = { matches: [matches[1]], blockchainStatus: 'pending' } as const;
      for (const search of [{}, ...matches.map((match) => ({ matches: [match] })), pending]) {
        expect(await found({ ...search, before: at(5).terms.id, limit: 2 })).toEqual([4, 3]);
        expect(await found({ ...search, after: at(2).terms.id, limit: 2 })).toEqual([4, 3]);
        expect(await found({ ...search, before: at(0).terms.id })).toEqual([]);
        expect(await found({ ...search, after: at(7).terms.id })).toEqual([]);
      }
    });

    it('pages through all orders that need attention', async () => {
      for (const n of [1, 2, 5]) await database.store.orders.update(at(n), judged({ needsAttention: true }));
      expect(await found({ needsAttention: true })).toEqual([5, 2, 1]);
      expect(await found({ needsAttention: true, limit: 2 })).toEqual([5, 2]);
      expect(await found({ needsAttention: true, limit: 2, before: at(2).terms.id })).toEqual([1]);
      expect(await found({ needsAttention: true, posIds: [shop!.id] })).toEqual([2]);
      await database.store.orders.update(at(5), judged());
      expect(await found({ needsAttention: true })).toEqual([2, 1]);
    });

    it('finds orders by UUID, by its beginning, and by address, reference, transaction and payment', async () => {
      const { id, script } = at(3).terms;
      expect(await by({ by: 'id', id })).toEqual([3]);
      // Orders from the same quarter of a minute begin alike.
      const start = id.slice(0, 8);
      expect(await by({ by: 'id_start', start })).toEqual(
        [7, 6, 5, 4, 3, 2, 1, 0].filter((n) => at(n).terms.id.startsWith(start)),
      );
      expect(await by({ by: 'id_start', start: 'ffffffff' })).toEqual([]);
      expect(await by({ by: 'script', script })).toEqual([3]);
      await made(shop!, 8, { reference: 'cart 42' });
      await made(other!, 9, { reference: 'cart 421' });
      expect(await by({ by: 'reference', reference: 'cart 42' })).toEqual([8]);
      const payment = samplePayment(at(3), 'payment');
      const txid = txidOf('payment');
      await database.store.transaction(async (tx) => {
        await tx.orders.placePayment(payment);
        await tx.orders.placePayment({
          ...payment,
          orderId: at(4).terms.id,
          outPoint: { txid, vout: 1 },
          place: { kind: 'gone', reason: { kind: 'dropped' } },
        });
        await tx.orders.placePayment({
          ...payment,
          outPoint: { txid, vout: 2 },
          place: { kind: 'block', ...blockOf(1) },
        });
      });
      expect(await by({ by: 'txid', txid })).toEqual([4, 3]);
      expect(await by({ by: 'txid', txid: txidOf('another') })).toEqual([]);
      // Listed once, although two of its payments have this amount.
      expect(await by({ by: 'received', amount: payment.amount })).toEqual([4, 3]);
      expect(await found({ matches: [{ by: 'received', amount: payment.amount }], limit: 1, before: at(4).terms.id })).toEqual([
        3,
      ]);
      expect(await by({ by: 'received', amount: sats(49_999n) })).toEqual([]);
    });

    it('finds orders by fiat amount and currency, combined with a status, each once', async () => {
      await made(shop!, 8, { fiat: { currency: parseCurrency('JPY'), minorUnits: 6000n } });
      await database.store.orders.update(at(4), judged({ blockchainStatus: 'paid' }));
      const sixty: OrderMatch = { by: 'fiat', minorUnits: '6000', currencies: ['EUR', 'USD'] };
      expect(await by(sixty)).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
      expect(await found({ matches: [sixty], posIds: [shop!.id], limit: 2 })).toEqual([6, 4]);
      expect(await found({ matches: [sixty], blockchainStatus: 'paid' })).toEqual([4]);
      expect(await found({ matches: [sixty], blockchainStatus: 'pending', limit: 2, before: at(5).terms.id })).toEqual([3, 2]);
      expect(await by({ by: 'fiat', minorUnits: '6000', currencies: ['JPY'] })).toEqual([8]);
      expect(await found({ matches: [sixty, { by: 'id', id: at(6).terms.id }] })).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
    });
  });
});
