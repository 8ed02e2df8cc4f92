import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertError } from '../../../test/support/shapes.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';
import { createServer } from '../server.ts';

let test: TestGateway;
let euro: Shop;
beforeAll(async () => {
  test = await openTestGateway();
  euro = await test.newPos();
});
afterAll(() => test[Symbol.asyncDispose]());

function create(body: unknown, shop = euro): Promise<Answer> {
  return test.call('POST', '/payment-order', { token: shop.token, body });
}

async function nextIndex(shop = euro): Promise<number> {
  return (await test.gateway.context.store.accounts.get(shop.account.id))!.nextIndex;
}

/** Checks that only this field is refused, and that no order is created: the wallet's next address stays the same. */
async function assertRefused(body: unknown, field: string, saying: RegExp, shop = euro): Promise<void> {
  const before = await nextIndex(shop);
  const errors = assertError(await create(body, shop), 400, '0001');
  expect(Object.keys(errors)).toEqual([field]);
  expect(errors[field]!.join()).toMatch(saying);
  expect(await nextIndex(shop)).toBe(before);
}

const URL_FIELDS = ['callback_url', 'continue_url', 'cancel_url'] as const;
const TEXT_FIELDS = ['details', 'reference'] as const;
const https = (characters: number): string => `https://shop.example/${'a'.repeat(characters - 21)}`;

describe('the amount', () => {
  it.each([
    ['missing', undefined, /above 0.*nothing/],
    ['null', null, /above 0.*null/],
    ['a number', 10, /as a string.*number/],
    ['an array', ['10.00'], /an array/],
    ['an object', { value: '10.00' }, /object/],
    ['empty', '', /above 0/],
    ['zero', '0', /above 0/],
    ['zero with decimals', '0.00', /above 0/],
    ['negative', '-1', /above 0/],
    ['signed', '+1', /above 0/],
    ['an exponent', '1e3', /above 0/],
    ['hexadecimal', '0x10', /above 0/],
    ['with a comma', '10,00', /above 0/],
    ['with a space', ' 10', /above 0/],
    ['with a line break', '10\n', /above 0/],
    ['in other digits', '١٠', /above 0/],
    ['without a whole part', '.5', /above 0/],
    ['without its fraction', '10.', /above 0/],
    ['with two points', '1.0.0', /above 0/],
    ['not a number', 'NaN', /above 0/],
    ['infinite', 'Infinity', /above 0/],
    ['finer than a cent', '10.001', /at most 2 decimals in EUR/],
    ['more than all bitcoin', '99999999999999999999', /more than all bitcoin/],
    ['thousands of digits long', '9'.repeat(5_000), /above 0/],
    ['below 600 satoshi', '0.35', /at least 600 satoshi/],
  ])('that is %s is refused', async (_what, amount, saying) => {
    await assertRefused({ amount }, 'amount', saying);
  });

  it.each([
    ['0.36', '0.36', 600],
    ['10', '10.00', 16_667],
    ['10.5', '10.50', 17_500],
    ['10.000', '10.00', 16_667],
    ['0010.00', '10.00', 16_667],
    ['1259999999999', '1259999999999.00', 2_099_999_999_998_334],
  ])('%s is accepted', async (amount, fiat, satoshi) => {
    const answer = await create({ amount });
    expect(answer.status, answer.text).toBe(201);
    const { uuid } = answer.body as { uuid: string };
    expect((await test.call('GET', `/payment-order/${uuid}`, { token: euro.token })).body).toMatchObject({
      amount: fiat,
      btc_amount: satoshi,
      state: { unpaid: { crypto: satoshi, fiat } },
    });
  });

  it('has the decimals of its currency: none in yen, three in Bahraini dinar', async () => {
    const yen = await test.newPos({ currency: 'JPY' });
    await assertRefused({ amount: '1000.5' }, 'amount', /at most 0 decimals in JPY/, yen);
    const answer = await create({ amount: '1000' }, yen);
    expect(answer.body).toMatchObject({ amount: 10_205, rate: { to: 'JPY' } });
    const { uuid } = answer.body as { uuid: string };
    expect((await test.call('GET', `/payment-order/${uuid}`, { token: yen.token })).body).toMatchObject({
      amount: '1000',
      currency: { name: 'JPY' },
      state: { paid: { fiat: '0' }, unpaid: { fiat: '1000' } },
    });
    const dinar = await test.newPos({ currency: 'BHD' });
    await assertRefused({ amount: '1.0005' }, 'amount', /at most 3 decimals in BHD/, dinar);
  });

  it('in a currency without a rate is refused with 4003, and uses no address', async () => {
    const dinar = await test.newPos({ currency: 'BHD' });
    assertError(await create({ amount: '10' }, dinar), 503, '4003');
    expect(await nextIndex(dinar)).toBe(0);
  });
});

