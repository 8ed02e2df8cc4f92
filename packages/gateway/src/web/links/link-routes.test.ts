import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';
import { isoDate, plusMs } from '../../kernel/clock.ts';
import { MINUTE_MS } from '../../kernel/durations.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { PaymentLink } from '../../links/payment-link.ts';
import type { LinkInput } from '../../links/read-terms.ts';
import type { Order } from '../../orders/order.ts';
import { createLink, switchLink } from '../../services/links/change-links.ts';
import { EVERY_ORDER } from '../../store/ports/order-search.ts';
import { cancelOrder } from '../../services/orders/cancel-order.ts';

const COMMAND = { kind: 'command' } as const;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let test: TestGateway;
let shop: Shop;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_RATE_LIMIT_PAGES: '0' });
  shop = await test.newPos({ defaults: { callbackUrl: 'https://shop.invalid/callback' } });
});
afterAll(() => test[Symbol.asyncDispose]());

let names = 0;
const newLink = (input: LinkInput = {}, name = `link-${(names += 1)}`): Promise<PaymentLink> =>
  createLink(test.gateway.context, COMMAND, { posId: shop.pos.id, name, title: 'Coffee', amount: '3.50', ...input });

interface Sent {
  readonly fields?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

const send = (name: string, { fields = {}, headers = {}, query = '' }: Sent = {}): Promise<Answer> =>
  test.call('POST', `/l/${name}${query}`, {
    headers: { ...FORM, ...headers },
    body: new URLSearchParams({ token: 'x'.repeat(24), ...fields }).toString(),
  });

const orderIdOf = ({ headers }: Answer): OrderId => {
  const [, id = ''] = /^\/checkout\/([\w-]+)/.exec(headers.get('location') ?? '') ?? [];
  return id as OrderId;
};

async function orderOf(answer: Answer): Promise<Order> {
  expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringContaining('/checkout/')]);
  return (await test.gateway.context.store.orders.get(orderIdOf(answer)))!;
}

