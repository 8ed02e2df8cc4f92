import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pngOf, svgOf } from '../../../../test/support/logos.ts';
import { panelBrowser, type PanelBrowser } from '../../../../test/support/panel-browser.ts';
import { basic, openTestGateway, type Answer, type Shop, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { DAY_MS } from '../../../kernel/durations.ts';
import type { Pos } from '../../../merchants/pos.ts';
import { issueToken } from '../../../services/people/panel-access.ts';
import { posFields } from './pos-form.ts';

let test: TestGateway;
let shop: Shop;
let browser: PanelBrowser;
let receiver: Server;
let callbackUrl: string;
let page: string;
beforeAll(async () => {
  receiver = createServer((request, response) => void request.resume().on('end', () => response.writeHead(204).end()));
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  callbackUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/callback?token=hidden`;
  test = await openTestGateway({ WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' });
  shop = await test.newPos({ name: '<b>Corner</b>' });
  browser = await panelBrowser(test);
  page = `/panel/settings/pos/${shop.pos.id}`;
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
  receiver.close();
});

const stored = async (): Promise<Pos> => (await test.gateway.context.store.pos.get(shop.pos.id))!;
const lastEntry = async (): Promise<Record<string, unknown>> => {
  const [entry] = await test.gateway.context.store.audit.list({ subject: undefined, before: undefined, limit: 1 });
  return { action: entry?.action, ...(JSON.parse(entry?.details ?? '{}') as object) };
};
/** Sends the form as the page has it, with some fields changed. */
const save = async (changes: Readonly<Record<string, string>>): Promise<Answer> => {
  const fields = posFields(await stored());
  return browser.press(page, page, { ...fields, before: JSON.stringify(fields), ...changes });
};

describe('the settings of a POS', () => {
  it('are changed field by field, with what changed in the audit log', async () => {
    const changed = await save({
      name: 'Bar',
      spread: '0.5',
      tolerance: '0.25',
      tolerance_sats: '1000',
      callback_url: callbackUrl,
      try_again: '1',
      accent: '#123456',
      origins: 'https://shop.example\r\nhttps://www.shop.example',
    });
    expect([changed.status, changed.headers.get('location')]).toEqual([303, `${page}?note=saved`]);
    expect(await stored()).toMatchObject({
      name: 'Bar',
      rates: { provider: null, spreadBps: 50 },
      tolerance: { bps: 25, sats: 1000n },
      defaults: { callbackUrl },
      checkout: { allowsRetry: true },
      look: { accent: '#123456', origins: ['https://shop.example', 'https://www.shop.example'] },
    });
    expect(await lastEntry()).toMatchObject({
      action: 'pos.update',
      before: { name: '<b>Corner</b>', rate_spread_bps: 0 },
      after: { name: 'Bar', rate_spread_bps: 50 },
    });
    expect(JSON.stringify(await lastEntry())).not.toContain('hidden');
  });

  it('keep what somebody else changed while the page was open', async () => {
    const fields = posFields(await stored());
    await save({ support: 'help@shop.example' });
    await browser.press(page, page, { ...fields, before: JSON.stringify(fields), continue_url: 'https://shop.example/thanks' });
    expect(await stored()).toMatchObject({
      look: { support: 'help@shop.example' },
      defaults: { continueUrl: 'https://shop.example/thanks' },
    });
  });

  it.each([
    ['name', ' '],
    ['currency', 'euro'],
    ['callback_url', 'ftp://shop.example'],
    ['required_confirmations', 'many'],
    ['rate_provider', 'mtgox'],
    ['spread', '11'],
    ['tolerance', '0'],
    ['support', 'nobody'],
    ['accent', 'red'],
    ['origins', 'shop.example'],
    ['merchant', '00000000-0000-4000-8000-000000000000'],
    ['return_when', 'never'],
  ])('refuse %s %s beside the field, keep what was entered, and change nothing', async (name, value) => {
    const before = await stored();
    const { status, text } = await save({ [name]: value, tax: '', cancel_url: 'https://shop.example/kept' });
    expect(status).toBe(422);
    expect(text).toMatch(new RegExp(`<p class="fault" id="${name}-hint">`));
    expect(text).toContain('value="https://shop.example/kept"');
    expect(await stored()).toEqual(before);
  });

  it('show a preview without saving', async () => {
    const before = await stored();
    const { status, text } = await save({ accent: '#abcdef', preview: '1' });
    expect([status, text]).toEqual([200, expect.stringContaining('fill="#abcdef"')]);
    expect(await stored()).toEqual(before);
  });

  it('name the rate in the currency that it is for, also in a preview of another currency', async () => {
    const rateIn = ({ text }: Answer): string | undefined => /€[\d,.]+/.exec(text)?.[0];
    const before = rateIn(await browser.get(page));
    expect(before).toBeDefined();
    expect(rateIn(await save({ currency: 'USD', preview: '1' }))).toBe(before);
  });

  it('send a test event, and show the answer', async () => {
    const { text } = await browser.press(page, `${page}/test`);
    expect(text).toContain('the event was delivered');
    expect(text).not.toContain('<b>');
  });
});

describe('the logo of a POS', () => {
  it('is stored, shown and removed', async () => {
    expect((await browser.upload(page, `${page}/logo`, 'logo', pngOf(4, 4))).status).toBe(303);
    const { logo } = (await stored()).look;
    expect((await browser.get(page)).text).toContain(`src="/logos/${logo}"`);
    expect(await lastEntry()).toMatchObject({ action: 'pos.update', after: { logo } });
    await browser.upload(page, `${page}/logo`, 'remove', Buffer.from('1'));
    expect((await stored()).look.logo).toBeNull();
  });

  it('is refused if it is no image, runs scripts, or is too large', async () => {
    for (const bytes of [Buffer.from('text'), svgOf('<script/>'), Buffer.alloc(66_000, 1)]) {
      const { status, text } = await browser.upload(page, `${page}/logo`, 'logo', bytes);
      expect([status, text]).toEqual([422, expect.stringContaining('<p class="fault" id="logo-hint">')]);
    }
    expect((await browser.upload(page, `${page}/logo`, 'logo', Buffer.alloc(80_000, 1))).status).toBe(413);
    expect((await stored()).look.logo).toBeNull();
  });

  it('comes with the form of the page only: other forms take no file, and the key is needed', async () => {
    expect((await browser.upload(page, page, 'logo', pngOf(4, 4))).status).toBe(400);
    const { headers } = await browser.upload('/panel/missing-page', `${page}/logo`, 'logo', pngOf(4, 4));
    expect(headers.get('location')).not.toContain('saved');
    expect((await stored()).look.logo).toBeNull();
  });
});

describe('a business', () => {
  const NEW = '/panel/settings/merchants/new';
  const details = {
    name: 'Corner Shop',
    address: '1 High Street\r\nLondon',
    tax_id: 'GB123',
    email: '',
    phone: '',
    website: '',
    time_zone: 'Europe/London',
  };

  it('is created, changed, and given to a POS', async () => {
    const created = await browser.press(NEW, NEW, details);
    const [, id = ''] = /merchants\/([\da-f-]{36})\?note=saved$/.exec(created.headers.get('location') ?? '') ?? [];
    const path = `/panel/settings/merchants/${id}`;
    expect((await browser.press(path, path, { ...details, time_zone: 'Europe/Berlin' })).status).toBe(303);
    expect(await lastEntry()).toEqual({
      action: 'merchant.update',
      before: { time_zone: 'Europe/London' },
      after: { time_zone: 'Europe/Berlin' },
    });
    expect(await test.gateway.context.store.merchants.list()).toMatchObject([
      { name: 'Corner Shop', address: ['1 High Street', 'London'], timeZone: 'Europe/Berlin' },
    ]);
    await save({ merchant: id });
    expect((await stored()).merchantId).toBe(id);
    const { text } = await browser.get('/panel/settings');
    expect(text).toContain('Europe/Berlin');
    expect(text).toContain('€59,700');
  });

  it('is refused with its fields kept', async () => {
    const { status, text } = await browser.press(NEW, NEW, { ...details, name: '<i>', time_zone: 'Mars', email: 'x' });
    expect(status).toBe(422);
    for (const name of ['time_zone', 'email']) expect(text).toContain(`<p class="fault" id="${name}-hint">`);
    expect(text).toContain('value="&lt;i>"');
  });
});

it('what does not exist is not found', async () => {
  const missing = '00000000-0000-4000-8000-000000000000';
  for (const path of [`/panel/settings/pos/${missing}`, '/panel/settings/pos/x', `/panel/settings/merchants/${missing}`])
    expect((await browser.get(path)).status).toBe(404);
});

describe('settings in the API of the panel', () => {
  let other: Shop;
  let owner: string;
  let manager: string;
  beforeAll(async () => {
    const { context } = test.gateway;
    other = await test.newPos({ name: 'Theirs' });
    const scope = { kind: 'some', merchants: [], pos: [shop.pos.id] } as const;
    owner = (await issueToken(context, DAY_MS, { allowsDangerous: true })).secret;
    manager = (await issueToken(context, DAY_MS, { role: 'manager', scope })).secret;
  });
  const call = (method: string, path: string, token: string, body?: unknown): Promise<Answer> =>
    test.call(method, `/panel/api${path}`, { token, ...(body === undefined ? {} : { body }) });
  const errorsIn = ({ body }: Answer): string[] => Object.keys((body as { errors: object }).errors).sort();

  it('of a POS are changed one by one, reset with null, and stay when what was read is sent back', async () => {
    const path = `/pos/${shop.pos.id}`;
    const changes = {
      name: 'Kiosk',
      currency: 'CHF',
      type: 'mobile',
      callback_url: 'https://shop.example/c',
      required_confirmations: 2,
      rate_provider: 'kraken',
      rate_spread_bps: 5,
      tolerance_bps: 25,
      tolerance_sats: 1000,
      return_when: 'paid',
      try_again: true,
      transaction_changed: true,
      refund_events: true,
      accent: '#123456',
      origins: ['https://shop.example', 'https://www.shop.example'],
    };
    const changed = await call('PATCH', path, manager, { ...changes, logo: Buffer.from(pngOf(4, 4)).toString('base64') });
    expect([changed.status, changed.body]).toMatchObject([200, { ...changes, logo: expect.stringMatching(/./) }]);
    expect(await stored()).toMatchObject({ rates: { provider: 'kraken', spreadBps: 5 }, tolerance: { bps: 25, sats: 1000n } });
    expect(await lastEntry()).toMatchObject({ action: 'pos.update', after: { name: 'Kiosk', rate_spread_bps: 5 } });
    const before = await stored();
    const { account, logo, ...same } = changed.body as Record<string, unknown>;
    expect((await call('PATCH', path, manager, same)).body).toEqual({ ...same, account, logo });
    expect(await stored()).toEqual(before);
    const nothing = {
      callback_url: null,
      rate_provider: null,
      tolerance_bps: null,
      tolerance_sats: null,
      accent: null,
      logo: null,
    };
    const reset = await call('PATCH', path, manager, { ...nothing, origins: [], try_again: false });
    expect(reset.body).toMatchObject({ ...nothing, origins: [], try_again: false, name: 'Kiosk' });
  });

  it('are refused by the name of their field, and nothing is changed', async () => {
    const before = await stored();
    const wrong = {
      name: null,
      currency: 'euro',
      tolerance_bps: '25',
      try_again: 'yes',
      origins: 'x',
      rate_spread_bps: 1001,
      logo: 'x',
    };
    const refused = await call('PATCH', `/pos/${shop.pos.id}`, manager, { ...wrong, support: 'help@shop.example' });
    expect([refused.status, errorsIn(refused)]).toEqual([400, Object.keys(wrong).sort()]);
    const moved = await call('PATCH', `/pos/${shop.pos.id}`, owner, { account: other.account.id });
    expect([moved.status, errorsIn(moved)]).toEqual([400, ['account']]);
    const { body: merchant } = await call('POST', '/merchants', owner, { name: 'Not theirs' });
    const joined = await call('PATCH', `/pos/${shop.pos.id}`, manager, { merchant: (merchant as { uuid: string }).uuid });
    expect([joined.status, errorsIn(joined)]).toEqual([400, ['merchant']]);
    expect(await stored()).toEqual(before);
  });

  it('of other POS do not exist for a token of one', async () => {
    const listed = await call('GET', '/pos', manager);
    expect((listed.body as { pos: { uuid: string }[] }).pos.map(({ uuid }) => uuid)).toEqual([shop.pos.id]);
    for (const [method, body] of [['GET'], ['PATCH', { name: 'Mine' }]] as const)
      expect((await call(method, `/pos/${other.pos.id}`, manager, body)).status).toBe(404);
    expect((await call('GET', `/pos/${other.pos.id}`, owner)).body).toMatchObject({ name: 'Theirs', account: other.account.id });
  });

  it('create a POS that can log in at once, by a token that allows it', async () => {
    const wanted = { name: 'Second', account: other.account.id, currency: 'EUR', rate_spread_bps: 50 };
    const created = await call('POST', '/pos', owner, wanted);
    expect([created.status, created.body]).toMatchObject([201, { ...wanted, type: 'web', required_confirmations: 1 }]);
    expect(await lastEntry()).toMatchObject({ action: 'pos.create', after: { name: 'Second' } });
    const { client_id: id, secret } = created.body as { client_id: string; secret: string };
    expect(JSON.stringify(await lastEntry())).not.toContain(secret);
    const login = await test.call('POST', '/token', {
      headers: { authorization: basic(id, secret) },
      body: { grant_type: 'client_credentials', scope: '*' },
    });
    expect(login.status).toBe(200);
    expect(errorsIn(await call('POST', '/pos', owner, { account: other.account.id, currency: 'EUR' }))).toEqual(['name']);
    const unknown = { ...wanted, account: '00000000-0000-4000-8000-000000000000' };
    expect(errorsIn(await call('POST', '/pos', owner, unknown))).toEqual(['account']);
    const careful = (await issueToken(test.gateway.context, DAY_MS)).secret;
    const limited = (
      await issueToken(test.gateway.context, DAY_MS, {
        scope: { kind: 'some', merchants: [], pos: [shop.pos.id] },
        allowsDangerous: true,
      })
    ).secret;
    for (const token of [careful, limited, manager]) expect((await call('POST', '/pos', token, wanted)).status).toBe(403);
  });

  it('show the price and the rate of each POS', async () => {
    await call('PATCH', `/pos/${shop.pos.id}`, manager, { currency: 'EUR', rate_spread_bps: 1000 });
    const { rates } = (await call('GET', '/rates', manager)).body as { rates: { price: string; rate: string }[] };
    expect(rates).toMatchObject([{ pos: shop.pos.id, currency: 'EUR', rate_spread_bps: 1000, rate_provider: null }]);
    expect(Number(rates[0]!.rate)).toBeCloseTo(Number(rates[0]!.price) * 0.9, 2);
  });

  it('of merchants are read and changed, of those in scope', async () => {
    const created = await call('POST', '/merchants', owner, {
      name: 'Bakery',
      time_zone: 'Europe/Berlin',
      address: ['1 High Street', 'London'],
    });
    expect([created.status, created.body]).toMatchObject([
      201,
      { time_zone: 'Europe/Berlin', address: ['1 High Street', 'London'] },
    ]);
    const { uuid } = created.body as { uuid: string };
    const changed = await call('PATCH', `/merchants/${uuid}`, owner, { tax_id: 'DE1', address: [] });
    expect(changed.body).toMatchObject({ name: 'Bakery', tax_id: 'DE1', address: [] });
    expect((await call('GET', `/merchants/${uuid}`, owner)).body).toEqual(changed.body);
    expect((await call('PATCH', `/merchants/${uuid}`, manager, { name: 'X' })).status).toBe(404);
    expect((await call('GET', '/merchants', manager)).text).not.toContain(uuid);
    expect((await call('GET', '/merchants', owner)).text).toContain(uuid);
    expect((await call('POST', '/merchants', manager, { name: 'X' })).status).toBe(403);
    await call('PATCH', `/pos/${shop.pos.id}`, owner, { merchant: uuid });
    expect((await call('PATCH', `/merchants/${uuid}`, manager, { tax_id: null })).body).toMatchObject({ tax_id: null });
    const wrong = await call('PATCH', `/merchants/${uuid}`, manager, { time_zone: 'Mars', name: '' });
    expect([wrong.status, errorsIn(wrong)]).toEqual([400, ['name', 'time_zone']]);
  });
});