describe.each(URL_FIELDS)('%s', (field) => {
  it.each([
    ['not a string', 7, /string/],
    ['an object', {}, /string/],
    ['empty', '', /https URL/],
    ['no URL', 'shop', /https URL/],
    ['relative', '/thanks', /https URL/],
    ['without a scheme', '//shop.example/', /https URL/],
    ['a script', 'javascript:alert(1)', /https URL/],
    ['a script in disguise', 'java\nscript:alert(1)', /https URL/],
    ['data', 'data:text/html,hi', /https URL/],
    ['a file', 'file:///etc/passwd', /https URL/],
    ['ftp', 'ftp://shop.example/', /https URL/],
    ['without slashes', 'https:shop.example', /https URL/],
    ['with three slashes', 'https:///shop.example', /https URL/],
    ['with backslashes', 'https:\\\\shop.example', /https URL/],
    ['with a space before it', ' https://shop.example/', /https URL/],
    ['with a line break in it', 'https://shop.example/\r\nX: 1', /https URL/],
    ['with a tab in its host', 'https://shop\t.example/', /https URL/],
    ['with an invalid host', 'https://[::1/', /https URL/],
    ['with a user', 'https://user@shop.example/', /user name or password/],
    ['with a password', 'https://:secret@shop.example/', /user name or password/],
    ['of 301 characters', https(301), /at most 300 characters, got 301/],
    ['with a NUL', 'https://shop.example/\0', /U\+0000/],
  ])('that is %s is refused', async (_what, url, saying) => {
    await assertRefused({ amount: '10.00', [field]: url }, field, saying);
  });

  it.each([
    ['of 300 characters', https(300)],
    ['with a port, a query and a fragment', 'https://shop.example:8443/a?b=c&d#e'],
    ['in capitals', 'HTTPS://SHOP.EXAMPLE/'],
    ['of an IP address', 'https://192.0.2.1/'],
    ['that ends in &, as the WooCommerce plugin has it', 'https://shop.example/?wc-api=x&'],
    ['http, only in the sandbox', 'http://localhost:3000/'],
    ['null', null],
  ])('%s is accepted', async (_what, url) => {
    const { status, text } = await create({ amount: '10.00', [field]: url });
    expect(status, text).toBe(201);
  });
});

describe.each(TEXT_FIELDS)('%s', (field) => {
  it.each([
    ['not a string', 7, /string, got number/],
    ['an array', ['a'], /an array/],
    ['of 301 characters', 'a'.repeat(301), /at most 300 characters, got 301/],
    ['of 301 signs outside of the first plane', '😀'.repeat(301), /at most 300 characters, got 301/],
    ['with a NUL', 'a\0b', /U\+0000/],
    ['a lone surrogate', 'a\ud83d', /Unicode/],
  ])('that is %s is refused', async (_what, text, saying) => {
    await assertRefused({ amount: '10.00', [field]: text }, field, saying);
  });

  it.each([
    ['empty', ''],
    ['of 300 characters', 'ä'.repeat(300)],
    ['of 300 signs outside of the first plane', '😀'.repeat(300)],
    ['markup', '<script>alert("1")</script>'],
    ['SQL', `'; drop table orders; --`],
    ['many scripts', 'Grüße · 日本語 · עברית · 👩‍👩‍👧 · e\u0301'],
    ['lines', 'one\r\ntwo\tthree'],
  ])('that is %s is returned unchanged', async (_what, text) => {
    const answer = await create({ amount: '10.00', [field]: text });
    expect(answer.status, answer.text).toBe(201);
    const { uuid } = answer.body as { uuid: string };
    expect((await test.call('GET', `/payment-order/${uuid}`, { token: euro.token })).body).toMatchObject({ [field]: text });
  });
});

describe('required_confirmations', () => {
  it.each([-1, 1.5, 1001, 1e300, '3', '', true, [3], {}])('of %j is refused', async (value) => {
    await assertRefused(
      { amount: '10.00', required_confirmations: value },
      'required_confirmations',
      /whole number from 0 to 1000/,
    );
  });

  it.each(['1e999', '-1e999'])('of %s, which exceeds the range of numbers, is refused', async (text) => {
    const errors = assertError(await create(`{"amount":"10.00","required_confirmations":${text}}`), 400, '0001');
    expect(Object.keys(errors)).toEqual(['required_confirmations']);
  });

  it.each([
    ['0', 0],
    ['-0', 0],
    ['3.0', 3],
    ['1000', 1000],
  ])('of %s is accepted', async (text, number) => {
    const answer = await create(`{"amount":"10.00","required_confirmations":${text}}`);
    const { uuid } = answer.body as { uuid: string };
    expect((await test.call('GET', `/payment-order/${uuid}`, { token: euro.token })).body).toMatchObject({
      required_confirmations: number,
    });
  });
});

