import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPanelPerson } from '../../../../test/support/panel-people.ts';
import { assertError } from '../../../../test/support/shapes.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { MINUTE_MS } from '../../../kernel/durations.ts';
import type { LinkId } from '../../../kernel/ids.ts';
import { issueCode, issueToken } from '../../../services/people/panel-access.ts';

const MISSING = '00000000-0000-4000-8000-000000000000';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const EVIL = '<img src=x onerror=alert(1)>';

let test: TestGateway;
let shop: Shop;
let token: string;
let cookie: string;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_RATE_LIMIT_PAGES: '0' });
  shop = await test.newPos({ name: `Corner ${EVIL}` });
  token = (await issueToken(test.gateway.context, 86_400_000)).secret;
  const { secret } = await issueCode(test.gateway.context);
  const entered = await test.call('POST', '/panel/login', {
    headers: FORM,
    body: new URLSearchParams({ code: secret }).toString(),
  });
  cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
});
afterAll(() => test[Symbol.asyncDispose]());

const get = (path: string): Promise<Answer> => test.call('GET', `/panel/links${path}`, { headers: { cookie } });

async function press(path: string, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const [, key = ''] = /name="form_key" value="([^"]+)"/.exec((await get('')).text) ?? [];
  const body = new URLSearchParams({ form_key: key, ...fields }).toString();
  return test.call('POST', `/panel/links${path}`, { headers: { ...FORM, cookie }, body });
}

const api = (method: string, path: string, body?: unknown): Promise<Answer> =>
  test.call(method, `/panel/api/links${path}`, { token, ...(body === undefined ? {} : { body }) });

interface Link {
  readonly uuid: string;
  readonly url: string;
  readonly name: string;
}

const newLink = async (fields: Readonly<Record<string, unknown>> = {}): Promise<Link> => {
  const answer = await api('POST', '', { pos: shop.pos.id, title: 'Coffee', amount: '3.50', ...fields });
  expect([answer.status, answer.text]).toEqual([201, expect.stringContaining('"uuid"')]);
  return answer.body as Link;
};

const auditOf = async (id: string): Promise<string[]> => {
  const entries = await test.gateway.context.store.audit.list({ subject: { kind: 'link', id }, before: undefined, limit: 9 });
  return entries.map(({ action }) => action);
};

