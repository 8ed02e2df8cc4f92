import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelAnswers, type PanelAnswers } from '../../../../test/support/panel-answers.ts';
import { judged, sampleCallback, sampleOrder } from '../../../../test/support/samples.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { plusMs } from '../../../kernel/clock.ts';
import { DAY_MS, HOUR_MS } from '../../../kernel/durations.ts';
import type { Order, OrderTerms } from '../../../orders/order.ts';
import { changeTerms } from '../../../services/merchants/change-terms.ts';
import { createMerchant } from '../../../services/merchants/create-merchant.ts';
import { issueToken } from '../../../services/people/panel-access.ts';

let test: TestGateway;
let answers: PanelAnswers;
let shop: Shop;
let other: Shop;
let owner: string;
let manager: string;
let cashier: string;
beforeAll(async () => {
  test = await openTestGateway();
  answers = panelAnswers(() => test.call('GET', '/panel/api/openapi.json'));
  [shop, other] = [await test.newPos({ name: 'Mine' }), await test.newPos({ name: 'Theirs' })];
  const { context } = test.gateway;
  const scope = { kind: 'some', merchants: [], pos: [shop.pos.id] } as const;
  owner = (await issueToken(context, DAY_MS * 400, { allowsDangerous: true })).secret;
  manager = (await issueToken(context, DAY_MS * 400, { role: 'manager', scope, allowsDangerous: true })).secret;
  cashier = (await issueToken(context, DAY_MS * 400, { role: 'cashier', scope })).secret;
});
afterAll(() => test[Symbol.asyncDispose]());

async function call(method: string, path: string, token: string, body?: unknown): Promise<Answer> {
  const answer = await test.call(method, `/panel/api${path}`, { token, ...(body === undefined ? {} : { body }) });
  await answers.check(method, `/panel/api${path}`, answer);
  return answer;
}

async function newOrder(terms: Partial<OrderTerms> = {}, of: Shop = shop): Promise<Order> {
  const { store, clock } = test.gateway.context;
  const order = sampleOrder(of.pos, { createdAt: clock.now(), expiresAt: plusMs(clock.now(), 100 * DAY_MS), ...terms });
  await store.orders.insert(order);
  return order;
}

const idsIn = ({ body }: Answer): string[] => (body as { orders: { uuid: string }[] }).orders.map(({ uuid }) => uuid);

describe('orders in the API of the panel', () => {
  it('are listed, searched, shown, noted, cancelled and settled', async () => {
    const { id } = (await newOrder({ reference: 'api 1' })).terms;
    expect(idsIn(await call('GET', '/orders?search=api+1', owner))).toEqual([id]);
    expect((await call('POST', `/orders/${id}/notes`, owner, { text: 'called' })).status).toBe(200);
    expect((await call('POST', `/orders/${id}/notes`, owner, { text: '' })).status).toBe(400);
    expect((await call('GET', `/orders/${id}/notes`, owner)).body).toMatchObject({
      notes: [{ text: 'called', author: 'panel token' }],
    });
    expect((await call('POST', `/orders/${id}/settle`, owner, {})).status).toBe(400);
    expect((await call('POST', `/orders/${id}/cancel`, owner)).body).toEqual({ uuid: id, status: 'cancelled' });
    expect((await call('POST', `/orders/${id}/settle`, owner, { reason: 'in cash' })).body).toEqual({ uuid: id, status: 'paid' });
    expect((await call('POST', `/orders/${id}/refuse`, owner, { reason: 'no' })).status).toBe(404);
    expect((await call('GET', `/orders/${id}`, owner)).body).toMatchObject({
      status: 'paid',
      history: [{ action: 'settle', reason: 'in cash', actor: 'panel token' }],
      notes: [{ text: 'called' }],
    });
  });

  it('of another POS do not exist for a viewer of one', async () => {
    const [mine, theirs] = [await newOrder({ reference: 'shared' }), await newOrder({ reference: 'shared' }, other)];
    for (const token of [manager, cashier]) {
      expect(idsIn(await call('GET', '/orders?search=shared', token))).toEqual([mine.terms.id]);
      for (const query of [`pos=${other.pos.id}`, `search=${theirs.terms.id}`, `search=${theirs.terms.id.slice(0, 8)}`])
        expect(idsIn(await call('GET', `/orders?${query}`, token))).not.toContain(theirs.terms.id);
      expect((await call('GET', `/orders/${theirs.terms.id}`, token)).status).toBe(404);
      expect((await call('GET', `/orders/${theirs.terms.id}/notes`, token)).status).toBe(404);
      for (const action of ['notes', 'cancel'])
        expect((await call('POST', `/orders/${theirs.terms.id}/${action}`, token, { text: 'x' })).status).toBe(404);
    }
    for (const action of ['settle', 'refuse'])
      expect((await call('POST', `/orders/${theirs.terms.id}/${action}`, manager, { reason: 'x' })).status).toBe(404);
    expect((await call('GET', `/orders/${mine.terms.id}`, manager)).status).toBe(200);
    expect((await test.gateway.context.store.orders.get(theirs.terms.id))?.state.status).toBe('pending');
  });

  it('are those of today for a cashier, who decides nothing', async () => {
    const { clock } = test.gateway.context;
    const [today, yesterday] = [await newOrder(), await newOrder({ createdAt: plusMs(clock.now(), -DAY_MS) })];
    const listed = idsIn(await call('GET', '/orders?limit=200', cashier));
    expect([listed.includes(today.terms.id), listed.includes(yesterday.terms.id)]).toEqual([true, false]);
    expect((await call('GET', `/orders/${yesterday.terms.id}`, cashier)).status).toBe(404);
    expect((await call('GET', `/orders/${yesterday.terms.id}`, manager)).status).toBe(200);
    expect((await call('POST', `/orders/${today.terms.id}/settle`, cashier, { reason: 'x' })).status).toBe(403);
  });

  it('cut a search off that passes very many orders, and go on where it ended', async () => {
    const { store } = test.gateway.context;
    const wanted = await newOrder({ reference: 'needle', fiat: { currency: shop.pos.currency, minorUnits: 777n } });
    await store.orders.update(
      { ...wanted, state: { status: 'cancelled', cancelledAt: wanted.terms.createdAt } },
      judged({ blockchainStatus: 'cancelled' }),
    );
    const hay = Array.from({ length: 60 }, () =>
      sampleOrder(shop.pos, { createdAt: wanted.terms.createdAt, fiat: { currency: shop.pos.currency, minorUnits: 777n } }),
    );
    await store.transaction((tx) => tx.orders.insert(...hay));
    const found: string[] = [];
    let before: string | undefined;
    for (let pages = 0; pages < 99; pages += 1) {
      const page = await store.orders.find({
        posIds: undefined,
        blockchainStatus: 'cancelled',
        needsAttention: false,
        matches: [{ by: 'fiat', minorUnits: '777', currencies: ['EUR'] }],
        since: undefined,
        until: undefined,
        before: before as Order['terms']['id'] | undefined,
        after: undefined,
        limit: 3,
        maxSlices: 1,
      });
      found.push(...page.orders.map(({ terms }) => terms.id));
      before = page.searchedTo ?? undefined;
      if (before === undefined) break;
    }
    expect(found).toEqual([wanted.terms.id]);
    expect(before).toBeUndefined();
  });
});