describe('a body', () => {
  it('with several mistakes gets an error with all of them', async () => {
    const before = await nextIndex();
    const answer = await create({
      amount: -1,
      callback_url: 'x',
      continue_url: 1,
      cancel_url: 'ftp://a.example/',
      details: 'd'.repeat(301),
      reference: {},
      required_confirmations: 'many',
    });
    expect(Object.keys(assertError(answer, 400, '0001')).sort()).toEqual([
      'amount',
      'callback_url',
      'cancel_url',
      'continue_url',
      'details',
      'reference',
      'required_confirmations',
    ]);
    expect(await nextIndex()).toBe(before);
  });

  it('with unknown fields is accepted, and the response does not contain them', async () => {
    const answer = await create({ amount: '10.00', currency: 'USD', uuid: 'mine', rate: '1', toString: 'x' });
    expect(answer.status).toBe(201);
    expect(answer.text).not.toContain('mine');
    expect(answer.body).toMatchObject({ amount: 16_667 });
  });

  it.each([
    ['__proto__', '{"__proto__":{"reference":"x","required_confirmations":-1},"amount":"10.00"}'],
    ['an escaped __proto__', '{"amount":"10.00","\\u005f_proto__":{"reference":"x"}}'],
    ['a __proto__ further down', '{"amount":"10.00","extra":[{"__proto__":{"reference":"x"}}]}'],
    ['a constructor with a prototype', '{"amount":"10.00","constructor":{"prototype":{"reference":"x"}}}'],
  ])('with %s is accepted without it, with an Idempotency-Key and without', async (_what, body) => {
    for (const headers of [{}, { 'idempotency-key': randomUUID() }]) {
      const answer = await test.call('POST', '/payment-order', { token: euro.token, body, headers });
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({ amount: 16_667, reference: null });
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as { reference?: unknown }).reference).toBeUndefined();
  });

  it.each([
    ['null', 'null'],
    ['an array', '[{"amount":"10.00"}]'],
    ['a string', '"amount"'],
    ['a number', '10.00'],
  ])('that is %s is refused', async (_what, body) => {
    expect(assertError(await create(body), 400, '0001')).toEqual({ body: [expect.stringContaining('object')] });
  });

  it.each([
    ['that is not JSON', 'amount=10.00'],
    ['that is incomplete', '{"amount":"10.'],
    ['with text after it', '{"amount":"10.00"}}'],
    ['nested 30,000 deep', '['.repeat(30_000)],
  ])('%s is refused', async (_what, body) => {
    const before = await nextIndex();
    assertError(await create(body), 400, '0001');
    expect(await nextIndex()).toBe(before);
  });

  it('that is missing is refused', async () => {
    expect(assertError(await create(undefined), 400, '0001')).toHaveProperty('body');
    expect(assertError(await create(''), 400, '0001')).toHaveProperty('body');
  });
});

describe('an order that cannot be stored', () => {
  it('leaves nothing behind: no index is used and no order exists', async () => {
    const shop = await test.newPos();
    const first = (await create({ amount: '10.00' }, shop)).body as { uuid: string };
    const { context } = test.gateway;
    const clumsy = Object.defineProperties({ ...context }, { newUuid: { value: () => first.uuid } });
    const lines: unknown[] = [];
    const server = await createServer({
      context: clumsy,
      sandbox: true,
      health: () => test.gateway.health(),
      log: { info: () => {}, error: (fields) => void lines.push(fields) },
    });
    const answer = await server.inject({
      method: 'POST',
      url: '/payment-order',
      headers: { authorization: `Bearer ${shop.token}` },
      payload: { amount: '10.00' },
    });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({
      error_code: '4000',
      message: 'InternalServerError: something went wrong here',
      request_id: answer.headers['x-request-id'],
    });
    expect(lines).toEqual([expect.objectContaining({ request: answer.headers['x-request-id'] })]);
    expect(await nextIndex(shop)).toBe(1);
    await server.close();

    // The next order gets the address that the failed one would have had.
    expect((await create({ amount: '10.00' }, shop)).status).toBe(201);
    expect(await nextIndex(shop)).toBe(2);
  });
});

describe('an order in live mode', () => {
  it.each(URL_FIELDS)('may not have an http URL as %s', async (field) => {
    const { context } = test.gateway;
    const log = { info: () => {}, error: () => {} };
    const server = await createServer({ context, sandbox: false, health: () => test.gateway.health(), log });
    const answer = await server.inject({
      method: 'POST',
      url: '/payment-order',
      headers: { authorization: `Bearer ${euro.token}` },
      payload: { amount: '10.00', [field]: 'http://shop.example/' },
    });
    expect(answer.json()).toMatchObject({ error_code: '0001', errors: { [field]: ['must be an https URL'] } });
    await server.close();
  });
});