describe('the pages of payment links', () => {
  it('create, edit, disable and enable a link, and record who did', async () => {
    const fields = { pos: shop.pos.id, name: 'tip-jar', title: `Tip ${EVIL}`, description: EVIL, min_amount: '1', quantity: '9' };
    const created = await press('/new', fields);
    const path = created.headers.get('location')!;
    expect([created.status, path]).toEqual([303, expect.stringMatching(/^\/panel\/links\/[\w-]{36}$/)]);
    const id = path.slice('/panel/links/'.length);
    for (const page of ['', `/${id}`, `/${id}/edit`, `/${id}/poster`]) {
      const { status, text } = await get(page);
      expect([page, status]).toEqual([page, 200]);
      expect(text).toContain('Tip &lt;img');
      expect(text).not.toContain('<img');
    }
    expect((await get(`/${id}`)).text).toContain(`&lt;a href=&quot;${test.gateway.url}/l/tip-jar&quot; style=&quot;`);
    expect((await get(`/${id}/poster`)).text).toContain('<svg class="qr"');
    expect((await press(`/${id}/edit`, { title: 'Tip', amount: '2.00', expires_at: '2030-01-01T12:00' })).status).toBe(303);
    await press(`/${id}/disable`);
    expect((await get(`/${id}`)).text).toContain('Disabled');
    expect((await test.call('GET', '/l/tip-jar')).status).toBe(410);
    await press(`/${id}/enable`);
    expect((await test.call('GET', '/l/tip-jar')).text).toContain('€2.00');
    expect(await auditOf(id)).toEqual(['link.enable', 'link.disable', 'link.update', 'link.create']);
    expect((await api('GET', `/${id}`)).body).toMatchObject({ expires_at: '2030-01-01T12:00:00.000Z', quantity: null });
  });

  it('show what is wrong beside its field, and keep what was typed', async () => {
    const { name } = await newLink({ name: 'taken' });
    const refused = await press('/new', { pos: shop.pos.id, name, title: `"${EVIL}`, amount: '1.234', quantity: '0' });
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/id="amount-fault" role="alert">Please enter an amount above 0/);
    expect(refused.text).toMatch(/id="quantity-fault"/);
    expect(refused.text).toContain('value="&quot;&lt;img');
    expect(refused.text).not.toContain('<img');
    expect((await press('/new', { pos: shop.pos.id, name, title: 'x' })).text).toMatch(
      /id="name-fault" role="alert">Another link has/,
    );
    expect((await press('/new', { pos: MISSING, title: 'x' })).status).toBe(404);
  });

  it('read amounts as the reader writes them', async () => {
    const { uuid } = await newLink();
    const german = { headers: { cookie, 'accept-language': 'de' } };
    expect((await test.call('GET', `/panel/links/${uuid}/edit`, german)).text).toContain('value="3,50"');
    const key = /name="form_key" value="([^"]+)"/.exec((await get('')).text)![1]!;
    const body = new URLSearchParams({ form_key: key, title: 'Kaffee', amount: '1.250,50' }).toString();
    await test.call('POST', `/panel/links/${uuid}/edit`, { headers: { ...FORM, ...german.headers }, body });
    expect((await api('GET', `/${uuid}`)).body).toMatchObject({ amount: '1250.50' });
  });

  it('do not exist for unknown links, and do nothing without the key of the session', async () => {
    for (const path of [`/${MISSING}`, '/x', `/${MISSING}/poster`, `/${MISSING}/edit`])
      expect((await get(path)).status).toBe(404);
    for (const path of [`/${MISSING}/edit`, `/${MISSING}/disable`]) expect((await press(path)).status).toBe(404);
    const { uuid } = await newLink();
    const forged = await press(`/${uuid}/disable`, { form_key: 'x' });
    expect(forged.headers.get('location')).toBe('/panel/links');
    expect((await api('GET', `/${uuid}`)).body).toMatchObject({ active: true });
  });

  it('list the orders of a link', async () => {
    const { uuid, name } = await newLink();
    const paid = await test.call('POST', `/l/${name}`, { headers: FORM, body: 'token=' });
    const order = /checkout\/([\w-]+)/.exec(paid.headers.get('location')!)![1]!;
    const { text } = await get(`/${uuid}`);
    expect([text.includes(`href="/panel/orders/${order}"`), text.includes('/checkout/')]).toEqual([true, false]);
    expect((await test.call('GET', `/panel/orders/${order}`, { headers: { cookie } })).status).toBe(200);
    expect((await api('GET', `/${uuid}/orders`)).body).toMatchObject({
      orders: [{ uuid: order, status: 'pending' }],
      next: null,
    });
  });
});

