import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleCallback, sampleOrder, samplePayment, judged, txidOf, blockOf } from '../../../../test/support/samples.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { DAY_MS } from '../../../kernel/durations.ts';
import { epochMs, plusMs } from '../../../kernel/clock.ts';
import type { Order, OrderTerms } from '../../../orders/order.ts';
import { changeTerms } from '../../../services/merchants/change-terms.ts';
import { createMerchant } from '../../../services/merchants/create-merchant.ts';
import { issueCode } from '../../../services/people/panel-access.ts';

const EVIL = '<script>alert(1)</script>"\'&amp;';

let test: TestGateway;
let shop: Shop;
let other: Shop;
let cookie: string;
beforeAll(async () => {
  test = await openTestGateway();
  shop = await test.newPos({ name: EVIL });
  other = await test.newPos({ name: 'Other shop' });
  cookie = await logIn();
});
afterAll(() => test[Symbol.asyncDispose]());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (path: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
  test.call('POST', path, { body: new URLSearchParams(fields).toString(), headers: { ...FORM, ...headers } });
const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  test.call('GET', path, { headers: { cookie, ...headers } });
const redirect = ({ status, headers }: Answer): unknown[] => [status, headers.get('location')];

async function logIn(): Promise<string> {
  const entered = await post('/panel/login', { code: (await issueCode(test.gateway.context)).secret });
  return entered.headers.get('set-cookie')!.split(';')[0]!;
}

async function submit(path: string, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const [, key = ''] = /name="form_key" value="([^"]+)"/.exec((await get('/panel/orders')).text) ?? [];
  return post(path, { form_key: key, ...fields }, { cookie });
}

async function newOrder(terms: Partial<OrderTerms> = {}, of: Shop = shop): Promise<Order> {
  const { store, clock } = test.gateway.context;
  const { terms: made } = sampleOrder(of.pos, { createdAt: clock.now(), expiresAt: plusMs(clock.now(), DAY_MS), ...terms });
  const order = sampleOrder(of.pos, { ...made, addressSeal: test.gateway.context.guard.sealOfOrder(made) });
  await store.orders.insert(order);
  return order;
}

const isListed = async (query: string, { terms }: Order): Promise<boolean> =>
  (await get(`/panel/orders${query}`)).text.includes(`/panel/orders/${terms.id}"`);

