import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPanelPerson, type TestBrowser } from '../../../../test/support/panel-people.ts';
import {
  basic,
  openTestGateway,
  testKey,
  type Answer,
  type Shop,
  type TestGateway,
} from '../../../../test/support/test-gateway.ts';
import { MINUTE_MS } from '../../../kernel/durations.ts';
import { parseId, type AccountId } from '../../../kernel/ids.ts';
import { issueToken } from '../../../services/people/panel-access.ts';
import { parseAccount } from '../../../wallet/descriptor/parse-account.ts';

const NEW = '/panel/settings/pos/new';

let test: TestGateway;
let shop: Shop;
let owner: TestBrowser;
beforeAll(async () => {
  test = await openTestGateway();
  shop = await test.newPos();
  owner = (await newPanelPerson(test, 'owner')).browser;
});
afterAll(() => test[Symbol.asyncDispose]());

const logIn = (clientId: string, secret: string): Promise<Answer> =>
  test.call('POST', '/token', {
    headers: { authorization: basic(clientId, secret) },
    body: { grant_type: 'client_credentials', scope: '*' },
  });
const entriesOf = async (id: string) => {
  const { audit } = test.gateway.context.store;
  return audit.list({ subject: { kind: 'pos', id }, before: undefined, limit: 9 });
};
const actionsOf = async (id: string): Promise<string[]> => (await entriesOf(id)).map(({ action }) => action);

describe('a point of sale that is created in the browser', () => {
  it('gets a wallet that is chosen from the authentic ones, and its secrets are shown once', async () => {
    const { store } = test.gateway.context;
    const unsealed = parseId<AccountId>('0b0e6a3c-2a58-4a57-9f0a-1c1a4f1f9d77');
    const { descriptor } = parseAccount({ xpub: testKey(77) }, 'regtest');
    await store.accounts.insert({ ...shop.account, id: unsealed, name: 'Theirs', descriptor, seal: null });
    const form = (await owner.get(NEW)).text;
    expect([form.includes(`value="${shop.account.id}"`), form.includes(unsealed)]).toEqual([true, false]);
    const fields = { name: 'Bar <b>2</b>', account: shop.account.id, currency: 'EUR', merchant: '', type: 'mobile' };
    const created = await owner.press(NEW, fields);
    expect([created.status, created.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const [clientId = '', secret = ''] = [...created.text.matchAll(/<code[^>]*>(?:<[^>]+>)?([\da-f]{32,64})</g)].map(
      ([, shown]) => shown,
    );
    const pos = (await store.pos.list()).find((one) => one.clientId === clientId)!;
    expect(pos).toMatchObject({
      name: 'Bar <b>2</b>',
      type: 'mobile',
      currency: 'EUR',
      accountId: shop.account.id,
      active: true,
    });
    expect(created.text).not.toContain('<b>2');
    const { body } = await logIn(clientId, secret);
    const { access_token: token } = body as { access_token: string };
    expect((await test.call('POST', '/payment-order', { token, body: { amount: '1.00' } })).status).toBe(201);
    const entries = await entriesOf(pos.id);
    expect(entries).toMatchObject([{ action: 'pos.create', actor: { kind: 'person' } }]);
    for (const { text } of [await owner.get(`/panel/settings/pos/${pos.id}`), await owner.get('/panel/settings/secrets')])
      expect(text).not.toContain(secret);
    expect(JSON.stringify(entries)).not.toContain(secret);
    // With another wallet than those that were offered, or without a name, nothing is created.
    const before = (await store.pos.list()).length;
    for (const [wrong, field] of [
      [{ account: unsealed }, 'account'],
      [{ account: '' }, 'account'],
      [{ name: '' }, 'name'],
      [{ currency: 'XXX1' }, 'currency'],
      [{ merchant: '00000000-0000-4000-8000-000000000000' }, 'merchant'],
    ] as const) {
      const refused = await owner.press(NEW, { ...fields, ...wrong });
      expect([field, refused.status]).toEqual([field, 422]);
      expect(refused.text).toMatch(new RegExp(`<p class="fault" id="${field}-hint">`));
    }
    expect(await store.pos.list()).toHaveLength(before);
  });

  it('is for owners who see all points of sale, after a proof of who they are', async () => {
    const { store } = test.gateway.context;
    const before = await store.pos.list();
    const fields = { name: 'X', account: shop.account.id, currency: 'EUR', type: 'web' };
    const some = await newPanelPerson(test, 'owner', { kind: 'some', merchants: [], pos: [shop.pos.id] });
    expect([(await some.browser.get(NEW)).status, (await some.browser.press(NEW, fields)).status]).toEqual([404, 404]);
    expect((await some.browser.get('/panel/settings')).text).not.toContain(NEW);
    expect((await owner.get('/panel/settings')).text).toContain(NEW);
    const { browser } = await newPanelPerson(test, 'owner');
    test.clock.advance(6 * MINUTE_MS);
    const asked = await browser.press(NEW, fields);
    expect([asked.status, asked.text.includes('name="waiting"')]).toEqual([403, true]);
    const switched = await browser.press(`/panel/settings/pos/${shop.pos.id}/disable`);
    expect(switched.status).toBe(403);
    expect(await store.pos.list()).toEqual(before);
  });
});

describe('a point of sale that is disabled', () => {
  it('cannot log in until it is enabled again, by page or by API, and the log says who did it', async () => {
    const { pos, secret, token } = await test.newPos();
    const { browser } = await newPanelPerson(test, 'owner');
    const path = `/panel/settings/pos/${pos.id}`;
    expect((await browser.press(`${path}/disable`)).status).toBe(303);
    expect([(await logIn(pos.clientId, secret)).status, (await browser.get(path)).text.includes('badge bad')]).toEqual([
      401,
      true,
    ]);
    expect((await test.call('GET', '/payment-order', { token })).status).toBe(401);
    // What is as wanted is no entry.
    await browser.press(`${path}/disable`);
    await browser.press(`${path}/enable`);
    expect([(await logIn(pos.clientId, secret)).status, (await browser.get(path)).text.includes('badge bad')]).toEqual([
      200,
      false,
    ]);
    expect(await actionsOf(pos.id)).toEqual(['pos.enable', 'pos.disable']);
    const dangerous = (await issueToken(test.gateway.context, MINUTE_MS, { allowsDangerous: true })).secret;
    const careful = (await issueToken(test.gateway.context, MINUTE_MS)).secret;
    const press = (api: string, how: string) => test.call('POST', `/panel/api/pos/${pos.id}/${how}`, { token: api, body: {} });
    expect((await press(careful, 'disable')).status).toBe(403);
    expect((await press(dangerous, 'disable')).body).toMatchObject({ uuid: pos.id, active: false });
    expect((await press(dangerous, 'enable')).body).toMatchObject({ uuid: pos.id, active: true });
    expect(await actionsOf(pos.id)).toEqual(['pos.enable', 'pos.disable', 'pos.enable', 'pos.disable']);
    const other = await newPanelPerson(test, 'owner', { kind: 'some', merchants: [], pos: [shop.pos.id] });
    expect((await other.browser.press(`${path}/disable`)).status).toBe(404);
  });
});