describe('payment links in the API', () => {
  it('are created with a name that nobody guesses, changed in part, and listed by pages', async () => {
    // Ids are sorted by the millisecond.
    test.clock.advance(1);
    const first = await newLink({ quantity: 3, takes_note: true });
    expect(first.name).toMatch(/^[2-9a-z]{16}$/);
    test.clock.advance(1);
    const second = await newLink();
    const page = (await api('GET', '?limit=1')).body as { links: Link[]; next: string };
    expect(page).toMatchObject({ links: [{ uuid: second.uuid }], next: second.uuid });
    const next = (await api('GET', `?limit=1&pos=${shop.pos.id}&before=${page.next}`)).body;
    expect(next).toMatchObject({ links: [{ uuid: first.uuid }] });
    const changed = await api('PATCH', `/${first.uuid}`, { title: 'Tea', quantity: null, active: false });
    expect(changed.body).toMatchObject({ title: 'Tea', quantity: null, active: false, amount: '3.50', takes_note: true });
    expect(await auditOf(first.uuid)).toEqual(['link.disable', 'link.update', 'link.create']);
  });

  it('name every field that is wrong', async () => {
    const pos = shop.pos.id;
    const fieldsOf = (answer: Answer): string[] => Object.keys((answer.body as { errors: object }).errors);
    const wrong = await api('POST', '', { pos, title: '', amount: '0', quantity: '1.5', expires_at: 'soon', name: 'Ä' });
    assertError(wrong, 400, '0001');
    expect(fieldsOf(wrong).sort()).toEqual(['amount', 'expires_at', 'name', 'quantity', 'title']);
    expect(fieldsOf(await api('POST', '', { pos, title: 5 }))).toEqual(['title']);
    expect(fieldsOf(await api('POST', '', { pos, title: 'x', takes_note: 'yes' }))).toEqual(['takes_note']);
    expect(fieldsOf(await api('POST', '', { title: 'x' }))).toEqual(['pos']);
    assertError(await api('POST', '', { pos: MISSING, title: 'x' }), 404, '3001');
    assertError(await api('GET', `/${MISSING}`), 404, '3001');
    assertError(await api('PATCH', '/x', {}), 404, '3001');
  });
});

describe('somebody who sees one point of sale', () => {
  it('neither sees, changes, prints nor makes links of another, by page or by API', async () => {
    const { context } = test.gateway;
    const other = await test.newPos({ name: 'Theirs' });
    const [mine, theirs] = [await newLink({ title: 'Mine' }), await newLink({ pos: other.pos.id, title: 'Theirs only' })];
    await test.call('POST', `/l/${theirs.name}`, { headers: FORM, body: 'token=' });
    const before = await context.store.links.get(theirs.uuid as LinkId);
    const scope = { kind: 'some', merchants: [], pos: [shop.pos.id] } as const;
    const { browser } = await newPanelPerson(test, 'manager', scope);
    const manager = (await issueToken(context, MINUTE_MS, { role: 'manager', scope })).secret;
    const asked = (method: string, path: string, body?: unknown): Promise<Answer> =>
      test.call(method, `/panel/api/links${path}`, { token: manager, ...(body === undefined ? {} : { body }) });

    for (const page of ['', '/poster', '/edit']) {
      expect([page, (await browser.get(`/panel/links/${mine.uuid}${page}`)).status]).toEqual([page, 200]);
      expect([page, (await browser.get(`/panel/links/${theirs.uuid}${page}`)).status]).toEqual([page, 404]);
    }
    for (const query of ['', `?pos=${other.pos.id}`, `?before=${theirs.uuid}`])
      expect((await browser.get(`/panel/links${query}`)).text).not.toContain('Theirs only');
    expect((await browser.get('/panel/links')).text).toContain('Mine');
    expect((await browser.get('/panel/links/new')).text).not.toContain(other.pos.id);
    const fields = { title: 'Stolen', amount: '1.00' };
    for (const action of ['edit', 'disable', 'enable'])
      expect([action, (await browser.press(`/panel/links/${theirs.uuid}/${action}`, fields)).status]).toEqual([action, 404]);
    expect((await browser.press('/panel/links/new', { ...fields, pos: other.pos.id })).status).toBe(404);

    assertError(await asked('GET', `?pos=${other.pos.id}`), 404, '3001');
    expect((await asked('GET', '?limit=100')).text).not.toContain(theirs.uuid);
    for (const [method, path, body] of [
      ['GET', `/${theirs.uuid}`],
      ['GET', `/${theirs.uuid}/orders`],
      ['PATCH', `/${theirs.uuid}`, { ...fields, active: false }],
      ['POST', '', { ...fields, pos: other.pos.id }],
    ] as const)
      assertError(await asked(method, path, body), 404, '3001');
    expect(await context.store.links.get(theirs.uuid as LinkId)).toEqual(before);
    expect(await context.store.links.list({ posIds: [other.pos.id], before: undefined, limit: 9 })).toHaveLength(1);
  });
});
