import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import {
  judged,
  MINUTE_MS,
  NOON,
  sampleOrder,
  samplePayment,
  storedOrders,
  storedPos,
} from '../../../../test/support/samples.ts';
import { epochMs, plusMs } from '../../../kernel/clock.ts';
import type { ScriptHex } from '../../../kernel/chain.ts';
import { parseId, type OrderId } from '../../../kernel/ids.ts';
import { MAX_SATS, sats } from '../../../kernel/sats.ts';
import { parseCurrency } from '../../../orders/currency.ts';
import type { Order, OrderState, OrderTerms } from '../../../orders/order.ts';
import type { Pos } from '../../../merchants/pos.ts';
import type { OrderQuery } from '../../ports/order-store.ts';

const URLS = { callbackUrl: 'https://a.example/', continueUrl: 'https://b.example/?x=1&', cancelUrl: 'https://c.example/#d' };

await onEveryDatabase('orders.test.ts', (database) => {
  const ids = (orders: readonly Order[]): OrderId[] => orders.map(({ terms }) => terms.id).sort();

  describe('an order', () => {
    test.each<[string, Partial<OrderTerms>]>([
      ['with ordinary terms', {}],
      ['of 21 million bitcoin', { amount: sats(MAX_SATS) }],
      ['of one satoshi', { amount: sats(1n) }],
      ['of a fiat amount beyond 64 bits', { fiat: { currency: parseCurrency('KWD'), minorUnits: 10n ** 40n + 1n } }],
      ['at a rate with many digits', { rate: { source: 'a,b', value: '123456789012.00000001', at: epochMs(1) } }],
      ['with every text', { reference: 'R-1', details: 'two bagels', ...URLS }],
      ['with empty texts, which are not null', { reference: '', details: '' }],
      ['with texts in several scripts', { reference: '🧾 №1 \u0001 مرحبا', details: '\\"\n%_\u{10ffff}' }],
      ['with long texts', { reference: '🙂'.repeat(50_000), details: 'x'.repeat(1_000_000) }],
      ['that requires no confirmations', { requiredConfirmations: 0 }],
      ['that expires at the latest possible time', { expiresAt: epochMs(8.64e15), settlementTimeoutMs: Number.MAX_SAFE_INTEGER }],
    ])('%s is returned as it was stored', async (_, terms) => {
      const [order] = await storedOrders(database.store, terms);
      expect(await database.store.orders.get(order.terms.id)).toEqual(order);
    });

    test.each<OrderState>([
      { status: 'pending', coveredAt: null },
      { status: 'pending', coveredAt: epochMs(1) },
      { status: 'paid', paidAt: epochMs(2) },
      { status: 'disputed', paidAt: epochMs(2), disputedAt: epochMs(3) },
      { status: 'charged_back', paidAt: epochMs(2), disputedAt: epochMs(3), chargedBackAt: epochMs(4) },
      { status: 'expired', expiredAt: epochMs(5), coveredAt: null },
      { status: 'expired', expiredAt: epochMs(5), coveredAt: epochMs(1) },
      { status: 'cancelled', cancelledAt: epochMs(0) },
    ])('is returned with the state $status, whether inserted or updated with it', async (state) => {
      const pos = await storedPos(database.store);
      const stored = sampleOrder(pos, {}, { state });
      await database.store.orders.insert(stored);
      expect(await database.store.orders.get(stored.terms.id)).toEqual(stored);

      const moved = sampleOrder(pos, {}, { state: { status: 'disputed', paidAt: epochMs(7), disputedAt: epochMs(8) } });
      await database.store.orders.insert(moved);
      await database.store.orders.update({ ...moved, state }, judged());
      expect(await database.store.orders.get(moved.terms.id)).toEqual({ ...moved, state });
    });

    test('that is unknown is undefined, to read and to lock', async () => {
      const { id } = sampleOrder(await storedPos(database.store)).terms;
      expect(await database.store.orders.get(id)).toBeUndefined();
      expect(await database.store.transaction((tx) => tx.orders.lock(id))).toBeUndefined();
    });

    test.each<[string, (first: Order) => Partial<OrderTerms>]>([
      ['id', ({ terms: { id } }) => ({ id })],
      ['script', ({ terms: { script } }) => ({ script })],
      ['index in the account', ({ terms: { addressIndex } }) => ({ addressIndex })],
    ])('with the %s of another is refused', async (_, same) => {
      const pos = await storedPos(database.store);
      const first = sampleOrder(pos);
      await database.store.orders.insert(first);
      const error: unknown = await database.store.orders.insert(sampleOrder(pos, same(first))).catch((e: unknown) => e);
      expect(database.dialect.isUniqueViolation(error)).toBe(true);
    });
  });

  describe('lock', () => {
    test('keeps concurrent transactions from losing updates of an order', async () => {
      const [{ terms }] = await storedOrders(database.store);
      const step = (): Promise<void> =>
        database.store.transaction(async (tx) => {
          const order = await tx.orders.lock(terms.id);
          if (order?.state.status !== 'pending') throw new Error('no such order');
          const coveredAt = epochMs((order.state.coveredAt ?? 0) + 1);
          await tx.orders.update({ ...order, state: { status: 'pending', coveredAt } }, judged());
        });
      await Promise.all(Array.from({ length: 20 }, step));
      expect((await database.store.orders.get(terms.id))?.state).toEqual({ status: 'pending', coveredAt: 20 });
    });

    test('locks many orders in the same sequence, so that transactions cannot deadlock', async () => {
      const orders = await storedOrders(database.store, ...Array.from({ length: 30 }, () => ({})));
      const wanted = ids(orders);
      const lockAll = (list: readonly OrderId[]): Promise<Order[]> =>
        database.store.transaction((tx) => tx.orders.lockMany(list));
      const answers = await Promise.all([lockAll(wanted), lockAll([...wanted].reverse()), lockAll(wanted)]);
      for (const answer of answers) expect(ids(answer)).toEqual(wanted);
    });

    test('returns each order with its own payments, and leaves out unknown ids', async () => {
      const [a, b] = await storedOrders(database.store, {}, {});
      await database.store.orders.placePayment(samplePayment(b!, 'for b'));
      const found = await database.store.transaction((tx) =>
        tx.orders.lockMany([a.terms.id, b!.terms.id, parseId<OrderId>(randomUUID())]),
      );
      expect(new Map(found.map(({ terms, payments }) => [terms.id, payments.length]))).toEqual(
        new Map([
          [a.terms.id, 0],
          [b!.terms.id, 1],
        ]),
      );
      expect(await database.store.transaction((tx) => tx.orders.lockMany([]))).toEqual([]);
    });
  });

  describe('the schedule of orders', () => {
    const FINISHED = judged();

    test('makes a new order due at its expiration time, and does not watch it', async () => {
      const [order] = await storedOrders(database.store);
      const { expiresAt } = order.terms;
      expect(await database.store.orders.nextDeadline()).toBe(expiresAt);
      expect(await database.store.orders.dueIds(plusMs(expiresAt, -1), 100)).toEqual([]);
      expect(await database.store.orders.dueIds(expiresAt, 100)).toEqual([order.terms.id]);
      expect(await database.store.orders.watchedIds()).toEqual([]);
    });

    test('has the earliest deadline of all orders next, and none for finished orders', async () => {
      const at = (minutes: number): Partial<OrderTerms> => ({ expiresAt: plusMs(NOON, minutes * MINUTE_MS) });
      const [late, soon, done] = await storedOrders(database.store, at(30), at(20), at(10));
      await database.store.orders.update(done!, FINISHED);
      expect(await database.store.orders.nextDeadline()).toBe(soon!.terms.expiresAt);
      expect((await database.store.orders.dueIds(epochMs(8.64e15), 100)).sort()).toEqual(ids([late, soon!]));
      await database.store.orders.update(soon!, FINISHED);
      await database.store.orders.update(late, FINISHED);
      expect(await database.store.orders.nextDeadline()).toBeUndefined();
    });

    test('is set and cleared by an update', async () => {
      const [order] = await storedOrders(database.store);
      await database.store.orders.update(
        order,
        judged({ blockchainStatus: 'pending', watched: true, deadline: epochMs(NOON + 5) }),
      );
      expect(await database.store.orders.watchedIds()).toEqual([order.terms.id]);
      expect(await database.store.orders.nextDeadline()).toBe(NOON + 5);
      await database.store.orders.update(order, FINISHED);
      expect(await database.store.orders.watchedIds()).toEqual([]);
    });

    test('watches only the given orders, and those once', async () => {
      const [a, b, c] = await storedOrders(database.store, {}, {}, {});
      await database.store.orders.watch([]);
      expect(await database.store.orders.watchedIds()).toEqual([]);
      await database.store.orders.watch(ids([a, c!]));
      await database.store.orders.watch(ids([a]));
      expect((await database.store.orders.watchedIds()).sort()).toEqual(ids([a, c!]));
      expect(await database.store.orders.get(b!.terms.id)).toEqual(b);
    });

    test('has orders judged at their heights, the lowest first, and marked ones at any', async () => {
      const { orders } = database.store;
      const [low, high, never, marked] = await storedOrders(database.store, {}, {}, {}, {});
      await orders.update(low, judged({ watched: true, judgeAtHeight: 7 }));
      await orders.update(high!, judged({ watched: true, judgeAtHeight: 9 }));
      await orders.watch(ids([marked!]));
      expect(await orders.idsToJudge(6, 10)).toEqual([marked!.terms.id]);
      expect(await orders.idsToJudge(9, 10)).toEqual([marked!, low, high!].map(({ terms }) => terms.id));
      expect(await orders.idsToJudge(9, 2)).toEqual([marked!, low].map(({ terms }) => terms.id));
      await orders.watchAgain();
      expect((await orders.idsToJudge(0, 10)).sort()).toEqual(ids([low, high!, marked!]));
      expect((await orders.watchedAmong(ids([low, never!]))).sort()).toEqual(ids([low]));
    });
  });

  describe('the list of orders', () => {
    /** Stores five orders, and returns their ids by age and by amount. */
    async function five(): Promise<{ pos: Pos; byAge: OrderId[]; byAmount: OrderId[] }> {
      const pos = await storedPos(database.store);
      const made = [9n, 10n ** 25n, 100n, 1n, 99n].map((minorUnits, n) =>
        sampleOrder(pos, { createdAt: plusMs(NOON, n), fiat: { currency: pos.currency, minorUnits } }),
      );
      for (const order of made) await database.store.orders.insert(order);
      const byMinorUnits = (a: Order, b: Order): number => (a.terms.fiat.minorUnits < b.terms.fiat.minorUnits ? -1 : 1);
      const idsOf = (orders: readonly Order[]): OrderId[] => orders.map(({ terms }) => terms.id);
      return { pos, byAge: idsOf(made), byAmount: idsOf([...made].sort(byMinorUnits)) };
    }
    async function listed(pos: Pos, query: Partial<OrderQuery> = {}): Promise<{ total: number; ids: OrderId[] }> {
      const everything = { blockchainStatus: undefined, sortBy: 'created_at', sortOrder: 'asc', page: 0, pageSize: 40 } as const;
      const { total, orders } = await database.store.orders.list({ posId: pos.id, ...everything, ...query });
      return { total, ids: orders.map(({ terms }) => terms.id) };
    }

    test('is sorted by age or by numeric amount, in both directions', async () => {
      const { pos, byAge, byAmount } = await five();
      expect(await listed(pos)).toEqual({ total: 5, ids: byAge });
      expect(await listed(pos, { sortOrder: 'desc' })).toEqual({ total: 5, ids: [...byAge].reverse() });
      expect(await listed(pos, { sortBy: 'amount' })).toEqual({ total: 5, ids: byAmount });
      expect(await listed(pos, { sortBy: 'amount', sortOrder: 'desc' })).toEqual({ total: 5, ids: [...byAmount].reverse() });
    });

    test('contains each order on one page, and none after the last page', async () => {
      const { pos, byAge } = await five();
      expect(await listed(pos, { pageSize: 2 })).toEqual({ total: 5, ids: byAge.slice(0, 2) });
      expect(await listed(pos, { pageSize: 2, page: 2 })).toEqual({ total: 5, ids: byAge.slice(4) });
      expect(await listed(pos, { pageSize: 2, page: 3 })).toEqual({ total: 5, ids: [] });
    });

    test('keeps the sequence of orders from the same millisecond across pages', async () => {
      const orders = await storedOrders(database.store, ...Array.from({ length: 7 }, () => ({})));
      const pos = (await database.store.pos.get(orders[0].terms.posId))!;
      const pages = await Promise.all([0, 1, 2, 3].map((page) => listed(pos, { page, pageSize: 2 })));
      expect(pages.flatMap((page) => page.ids)).toEqual(ids(orders));
    });

    test('contains the orders of one POS, optionally with one status', async () => {
      const { pos, byAge } = await five();
      await storedOrders(database.store);
      const order = (await database.store.orders.get(byAge[2]!))!;
      await database.store.orders.update(order, judged({ blockchainStatus: 'unconfirmed' }));
      expect(await listed(pos, { blockchainStatus: 'unconfirmed' })).toEqual({ total: 1, ids: [byAge[2]] });
      expect((await listed(pos, { blockchainStatus: 'pending' })).ids).toEqual(byAge.filter((id) => id !== byAge[2]));
      expect(await listed(pos, { blockchainStatus: 'paid' })).toEqual({ total: 0, ids: [] });
      expect((await listed(pos)).total).toBe(5);
    });

    test('has the right total after updates, inserts and rollbacks', async () => {
      const { pos, byAge } = await five();
      const move = (id: OrderId | undefined, blockchainStatus: 'paid' | 'expired' | 'pending', fails = false): Promise<void> =>
        database.store.transaction(async (tx) => {
          const order = (await tx.orders.lock(id!))!;
          await tx.orders.update(order, judged({ blockchainStatus }));
          await tx.orders.insert(sampleOrder(pos));
          if (fails) throw new Error('rolled back');
        });
      await move(byAge[0], 'paid');
      await move(byAge[0], 'expired');
      await move(byAge[1], 'paid');
      await move(byAge[1], 'paid');
      await expect(move(byAge[2], 'paid', true)).rejects.toThrow('rolled back');
      const totals = async (...statuses: OrderQuery['blockchainStatus'][]): Promise<number[]> =>
        Promise.all(statuses.map(async (blockchainStatus) => (await listed(pos, { blockchainStatus })).total));
      expect(await totals(undefined, 'pending', 'paid', 'expired', 'partial')).toEqual([9, 7, 1, 1, 0]);
    });

    test('contains complete orders with their payments', async () => {
      const [order] = await storedOrders(database.store);
      await database.store.orders.placePayment(samplePayment(order, 'x'));
      const pos = (await database.store.pos.get(order.terms.posId))!;
      const everything = { blockchainStatus: undefined, sortBy: 'amount', sortOrder: 'asc', page: 0, pageSize: 1 } as const;
      const { orders } = await database.store.orders.list({ posId: pos.id, ...everything });
      expect(orders).toEqual([await database.store.orders.get(order.terms.id)]);
      expect(orders[0]!.payments).toHaveLength(1);
    });
  });

  describe('in the sandbox', () => {
    test('the given deadlines are changed, and the order is due at the given time', async () => {
      const [order, other] = await storedOrders(database.store, {}, {});
      const { id } = order.terms;
      await database.store.orders.reschedule(id, { chargebackTimeoutMs: 0 }, NOON);
      expect(await database.store.orders.dueIds(NOON, 100)).toEqual([id]);
      expect((await database.store.orders.get(id))?.terms).toEqual({ ...order.terms, chargebackTimeoutMs: 0 });
      const all = { expiresAt: epochMs(1), settlementTimeoutMs: 2, chargebackTimeoutMs: 3 };
      await database.store.orders.reschedule(id, all, epochMs(4));
      expect((await database.store.orders.get(id))?.terms).toEqual({ ...order.terms, ...all });
      expect(await database.store.orders.nextDeadline()).toBe(4);
      expect(await database.store.orders.get(other!.terms.id)).toEqual(other);
    });

    test('the payments of one order are deleted, and can be stored again', async () => {
      const [a, b] = await storedOrders(database.store, {}, {});
      await database.store.orders.placePayment(samplePayment(a, 'x'));
      await database.store.orders.placePayment(samplePayment(b!, 'y'));
      await database.store.orders.deletePayments(a.terms.id);
      expect((await database.store.orders.get(a.terms.id))?.payments).toEqual([]);
      expect((await database.store.orders.get(b!.terms.id))?.payments).toHaveLength(1);
      await database.store.orders.placePayment(samplePayment(a, 'x'));
      expect((await database.store.orders.get(a.terms.id))?.payments).toHaveLength(1);
    });
  });

  describe('the scripts of orders', () => {
    async function allScripts(): Promise<ScriptHex[]> {
      const scripts: ScriptHex[] = [];
      for await (const { bytes, scriptBytes } of database.store.orders.scripts())
        for (let start = 0; start < bytes.length; start += scriptBytes)
          scripts.push(Buffer.from(bytes.subarray(start, start + scriptBytes)).toString('hex') as ScriptHex);
      return scripts;
    }

    test('are empty without orders', async () => {
      expect(await allScripts()).toEqual([]);
    });

    test('identify their orders', async () => {
      const [a, b] = await storedOrders(database.store, {}, {});
      const strange = '6a00' as ScriptHex;
      expect(await database.store.orders.idsByScript([a.terms.script, strange, b!.terms.script])).toEqual(
        new Map([
          [a.terms.script, a.terms.id],
          [b!.terms.script, b!.terms.id],
        ]),
      );
      expect(await database.store.orders.idsByScript([])).toEqual(new Map());
    });

    test('are read page by page, each once, and thousands of them can be looked up and watched', async () => {
      const [first] = await storedOrders(database.store);
      const copies = 20_001;
      await copyOrder(first, copies);
      const scripts = await allScripts();
      expect(scripts).toHaveLength(copies + 1);
      expect(new Set(scripts).size).toBe(copies + 1);

      const some = scripts.slice(0, 2500);
      const found = await database.store.orders.idsByScript(some);
      expect([...found.keys()].sort()).toEqual([...some].sort());
      const owners = [...found.values()];
      await database.store.orders.watch(owners);
      expect((await database.store.orders.watchedIds()).sort()).toEqual([...owners].sort());
      expect(await database.store.orders.lockMany(owners)).toHaveLength(2500);
    });

    test('of several lengths are all read, and what is not hex is refused', async () => {
      const scripts = ['0014aa', '0014bb', '0020aabbcc', '5120', '5120ff', 'a9'] as ScriptHex[];
      await storedOrders(database.store, ...scripts.map((script) => ({ script })));
      expect((await allScripts()).sort()).toEqual(scripts);
      await database.db.updateTable('orders').set({ script: '0014ax' }).where('script', '=', '0014aa').execute();
      await expect(allScripts()).rejects.toThrow(/hex/);
    });

    test('in capital letters are all read, although nothing writes them so', async () => {
      const [first] = await storedOrders(database.store);
      const copies = 20_001;
      // As long as the usual ones, so that they are read together.
      await copyOrder(first, copies, `0014AA${'0'.repeat(31)}`);
      expect(new Set(await allScripts()).size).toBe(copies + 1);
    });

    /** Copies a row many times inside the database, which is much faster than storing that many orders. */
    async function copyOrder({ terms }: Order, copies: number, scriptStart = '00140'): Promise<void> {
      const columns = Object.keys(await database.db.selectFrom('orders').selectAll().executeTakeFirstOrThrow());
      const changed: Record<string, string> = {
        id: `'copy ' || n`,
        script: `'${scriptStart}' || (1000000 + n)`,
        address_index: '1000000 + n',
      };
      const values = columns.map((column) => changed[column] ?? column).join(', ');
      await sql`
        with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${sql.lit(copies)})
        insert into orders (${sql.raw(columns.join(', '))})
        select ${sql.raw(values)} from orders cross join numbers where id = ${terms.id}`.execute(database.db);
    }
  });
});
