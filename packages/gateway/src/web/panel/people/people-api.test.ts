import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPanelPerson } from '../../../../test/support/panel-people.ts';
import { openTestGateway, type Answer, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { DAY_MS } from '../../../kernel/durations.ts';
import type { PosId } from '../../../kernel/ids.ts';
import { changeTerms } from '../../../services/merchants/change-terms.ts';
import { createMerchant } from '../../../services/merchants/create-merchant.ts';
import { issueToken } from '../../../services/people/panel-access.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

let test: TestGateway;
let owner: string;
let careful: string;
let ofOnePos: string;
let pos: string;
beforeAll(async () => {
  test = await openTestGateway();
  pos = (await test.newPos()).pos.id;
  const { context } = test.gateway;
  const scope = { kind: 'some', merchants: [], pos: [pos as never] } as const;
  owner = (await issueToken(context, DAY_MS, { name: 'hr', allowsDangerous: true })).secret;
  careful = (await issueToken(context, DAY_MS)).secret;
  ofOnePos = (await issueToken(context, DAY_MS, { scope, allowsDangerous: true })).secret;
});
afterAll(() => test[Symbol.asyncDispose]());

const call = (method: string, path: string, token: string, body?: unknown): Promise<Answer> =>
  test.call(method, `/panel/api${path}`, { token, ...(body === undefined ? {} : { body }) });
const errorsOf = ({ body }: Answer): unknown => (body as { errors?: unknown }).errors;

describe('people in the API of the panel', () => {
  it('are invited with a link that works once, read, changed, kept out and let in', async () => {
    const invited = await call('POST', '/people', owner, { login: 'Ada', role: 'cashier', pos: [pos] });
    expect([invited.status, invited.body]).toMatchObject([201, { login: 'ada', name: 'ada', role: 'cashier', pos: [pos] }]);
    const { uuid, link } = invited.body as { uuid: string; link: string };
    const welcome = new URL(link);
    expect((await test.call('GET', `${welcome.pathname}${welcome.search}`)).status).toBe(200);
    const changed = await call('PATCH', `/people/${uuid}`, owner, { name: 'Ada L.', role: 'manager', all_pos: true });
    expect(changed.body).toMatchObject({ name: 'Ada L.', role: 'manager', pos: null, merchants: null });
    expect((await call('PATCH', `/people/${uuid}`, owner, { email: 'ada@shop.example' })).body).toMatchObject({
      role: 'manager',
    });
    expect((await call('PATCH', `/people/${uuid}`, owner, { email: null })).body).toMatchObject({ email: null });
    expect((await call('POST', `/people/${uuid}/disable`, owner)).body).toMatchObject({ disabled_at: expect.any(String) });
    expect((await test.call('GET', `${welcome.pathname}${welcome.search}`)).status).toBe(404);
    expect((await call('POST', `/people/${uuid}/enable`, owner)).body).toMatchObject({ disabled_at: null });
    for (const again of ['invite', 'reset'])
      expect((await call('POST', `/people/${uuid}/${again}`, owner)).body).toMatchObject({
        link: expect.stringContaining('code='),
      });
    const [entry] = await test.gateway.context.store.audit.list({ subject: undefined, before: undefined, limit: 1 });
    expect(entry).toMatchObject({ action: 'person.reset', subject: { kind: 'person', id: uuid }, actor: { name: 'hr' } });
  });

  it('are listed in pages', async () => {
    await newPanelPerson(test, 'accountant');
    const first = (await call('GET', '/people?limit=1', owner)).body as { people: { login: string }[]; next: string };
    expect([first.people.length, first.next]).toEqual([1, first.people[0]!.login]);
    const second = (await call('GET', `/people?after=${first.next}`, owner)).body as typeof first;
    expect(second.people.map(({ login }) => login)).not.toContain(first.next);
    expect(second.next).toBeNull();
  });

  it('lose one session or all of them', async () => {
    const { person, browser } = await newPanelPerson(test, 'manager');
    const other = await newPanelPerson(test, 'manager');
    const { sessions } = (await call('GET', `/people/${person.id}`, owner)).body as { sessions: { uuid: string }[] };
    const [{ uuid } = { uuid: '' }] = sessions;
    expect((await call('DELETE', `/people/${other.person.id}/sessions/${uuid}`, owner)).status).toBe(404);
    expect((await browser.get('/panel/profile')).status).toBe(200);
    expect((await call('DELETE', `/people/${person.id}/sessions/${uuid}`, owner)).status).toBe(204);
    expect((await browser.get('/panel/profile')).status).toBe(303);
    expect((await call('POST', `/people/${other.person.id}/sessions/end`, owner)).body).toEqual({ ended: 1 });
    expect((await other.browser.get('/panel/profile')).status).toBe(303);
  });

  it('need a token that allows what is dangerous, and sees all POS', async () => {
    const { person } = await newPanelPerson(test, 'cashier');
    const dangerous = [
      ['POST', '/people', { login: 'eve', role: 'owner' }],
      ['PATCH', `/people/${person.id}`, { role: 'owner' }],
      ...['disable', 'enable', 'invite', 'reset'].map((action) => ['POST', `/people/${person.id}/${action}`, undefined]),
    ] as [string, string, unknown][];
    for (const [method, path, body] of dangerous)
      for (const token of [careful, ofOnePos])
        expect((await call(method, path, token, body)).status, `${method} ${path}`).toBe(403);
    for (const path of ['/people', `/people/${person.id}`]) {
      expect((await call('GET', path, careful)).status).toBe(200);
      expect((await call('GET', path, ofOnePos)).status).toBe(403);
    }
    expect(await test.gateway.context.store.people.get(person.id)).toMatchObject({ role: 'cashier', disabledAt: null });
    expect(await test.gateway.context.store.people.byLogin('eve')).toBeUndefined();
  });

  it.each([
    [
      { login: 'two words', role: 'boss' },
      { login: [expect.any(String)], role: [expect.any(String)] },
    ],
    [{ role: 'owner' }, { login: ['is required'] }],
    [{ login: 'bob', role: 'owner', pos: 'all' }, { pos: [expect.any(String)] }],
    [{ login: 'bob', role: 'owner', pos: [UNKNOWN] }, { pos: [`no POS with id ${UNKNOWN}`] }],
    [{ login: 'bob', role: 'owner', merchants: [UNKNOWN] }, { merchants: [`no merchant with id ${UNKNOWN}`] }],
    [{ login: 'bob', role: 'owner', merchants: [UNKNOWN], all_pos: true }, { all_pos: [expect.any(String)] }],
  ])('are refused with %j', async (body, errors) => {
    const refused = await call('POST', '/people', owner, body);
    expect([refused.status, errorsOf(refused)]).toEqual([400, errors]);
  });

  it('are refused with a login that somebody has, and without a change', async () => {
    const { person } = await newPanelPerson(test, 'cashier');
    const taken = await call('POST', '/people', owner, { login: person.login, role: 'cashier' });
    expect([taken.status, errorsOf(taken)]).toMatchObject([400, { login: [expect.any(String)] }]);
    expect((await call('PATCH', `/people/${person.id}`, owner, { nonsense: 1 })).status).toBe(400);
    expect((await call('PATCH', `/people/${UNKNOWN}`, owner, { name: 'X' })).status).toBe(404);
  });
});

describe('the audit log in the API of the panel', () => {
  const positions = ({ body }: Answer): number[] =>
    (body as { entries: { position: number }[] }).entries.map(({ position }) => position);

  it('is listed in pages, with filters', async () => {
    const { uuid } = (await call('POST', '/people', owner, { login: 'listed', role: 'cashier' })).body as { uuid: string };
    await call('PATCH', `/people/${uuid}`, owner, { name: 'Listed' });
    const about = await call('GET', `/audit?subject=${uuid}&actor=hr`, owner);
    expect(about.body).toMatchObject({
      entries: [
        { action: 'person.change', subject: { kind: 'person', id: uuid }, details: { after: { name: 'Listed' } } },
        { action: 'person.create' },
      ],
      next: null,
      is_cut_off: false,
    });
    const created = await call('GET', `/audit?subject=person+${uuid}&action=person.create`, owner);
    expect(positions(created)).toEqual(positions(about).slice(1));
    const [page, second] = [await call('GET', '/audit?limit=1', owner), await call('GET', '/audit?limit=2', owner)];
    const { next } = page.body as { next: number };
    expect(positions(await call('GET', `/audit?limit=1&before=${next}`, owner))).toEqual(positions(second).slice(1));
    expect(positions(await call('GET', '/audit?until=2020-01-01T00:00:00Z', owner))).toEqual([]);
    expect(positions(await call('GET', '/audit?since=2020-01-01T00:00:00Z&limit=1', owner))).toEqual(positions(page));
  });

  it('is not for a token that sees some POS only, and refuses unknown filters', async () => {
    expect((await call('GET', '/audit', ofOnePos)).status).toBe(403);
    const refused = await call('GET', '/audit?action=A%25&subject=a+b&since=today&before=x', owner);
    expect([refused.status, Object.keys(errorsOf(refused) as object).sort()]).toEqual([
      400,
      ['action', 'before', 'since', 'subject'],
    ]);
  });

  it('has the same filters on its page, which keep what was typed', async () => {
    const { browser } = await newPanelPerson(test, 'owner');
    const typed = `subject=${encodeURIComponent('person "<b>')}&action=person.create&actor=hr`;
    const none = await browser.get(`/panel/audit?${typed}`);
    expect([none.status, none.text.includes('person &quot;'), none.text.includes('<time')]).toEqual([200, true, false]);
    const some = await browser.get('/panel/audit?action=person.create&actor=hr&from=2026-11-23&to=2026-11-23');
    expect(some.text).toContain('person.create');
    expect(some.text).not.toContain('person.change');
    expect((await browser.get('/panel/audit?to=2026-11-22')).text).not.toContain('<time');
  });

  it('has the days of the merchant on its page, if all POS have the same', async () => {
    const { context } = test.gateway;
    const { browser } = await newPanelPerson(test, 'owner');
    const { id } = await createMerchant(context, { kind: 'command' }, { name: 'Far east', timeZone: 'Asia/Tokyo' });
    await changeTerms(context, { kind: 'command' }, pos as PosId, { merchantId: id });
    // In Tokyo it is 3:00 of the next day.
    const created = (day: string) => browser.get(`/panel/audit?action=merchant.create&from=${day}&to=${day}`);
    const [sameDay, nextDay] = [await created('2026-11-23'), await created('2026-11-24')];
    expect([sameDay.text.includes('<time'), nextDay.text.includes('<time')]).toEqual([false, true]);
    expect(nextDay.text.replaceAll(/<[^>]+>/g, '')).toContain('of the time zone Asia/Tokyo.');
  });
});