describe('the list of orders', () => {
  it('is searched by number, reference, address, transaction and amount', async () => {
    const order = await newOrder({ reference: 'cart 42', fiat: { currency: shop.pos.currency, minorUnits: 4242n } });
    const stranger = await newOrder({ reference: 'cart 43' });
    await test.gateway.context.store.orders.placePayment(samplePayment(order, 'found'));
    const { id } = order.terms;
    for (const text of [id, id.slice(0, 8), 'cart 42', '42.42', '42.42 EUR', txidOf('found')]) {
      expect(await isListed(`?q=${encodeURIComponent(text)}`, order), text).toBe(true);
      expect(await isListed(`?q=${encodeURIComponent(text)}`, stranger), text).toBe(false);
    }
    expect((await get('/panel/orders?q=nothing')).text).toContain('No order matches.');
  });

  it('is filtered by status, POS, day and attention, and ignores what is impossible', async () => {
    const { store } = test.gateway.context;
    const [mine, theirs] = [await newOrder({ reference: 'mine' }), await newOrder({}, other)];
    await store.orders.update(
      { ...mine, state: { status: 'cancelled', cancelledAt: mine.terms.createdAt } },
      judged({ blockchainStatus: 'cancelled', needsAttention: true }),
    );
    expect([await isListed('?status=cancelled', mine), await isListed('?status=cancelled', theirs)]).toEqual([true, false]);
    expect([await isListed(`?pos=${other.pos.id}`, mine), await isListed(`?pos=${other.pos.id}`, theirs)]).toEqual([false, true]);
    expect([await isListed('?attention=1', mine), await isListed('?attention=1', theirs)]).toEqual([true, false]);
    const day = new Date(mine.terms.createdAt).toISOString().slice(0, 10);
    expect(await isListed(`?from=${day}&to=${day}`, mine)).toBe(true);
    expect(await isListed('?to=2026-01-01', mine)).toBe(false);
    expect(await isListed('?from=2099-01-01', mine)).toBe(false);
    expect(await isListed('?from=2026-02-30&status=nothing', mine)).toBe(true);
    for (const query of ['?pos=none', '?before=none', `?after=${'0'.repeat(36)}`, '?q=%00', '?q=a&q=b'])
      expect((await get(`/panel/orders${query}`)).status, query).toBe(200);
  });

  it('is filtered by the days of the merchant, if the POS that are seen have the same', async () => {
    const { context } = test.gateway;
    const command = { kind: 'command' } as const;
    const { id } = await createMerchant(context, command, { name: 'Far east', timeZone: 'Asia/Tokyo' });
    const far = await test.newPos({ name: 'Far east' });
    await changeTerms(context, command, far.pos.id, { merchantId: id });
    // In Tokyo it is 0:30 of 24 November.
    const order = await newOrder({ createdAt: epochMs(Date.UTC(2026, 10, 23, 15, 30)) }, far);
    for (const [query, zone, isFound] of [
      [`?pos=${far.pos.id}&from=2026-11-24&to=2026-11-24`, 'Asia/Tokyo', true],
      [`?pos=${far.pos.id}&from=2026-11-23&to=2026-11-23`, 'Asia/Tokyo', false],
      ['?from=2026-11-24&to=2026-11-24', 'UTC', false],
      ['?from=2026-11-23&to=2026-11-23', 'UTC', true],
    ] as const) {
      expect(await isListed(query, order), query).toBe(isFound);
      expect((await get(`/panel/orders${query}`)).text.replaceAll(/<[^>]+>/g, '')).toContain(`of the time zone ${zone}.`);
    }
  });

  it('has pages in both directions', async () => {
    const made: Order[] = [];
    for (let n = 0; n < 30; n += 1) made.push(await newOrder({ reference: 'paged' }));
    const idsOf = (text: string): string[] =>
      [...text.matchAll(/href="\/panel\/orders\/([0-9a-f-]{36})"/g)].map(([, id = '']) => id);
    const first = (await get('/panel/orders?q=paged')).text;
    const [, next = ''] = /rel="next" href="([^"]+)"/.exec(first) ?? [];
    const second = (await get(next.replaceAll('&amp;', '&'))).text;
    expect([...idsOf(first), ...idsOf(second)]).toHaveLength(30);
    expect(new Set([...idsOf(first), ...idsOf(second)])).toEqual(new Set(made.map(({ terms }) => terms.id)));
    const [, back = ''] = /rel="prev" href="([^"]+)"/.exec(second) ?? [];
    expect(idsOf((await get(back.replaceAll('&amp;', '&'))).text)).toEqual(idsOf(first));
  });

  it('shows texts of shops and people as text', async () => {
    const order = await newOrder({ reference: EVIL, details: EVIL });
    await submit(`/panel/orders/${order.terms.id}/notes`, { text: EVIL });
    for (const path of ['', `/${order.terms.id}`, `/${order.terms.id}/receipt`, `?q=${encodeURIComponent(EVIL)}`]) {
      const { text } = await get(`/panel/orders${path}`);
      expect(text).toContain('&lt;script');
      expect(text).not.toContain('<script>alert');
    }
  });

  it('speaks eight languages', async () => {
    const { id } = (await newOrder()).terms;
    for (const [tag, word] of [
      ['de', 'Bestellungen'],
      ['ar', 'الطلبات'],
      ['ja', '注文'],
      ['fr', 'Commandes'],
    ] as const)
      for (const path of ['', `/${id}`, `/${id}/receipt`]) {
        const { text } = await get(`/panel/orders${path}`, { 'accept-language': tag });
        expect(text).toContain(`<html lang="${tag}" dir="${tag === 'ar' ? 'rtl' : 'ltr'}">`);
        expect(text).toContain(word);
      }
  });
});