describe('the page of a payment link', () => {
  it('shows what is paid and to whom, and can be opened from anywhere', async () => {
    const { name } = await newLink({ title: 'Ticket <b>1</b>', description: 'One\n<script>alert(1)</script>', amount: '12.00' });
    const page = await test.call('GET', `/l/${name}`, { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Ticket &lt;b>1&lt;/b>');
    expect(page.text).toContain('One\n&lt;script>alert(1)&lt;/script>');
    expect(page.text).toContain('€12.00');
    expect(page.text).toContain('Corner shop');
    expect(page.text).not.toContain('<script>alert');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'/);
    expect([page.headers.get('x-robots-tag'), page.headers.get('cache-control')]).toEqual(['noindex', 'no-store']);
    expect((await test.call('GET', `/l/${name.toUpperCase()}`)).status).toBe(200);
  });

  it('opens an ordinary order of its POS', async () => {
    const link = await newLink();
    const order = await orderOf(await send(link.name));
    expect(order.terms).toMatchObject({
      posId: shop.pos.id,
      reference: `link:${link.name}`,
      details: 'Coffee',
      callbackUrl: 'https://shop.invalid/callback',
      fiat: { currency: 'EUR', minorUnits: 350n },
    });
    const listed = await test.call('GET', `/payment-order?reference=link:${link.name}`, { token: shop.token });
    expect(listed.body).toMatchObject({ paymentorders: [{ uuid: order.terms.id }] });
  });

  it('opens nothing by GET, and nothing for a form of another site', async () => {
    const link = await newLink();
    await test.call('GET', `/l/${link.name}?token=${'x'.repeat(24)}`);
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://other.invalid' }])
      expect((await send(link.name, { headers })).status).toBe(403);
    expect(await test.gateway.context.store.links.orders(link.id, { before: undefined, limit: 9 })).toEqual([]);
    expect((await send(link.name, { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(303);
  });

  it('opens one order for a form that is sent twice, at once or later', async () => {
    const link = await newLink();
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(link.name)));
    answers.push(await send(link.name));
    expect(new Set(answers.map(orderIdOf)).size).toBe(1);
    expect(await test.gateway.context.store.links.orders(link.id, { before: undefined, limit: 9 })).toHaveLength(1);
    expect(orderIdOf(await send(link.name, { fields: { token: 'y'.repeat(24) } }))).not.toBe(orderIdOf(answers[0]!));
  });

  it('takes an open amount as the buyer writes it, within its limits', async () => {
    const { name } = await newLink({ amount: '', min_amount: '2', max_amount: '2000' });
    const amountOf = async (amount: string, lang: string): Promise<bigint | string> => {
      const answer = await send(name, {
        fields: { amount, token: `${lang}${amount}`.padEnd(24, 'x').replaceAll(/\W/g, '_') },
        query: `?lang=${lang}`,
      });
      if (answer.status !== 303) return /id="amount-fault"[^>]*>(.*?)<\/p>/.exec(answer.text)![1]!.replaceAll(/<[^>]*>/g, '');
      expect(answer.headers.get('location')).toMatch(new RegExp(String.raw`\?lang=${lang}$`));
      return (await orderOf(answer)).terms.fiat.minorUnits;
    };
    expect(await amountOf('12,50', 'de')).toBe(1_250n);
    expect(await amountOf('1.250', 'de')).toBe(125_000n);
    expect(await amountOf('1,250.5', 'en')).toBe(125_050n);
    expect(await amountOf('١٢٫٥', 'ar')).toBe(1_250n);
    expect(await amountOf('1.99', 'en')).toBe('Please enter at least €2.00.');
    expect(await amountOf('2000,01', 'it')).toMatch(/^Inserisci al massimo 2000,00/);
    for (const wrong of ['', '-5', '1e3', '1.234.5', '5.005', 'abc', '9'.repeat(60)])
      expect(await amountOf(wrong, 'en'), wrong).toMatch(/^Please enter an amount such as /);
  });

  it('keeps what was typed when it refuses a form, as text', async () => {
    const { name } = await newLink({ amount: '', takes_note: true });
    const typed = '"><img src=x onerror=alert(1)>';
    const answer = await send(name, { fields: { amount: typed, note: `</textarea>${typed}` } });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('value="&quot;>&lt;img src=x');
    expect(answer.text).toContain('&lt;/textarea>');
    expect(answer.text).not.toContain('<img src=x');
  });

  it('passes on the note of a buyer only where the link takes one', async () => {
    const note = 'Table 5\u202e\r\nfür “Ada”';
    const takes = await newLink({ takes_note: true });
    expect((await orderOf(await send(takes.name, { fields: { note } }))).terms.details).toBe('Table 5\nfür “Ada”');
    expect((await send(takes.name, { fields: { note: 'é'.repeat(301) } })).status).toBe(422);
    expect((await orderOf(await send((await newLink()).name, { fields: { note } }))).terms.details).toBe('Coffee');
  });

  it('says calmly why it cannot be paid', async () => {
    const { context } = test.gateway;
    const past = await newLink({ expires_at: '2020-01-01T00:00:00Z' });
    const disabled = await newLink();
    await switchLink(context, COMMAND, disabled.id, false);
    const single = await newLink({ quantity: '1' });
    const taken = await orderOf(await send(single.name));
    const cases = [
      [past.name, 410, 'This link has expired'],
      [disabled.name, 410, 'This link is closed'],
      [single.name, 410, 'Sold out'],
      ['nothing', 404, 'Link not found'],
      [`${single.name}/more`, 404, 'Link not found'],
      ['%00', 404, 'Link not found'],
    ] as const;
    for (const [name, status, title] of cases) {
      const page = await test.call('GET', `/l/${name}`);
      expect([name, page.status, page.headers.get('x-robots-tag')]).toEqual([name, status, 'noindex']);
      expect(page.text).toContain(`<h1>${title}</h1>`);
      if (!name.includes('/')) expect((await send(name, { fields: { token: 'z'.repeat(24) } })).status).toBe(status);
    }
    await cancelOrder(context, taken.terms.id);
    expect((await test.call('GET', `/l/${single.name}`)).status).toBe(200);
    expect((await send(single.name, { fields: { token: 'z'.repeat(24) } })).status).toBe(303);
  });

  it('refuses a large form', async () => {
    const { name } = await newLink({ takes_note: true });
    expect((await send(name, { fields: { note: 'x'.repeat(9_000) } })).status).toBe(413);
  });

  it('sells exactly what is left to many buyers at once, and nothing after it has expired', async () => {
    const end = plusMs(test.clock.now(), MINUTE_MS);
    const link = await newLink({ quantity: '3', expires_at: isoDate(end) });
    const token = (n: number): Sent => ({ fields: { token: String(n).padStart(24, '0') } });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => send(link.name, token(n))));
    const opened = answers.filter(({ status }) => status === 303);
    expect([opened.length, answers.filter(({ status }) => status === 410).length]).toEqual([3, 9]);
    expect(new Set(opened.map(orderIdOf)).size).toBe(3);
    const { store } = test.gateway.context;
    expect(await store.links.orders(link.id, { before: undefined, limit: 99 })).toHaveLength(3);
    // Two places are given back, and many buyers at once take them again: exactly two get one.
    for (const answer of opened.slice(1)) await cancelOrder(test.gateway.context, orderIdOf(answer));
    const again = await Promise.all(Array.from({ length: 10 }, (_, n) => send(link.name, token(100 + n))));
    expect(again.filter(({ status }) => status === 303)).toHaveLength(2);
    // The page was opened before the link expired, and its form is sent afterwards.
    await cancelOrder(test.gateway.context, orderIdOf(opened[0]!));
    expect((await test.call('GET', `/l/${link.name}`)).status).toBe(200);
    test.clock.advance(MINUTE_MS);
    const late = await Promise.all(Array.from({ length: 5 }, (_, n) => send(link.name, token(200 + n))));
    expect(late.every(({ status, text }) => status === 410 && text.includes('This link has expired'))).toBe(true);
    // A form that was sent in time still leads to its order.
    expect((await send(link.name, token(answers.indexOf(opened[0]!)))).status).toBe(303);
  });

  it('lets no more than 20 orders wait for a payment', async () => {
    const { name } = await newLink();
    const token = (n: number): Sent => ({ fields: { token: String(n).padStart(24, '0') } });
    const answers = await Promise.all(Array.from({ length: 25 }, (_, n) => send(name, token(n))));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(20);
    const busy = answers.filter(({ status }) => status === 429);
    expect(busy).toHaveLength(5);
    expect(busy[0]!.text).toContain('Too many payments at once');
    expect(busy[0]!.headers.get('retry-after')).toBe('60');
  });
});

describe('the rate of orders from payment links', () => {
  it('is limited for each address, whatever the link, while pages can still be opened', async () => {
    await using limited = await openTestGateway();
    const { pos } = await limited.newPos();
    const names = ['one', 'two', 'three'];
    for (const name of names)
      await createLink(limited.gateway.context, COMMAND, { posId: pos.id, name, title: 'Coffee', amount: '3.50' });
    const open = (n: number): Promise<Answer> =>
      limited.call('POST', `/l/${names[n % 3]}`, {
        headers: FORM,
        body: new URLSearchParams({ token: String(n).padStart(24, '0') }).toString(),
      });
    const answers: Answer[] = [];
    for (let n = 0; n < 14; n += 1) answers.push(await open(n));
    const statuses = answers.map(({ status }) => status);
    expect([statuses.filter((status) => status === 303).length, statuses.at(-1)]).toEqual([10, 429]);
    const refused = answers.at(-1)!;
    expect(refused.text).toContain('Too many payments at once');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await limited.call('GET', '/l/one')).status).toBe(200);
    const stored = await limited.gateway.context.store.orders.find({ ...EVERY_ORDER, limit: 99, maxSlices: 9 });
    expect(stored.orders).toHaveLength(10);
  });
});
