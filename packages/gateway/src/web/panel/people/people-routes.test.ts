import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserWith, cookiesOf, newPanelPerson, sendForm } from '../../../../test/support/panel-people.ts';
import { newTestPasskey } from '../../../../test/support/test-passkey.ts';
import { openTestGateway, type Answer, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { MINUTE_MS } from '../../../kernel/durations.ts';
import { parseId, type PosId } from '../../../kernel/ids.ts';
import type { Role } from '../../../people/role.ts';
import { MAX_SCOPE_IDS } from '../../../people/scope.ts';
import { totpCode, totpStep } from '../../../security/totp.ts';
import { verifyAuditLog } from '../../../services/audit/audit-log.ts';
import { changePos } from '../../../services/merchants/change-pos.ts';
import { createMerchant } from '../../../services/merchants/create-merchant.ts';
import { signed } from '../../../services/people/authentic.ts';
import { logIn } from '../../../services/people/log-in.ts';
import { challengeFor, proveByPasskey } from '../../../services/people/prove.ts';
import { changePerson, createPerson, resetPerson } from '../../../services/people/manage-people.ts';

const COMMAND = { kind: 'command' } as const;
const PASSWORD = 'a long walk along the river';

let test: TestGateway;
beforeAll(async () => {
  test = await openTestGateway();
});
afterAll(() => test[Symbol.asyncDispose]());

const field = ({ text }: Answer, name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
const redirect = ({ status, headers }: Answer): unknown[] => [status, headers.get('location')];

/** Sets a password up from an invitation, and returns what the person needs to log in. */
async function setUp(role: Role = 'manager') {
  const { person, invitation } = await newPanelPerson(test, role);
  const page = await test.call('GET', `/panel/welcome?code=${invitation.secret}`);
  const secret = /<code translate="no">((?:[A-Z2-7]{4} ?)+)<\/code>/.exec(page.text)?.[1]?.replaceAll(' ', '') ?? '';
  const digits = (shift = 0): string => totpCode(secret, totpStep(test.clock.now()) + shift);
  const fields = { code: invitation.secret, totp: field(page, 'totp'), password: PASSWORD, repeated: PASSWORD };
  const done = await sendForm(test, '/panel/welcome', { ...fields, digits: digits() });
  const recovery = [...done.text.matchAll(/<code dir="ltr">([\w-]+)<\/code>/g)].map(([, code = '']) => code);
  const enter = (password: string, code: string, login = person.login, cookie = ''): Promise<Answer> =>
    sendForm(test, '/panel/login/password', { login, password, code }, cookie === '' ? {} : { cookie });
  return { person, invitation, page, done, recovery, digits, enter, fields };
}

describe('a login by password', () => {
  it('is set up once from an invitation, and opens sessions with codes that work once', async () => {
    const { person, done, recovery, digits, enter, fields } = await setUp();
    expect([done.status, recovery.length, new Set(recovery).size]).toEqual([200, 10, 10]);
    expect((await browserWith(test, cookiesOf(done)).get('/panel/callbacks')).status).toBe(200);
    expect((await sendForm(test, '/panel/welcome', { ...fields, digits: digits() })).status).toBe(404);
    // The code that set the app up is used.
    expect((await enter(PASSWORD, digits())).status).toBe(401);
    test.clock.advance(30_000);
    const entered = await enter(PASSWORD, digits(), person.login.toUpperCase());
    expect(redirect(entered)).toEqual([303, '/panel']);
    expect((await enter(PASSWORD, digits())).status).toBe(401);
    expect((await enter(PASSWORD, recovery[0]!)).status).toBe(303);
    expect((await enter(PASSWORD, recovery[0]!)).status).toBe(401);
    expect((await enter('another password', recovery[1]!)).status).toBe(401);
    expect((await enter(PASSWORD, recovery[1]!.toLowerCase())).status).toBe(303);
  });

  it('gives the same answer for every reason to refuse it', async () => {
    const { person, digits, enter } = await setUp();
    test.clock.advance(30_000);
    const wrong = [
      await enter('another password', digits()),
      await enter(PASSWORD, '000000'),
      await enter(PASSWORD, digits(), 'nobody'),
      await enter('', ''),
    ];
    await changePerson(test.gateway.context, COMMAND, person.id, { enabled: false });
    wrong.push(await enter(PASSWORD, digits()));
    const withoutChallenge = wrong.map(({ status, text }) => [status, text]);
    expect(new Set(withoutChallenge.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(wrong[0]!.status).toBe(401);
  });

  it.each([
    ['short', 'short'],
    ['common', 'password1234'],
  ])('refuses a password that is %s', async (_fault, password) => {
    const { person } = await createPerson(test.gateway.context, COMMAND, {
      login: `new${password}`,
      name: 'New',
      email: null,
      role: 'cashier',
      scope: { kind: 'all' },
    });
    const { invitation } = await resetPerson(test.gateway.context, COMMAND, person.id);
    const page = await test.call('GET', `/panel/welcome?code=${invitation.secret}`);
    const fields = { code: invitation.secret, totp: field(page, 'totp'), password, repeated: password, digits: '0' };
    expect((await sendForm(test, '/panel/welcome', fields)).status).toBe(422);
    expect((await test.call('GET', `/panel/welcome?code=${invitation.secret}`)).status).toBe(200);
  });
});

describe('the answer of a passkey', () => {
  it('counts once, for what its challenge was made for', async () => {
    const { context } = test.gateway;
    const { person } = await newPanelPerson(test, 'manager');
    const key = newTestPasskey('panel.invalid');
    const row = { id: key.id, personId: person.id, name: 'Key', publicKey: key.publicKey, counter: 0, transports: '' };
    const stored = { ...row, createdAt: test.clock.now(), lastUsedAt: null };
    await context.store.passkeys.insert(signed('passkey', stored, context.keys.people));
    const place = { userAgent: '', address: '192.0.2.1' };
    const opens = async (answer: string): Promise<boolean> => {
      const proof = await proveByPasskey(context, key.site, answer, 'login');
      return proof !== undefined && (await logIn(context, proof, place)) !== undefined;
    };
    const answer = key.answer(challengeFor(context, 'login'));
    expect(await opens(answer)).toBe(true);
    expect(await opens(answer)).toBe(false);
    expect(await opens(key.answer(challengeFor(context, 'confirm')))).toBe(false);
    const late = key.answer(challengeFor(context, 'login'));
    test.clock.advance(5 * MINUTE_MS);
    expect(await opens(late)).toBe(false);
    expect(await opens(key.answer(challengeFor(context, 'login')))).toBe(true);
  });
});

describe('a session', () => {
  it('ends at the next request when its person is disabled, loses a role, or ends it elsewhere', async () => {
    const { context } = test.gateway;
    const { person, browser } = await newPanelPerson(test, 'manager');
    expect((await browser.get('/panel/callbacks')).status).toBe(200);
    await changePerson(context, COMMAND, person.id, { role: 'cashier' });
    expect(redirect(await browser.get('/panel/callbacks'))).toEqual([303, '/panel/login']);
    const owner = await newPanelPerson(test, 'owner');
    const victim = await newPanelPerson(test, 'accountant');
    const [session] = await context.store.sessions.ofPerson(victim.person.id, 9);
    expect((await victim.browser.get('/panel/audit')).status).toBe(200);
    const ended = await owner.browser.press(`/panel/people/${victim.person.id}/sessions/${session!.id}/end`);
    expect(ended.status).toBe(303);
    expect((await victim.browser.get('/panel/audit')).status).toBe(303);
  });

  it('cannot be planted: a login gives the browser another secret', async () => {
    const { person, digits, enter } = await setUp('owner');
    test.clock.advance(30_000);
    const attacker = (await newPanelPerson(test, 'cashier')).browser;
    const invented = `webpos_panel=${'A'.repeat(43)}`;
    for (const [number, planted] of [attacker.cookie, invented].entries()) {
      if (number > 0) test.clock.advance(30_000);
      const entered = await enter(PASSWORD, digits(), person.login, planted);
      expect(entered.status).toBe(303);
      expect(cookiesOf(entered)).not.toContain(planted);
      expect((await browserWith(test, cookiesOf(entered)).get('/panel/people')).status).toBe(200);
    }
    // What the attacker knows opens what it opened before.
    expect((await browserWith(test, invented).get('/panel/people')).status).toBe(303);
    expect((await attacker.get('/panel/people')).status).toBe(403);
  });

  it('does what is dangerous only after a proof of the last five minutes, and loses nothing that was entered', async () => {
    const { person, recovery, digits, done } = await setUp('owner');
    let browser = browserWith(test, cookiesOf(done));
    test.clock.advance(5 * MINUTE_MS);
    const fields = { login: 'kept', name: '<i>Kept</i>', email: '', role: 'cashier', scope: 'all' };
    const asked = await browser.press('/panel/people', fields);
    expect([asked.status, asked.text.includes('<i>'), field(asked, 'action')]).toEqual([403, false, '/panel/people']);
    expect(await test.gateway.context.store.people.byLogin('kept')).toBeUndefined();
    const waiting = { action: '/panel/people', waiting: JSON.stringify(fields) };
    expect((await browser.press('/panel/confirm', { ...waiting, password: PASSWORD, code: '1' })).status).toBe(401);
    const stranger = await newPanelPerson(test, 'owner');
    expect((await stranger.browser.press('/panel/confirm', { ...waiting, password: PASSWORD, code: digits() })).status).toBe(401);
    const confirmed = await browser.press('/panel/confirm', { ...waiting, password: PASSWORD, code: digits() });
    expect([confirmed.status, field(confirmed, 'login')]).toEqual([200, 'kept']);
    expect(await test.gateway.context.store.people.byLogin('kept')).toBeUndefined();
    expect((await browser.get('/panel/people')).status).toBe(303);
    browser = browserWith(test, cookiesOf(confirmed));
    const made = await browser.press('/panel/people', fields);
    expect([made.status, made.text.includes('/panel/welcome?code='), made.text.includes('<i>Kept')]).toEqual([200, true, false]);
    expect([person.role, recovery.length]).toEqual(['owner', 10]);
  });
});

describe('rows that were changed with SQL', () => {
  it('grant nothing: a role, a session of somebody else, and a longer session are refused', async () => {
    const { store } = test.gateway.context;
    const cashier = await newPanelPerson(test, 'cashier');
    const owner = await newPanelPerson(test, 'owner');
    const [own] = await store.sessions.ofPerson(cashier.person.id, 1);
    await store.sessions.replace(own!.hash, { ...own!, personId: owner.person.id });
    expect((await cashier.browser.get('/panel/people')).status).toBe(303);
    await store.sessions.replace(own!.hash, own!);
    expect((await cashier.browser.get('/panel/people')).status).toBe(403);
    const row = (await store.people.get(cashier.person.id))!;
    await store.people.update({ ...row, role: 'owner' });
    expect((await cashier.browser.get('/panel/people')).status).toBe(303);
  });
});

describe('people', () => {
  it('are not for an owner who sees some points of sale only', async () => {
    const { pos } = await test.newPos();
    const { person, browser } = await newPanelPerson(test, 'owner', { kind: 'some', merchants: [], pos: [pos.id] });
    for (const path of ['/panel/people', `/panel/people/${person.id}`]) expect((await browser.get(path)).status).toBe(404);
    const wider = { name: 'X', email: '', role: 'owner', scope: 'all' };
    for (const path of ['/panel/people', `/panel/people/${person.id}`])
      expect((await browser.press(path, { ...wider, login: 'x' })).status).toBe(404);
    const row = await test.gateway.context.store.people.get(person.id);
    expect(row?.scope).toEqual({ kind: 'some', merchants: [], pos: [pos.id] });
  });

  it('see the points of sale of a business, also later ones, and keep that when they are changed', async () => {
    const { context } = test.gateway;
    const { browser: owner } = await newPanelPerson(test, 'owner');
    const merchant = await createMerchant(context, COMMAND, { name: 'Two <b>shops</b>' });
    const { pos } = await test.newPos({ name: 'First shop' });
    const assign = (id: PosId) => changePos(context.store, id, (one) => ({ ...one, merchantId: merchant.id }));
    await assign(pos.id);
    const { person, browser } = await newPanelPerson(test, 'manager', { kind: 'some', merchants: [], pos: [pos.id] });
    const path = `/panel/people/${person.id}`;
    const details = { name: 'Manager', email: '', role: 'manager', scope: 'some' };
    expect((await owner.press(path, { ...details, [`merchant_${merchant.id}`]: '1' })).status).toBe(303);
    const scopeOf = async () => (await context.store.people.get(person.id))?.scope;
    expect(await scopeOf()).toEqual({ kind: 'some', merchants: [merchant.id], pos: [] });
    const { pos: later } = await test.newPos({ name: 'Later shop' });
    expect((await browser.get('/panel/settings')).text).not.toContain('Later shop');
    await assign(later.id);
    const { text } = await browser.get('/panel/settings');
    expect([text.includes('First shop'), text.includes('Later shop')]).toEqual([true, true]);
    // What the page has checked is what the next change sends.
    const shown = (await owner.get(path)).text;
    expect(shown).toContain('Two &lt;b>shops');
    const checked = [...shown.matchAll(/name="((?:merchant|pos)_[\w-]+)" value="1" checked/g)].map(([, name = '']) => [
      name,
      '1',
    ]);
    expect(checked).toEqual([[`merchant_${merchant.id}`, '1']]);
    await owner.press(path, { ...details, ...Object.fromEntries(checked), name: 'Somebody else' });
    expect(await scopeOf()).toEqual({ kind: 'some', merchants: [merchant.id], pos: [] });
    for (const unknown of [
      'merchant_00000000-0000-4000-8000-000000000000',
      'merchant_x',
      'pos_00000000-0000-4000-8000-000000000000',
    ])
      expect((await owner.press(path, { ...details, [unknown]: '1' })).status).toBe(422);
  });

  it('keep the points of sale that they see when there are more than a page lists, and get no more than are looked up', async () => {
    const { context } = test.gateway;
    const { browser: owner } = await newPanelPerson(test, 'owner');
    const { pos } = await test.newPos({ name: 'One of many' });
    await context.store.transaction(async (tx) => {
      for (let n = 0; n < MAX_SCOPE_IDS; n += 1)
        await tx.pos.insert({ ...pos, id: parseId<PosId>(context.newUuid()), clientId: `many ${n}` });
    });
    const all = (await context.store.pos.list()).map(({ id }) => id);
    const last = all.at(-1)!;
    const { person } = await newPanelPerson(test, 'cashier', { kind: 'some', merchants: [], pos: [last] });
    const path = `/panel/people/${person.id}`;
    const shown = (await owner.get(path)).text;
    expect(shown.includes(`name="pos_${last}" value="1" checked`)).toBe(true);
    const details = { name: 'Cashier', email: '', role: 'cashier', scope: 'some' };
    const tooMany = Object.fromEntries(all.slice(0, MAX_SCOPE_IDS + 1).map((id) => [`pos_${id}`, '1']));
    expect((await owner.press(path, { ...details, ...tooMany })).status).toBe(422);
  });

  it('keep one owner who may log in, and are shown as text', async () => {
    const { context } = test.gateway;
    const owners = await context.store.people.lockOwners(50);
    const { person, browser } = await newPanelPerson(test, 'owner', { kind: 'all' }, '<script>alert(1)</script>');
    for (const { id } of owners) await changePerson(context, COMMAND, id, { enabled: false });
    await expect(changePerson(context, COMMAND, person.id, { role: 'cashier' })).rejects.toThrow('last owner');
    const refused = await browser.press(`/panel/people/${person.id}/disable`);
    expect(refused.status).toBe(422);
    for (const path of ['/panel/people', `/panel/people/${person.id}`, '/panel/profile', '/panel/audit']) {
      const { status, text } = await browser.get(path);
      expect([path, status, text.includes('<script>alert'), text.includes('<b>Browser')]).toEqual([path, 200, false, false]);
    }
    const lines = (await browser.get('/panel/audit/export')).text.trim().split('\n');
    expect(JSON.parse(lines[0]!)).toMatchObject({ position: 1 });
    expect((await verifyAuditLog(context.store, context.keys.audit)).fault).toBeUndefined();
    expect((await browser.press('/panel/audit/verify')).text).toContain('intact');
  });
});