describe('the page of an order', () => {
  it('shows amounts, payments, callbacks, and what happened', async () => {
    const { store, clock } = test.gateway.context;
    const order = await newOrder({ reference: 'order 7', details: 'Two books' });
    await store.orders.placePayment(samplePayment(order, 'shown', { place: { kind: 'block', ...blockOf(0) } }));
    await store.callbacks.insert([sampleCallback(order, { url: null, createdAt: clock.now() })]);
    const { text } = await get(`/panel/orders/${order.terms.id}`);
    for (const part of [
      '€60.00',
      'order 7',
      'Two books',
      `${txidOf('shown')}:0`,
      'Order created',
      'payment.completed',
      order.terms.address,
    ])
      expect(text).toContain(part);
    expect(text).not.toContain(`href="${txidOf('shown')}`);
  });

  it('cancels, settles, refuses and notes, each with an entry in the audit log', async () => {
    const { store } = test.gateway.context;
    const first = (await newOrder()).terms.id;
    const [path, done] = [`/panel/orders/${first}`, (note: string) => [303, `/panel/orders/${first}?note=${note}`]];
    expect(redirect(await submit(`${path}/notes`, { text: '  called the buyer\r\nagain ' }))).toEqual(done('noted'));
    expect(redirect(await submit(`${path}/notes`, { text: ' ' }))).toEqual(done('note_invalid'));
    expect(redirect(await submit(`${path}/settle`, { reason: '' }))).toEqual(done('reason_invalid'));
    expect(redirect(await submit(`${path}/cancel`))).toEqual(done('cancelled'));
    expect(redirect(await submit(`${path}/refuse`, { reason: 'refunded' }))).toEqual(done('not_possible'));
    expect(redirect(await submit(`${path}/settle`, { reason: 'paid in cash' }))).toEqual(done('settled'));
    expect(redirect(await submit(`${path}/cancel`))).toEqual(done('not_possible'));
    expect((await store.orders.get(first))?.state.status).toBe('paid');
    expect((await store.notes.ofOrder(first, 9)).map(({ text, author }) => [text, author])).toEqual([
      ['called the buyer\nagain', 'operator'],
    ]);
    const entries = await store.audit.list({ subject: { kind: 'order', id: first }, before: undefined, limit: 9 });
    expect(entries.map(({ action }) => action)).toEqual(['order.settle', 'order.cancel', 'order.note']);
    for (const { details } of entries) expect(details).not.toMatch(/cash|called/);
    const { text } = await get(path);
    for (const part of ['paid in cash', 'called the buyer', 'Cancelled by', 'Accepted as paid by']) expect(text).toContain(part);
  });

  it('does nothing without the key of the session', async () => {
    const { id } = (await newOrder()).terms;
    for (const action of ['cancel', 'settle', 'refuse', 'notes', 'redeliver'])
      expect(redirect(await post(`/panel/orders/${id}/${action}`, { text: 'x', reason: 'x' }, { cookie }))).toEqual([
        303,
        '/panel/orders',
      ]);
    expect((await test.gateway.context.store.orders.get(id))?.state.status).toBe('pending');
  });

  it('is not found for an unknown order, and redelivers only a callback of its own', async () => {
    const [order, stranger] = [await newOrder(), await newOrder()];
    const callback = sampleCallback(stranger);
    await test.gateway.context.store.callbacks.insert([callback]);
    expect((await get('/panel/orders/none')).status).toBe(404);
    expect((await get('/panel/orders/00000000-0000-4000-8000-000000000000')).status).toBe(404);
    expect((await submit(`/panel/orders/${order.terms.id}/redeliver`, { callback: callback.id })).status).toBe(404);
    expect(redirect(await submit(`/panel/orders/${stranger.terms.id}/redeliver`, { callback: callback.id }))[0]).toBe(303);
  });
});