describe('the summary', () => {
  it('counts paid orders on their day, takes reversed ones off, and hides other POS', async () => {
    const { store, clock } = test.gateway.context;
    const at = clock.now();
    const orders = [await newOrder(), await newOrder(), await newOrder({}, other)];
    const event = (order: Order, name: 'payment.completed' | 'payment.chargeback', daysAgo: number) =>
      sampleCallback(order, { event: name, url: null, createdAt: plusMs(at, -daysAgo * DAY_MS) });
    const before = (await call('GET', '/summary', manager)).body as { sales: { today: { orders: number } }[] };
    const already = before.sales[0]?.today.orders ?? 0;
    await store.callbacks.insert([event(orders[0]!, 'payment.completed', 0)]);
    await store.callbacks.insert([event(orders[1]!, 'payment.completed', 0), event(orders[1]!, 'payment.chargeback', 0)]);
    await store.callbacks.insert([event(orders[2]!, 'payment.completed', 0)]);
    const { body } = await call('GET', '/summary', manager);
    expect(body).toMatchObject({
      is_complete: true,
      sales: [{ pos: shop.pos.id, currency: 'EUR', today: { orders: already + 1 } }],
    });
    expect((body as { sales: unknown[] }).sales).toHaveLength(1);
    // Counted once, however often it is asked.
    expect((await call('GET', '/summary', manager)).body).toEqual(body);
    test.clock.advance(DAY_MS);
    const next = (await call('GET', '/summary', manager)).body as {
      sales: { today: unknown; last_30_days: { orders: number } }[];
    };
    expect(next.sales[0]).toMatchObject({ today: { orders: 0, amount: '0.00' }, last_30_days: { orders: already + 1 } });
    expect((await call('GET', '/summary', cashier)).body).toMatchObject({ sales: [{ last_30_days: null }] });
  });
});

describe('the orders of today', () => {
  it('are those of the days that the merchant has', async () => {
    const { context } = test.gateway;
    const { id } = await createMerchant(context, { kind: 'command' }, { name: 'Far away', timeZone: 'Pacific/Kiritimati' });
    const far = await test.newPos({ name: 'Far away' });
    await changeTerms(context, { kind: 'command' }, far.pos.id, { merchantId: id });
    const scope = { kind: 'some', merchants: [], pos: [shop.pos.id, far.pos.id] } as const;
    const token = (await issueToken(context, DAY_MS, { role: 'cashier', scope })).secret;
    // Midnight in Kiritimati, 14 hours before UTC, is at 10:00 in UTC.
    test.clock.advance(nextDay(test.clock.now()) + 12 * HOUR_MS - test.clock.now());
    const hoursAgo = (hours: number) => ({ reference: 'zones', createdAt: plusMs(test.clock.now(), -hours * HOUR_MS) });
    const [farNew, farOld] = [await newOrder(hoursAgo(1), far), await newOrder(hoursAgo(3), far)];
    const [hereNew, hereOld] = [await newOrder(hoursAgo(4)), await newOrder(hoursAgo(13))];
    const visible = [farNew, hereNew].map(({ terms }) => terms.id);
    expect(idsIn(await call('GET', '/orders?search=zones', token)).sort()).toEqual([...visible].sort());
    for (const order of [farNew, hereNew, farOld, hereOld])
      expect((await call('GET', `/orders/${order.terms.id}`, token)).status, order.terms.createdAt.toString()).toBe(
        visible.includes(order.terms.id) ? 200 : 404,
      );
    expect(idsIn(await call('GET', '/orders?search=zones', owner))).toHaveLength(4);
  });
});

const nextDay = (at: number): number => (Math.floor(at / DAY_MS) + 1) * DAY_MS;
