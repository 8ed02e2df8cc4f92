import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SmtpReceiver } from '../../../../test/support/smtp-receiver.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../../test/support/test-gateway.ts';
import type { OrderId, PosId } from '../../../kernel/ids.ts';
import type { Role } from '../../../people/role.ts';
import type { Person } from '../../../people/person.ts';
import { changePerson, createPerson } from '../../../services/people/manage-people.ts';
import { openSession } from '../../../services/people/sessions.ts';

let test: TestGateway;
let mails: SmtpReceiver;
let shop: Shop;
let other: Shop;
beforeAll(async () => {
  mails = await SmtpReceiver.open();
  test = await openTestGateway({
    WEBPOS_SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
    WEBPOS_SMTP_FROM: 'Corner shop <shop@shop.example>',
    WEBPOS_PUBLIC_URL: 'https://pay.example',
  });
  shop = await test.newPos({ name: 'Corner & <b>shop</b>' });
  other = await test.newPos({ name: 'Market' });
});
afterAll(async () => {
  await test[Symbol.asyncDispose]();
  await mails[Symbol.asyncDispose]();
});

interface Browser {
  readonly person: Person;
  get(path: string): Promise<Answer>;
  press(path: string, fields?: Readonly<Record<string, string>>): Promise<Answer>;
}

let people = 0;
async function personWith(role: Role, pos: readonly PosId[] = [], language: string | null = null): Promise<Browser> {
  const { context } = test.gateway;
  people += 1;
  const scope = role === 'owner' ? ({ kind: 'all' } as const) : ({ kind: 'some', merchants: [], pos } as const);
  const wanted = { login: `person-${people}`, name: `Person ${people}`, email: null, role, scope };
  const { person } = await createPerson(context, { kind: 'command' }, wanted);
  await changePerson(context, { kind: 'command' }, person.id, { language });
  const place = { userAgent: 'a browser', address: '127.0.0.1' };
  const { secret } = await context.store.transaction((tx) => openSession(context, tx, person.id, place));
  const cookie = `__Host-webpos_panel=${secret}`;
  const get: Browser['get'] = (path) => test.call('GET', path, { headers: { cookie } });
  return {
    person,
    get,
    press: async (path, fields = {}) => {
      const [, key = ''] = /name="form_key" value="([^"]+)"/.exec((await get('/panel/notifications')).text) ?? [];
      return test.call('POST', path, {
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ form_key: key, ...fields }).toString(),
      });
    },
  };
}

const FORM = { channel: 'email', timing: 'immediately', time_zone: 'Europe/Rome', 'kind.order.paid': 'yes', all_pos: 'yes' };
const mailsTo = (address: string): string[] => mails.mails.filter(({ to }) => to.includes(address)).map(({ raw }) => raw);
const textOf = (raw: string): string => raw.replaceAll(/=\r\n/g, '').replaceAll('=3D', '=');
const arrived = async (address: string, count: number): Promise<string> => {
  await vi.waitFor(() => expect(mailsTo(address)).toHaveLength(count), { timeout: 30_000 });
  return textOf(mailsTo(address).at(-1) ?? '');
};
const subscriptionOf = async (browser: Browser): Promise<string> =>
  /\/panel\/notifications\/of\/([0-9a-f-]{36})/.exec((await browser.get('/panel/notifications')).text)?.[1] ?? '';

/** Adds an address and confirms it by the link that arrives. */
async function subscribed(browser: Browser, address: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
  const added = await browser.press('/panel/notifications/new', { ...FORM, recipient: address, ...fields });
  expect([added.status, added.headers.get('location')]).toEqual([303, expect.stringMatching(/\?note=added_email$/)]);
  const [, path = ''] = /https:\/\/pay\.example(\/notifications\/confirm\/\S+)/.exec(await arrived(address, 1)) ?? [];
  const confirmed = await test.call('POST', path, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '' });
  expect(confirmed.status).toBe(200);
}

const paid = (of: Shop, id: string): Promise<void> =>
  test.gateway.context.store.transaction((tx) =>
    tx.notices.add([
      {
        id,
        at: test.clock.now(),
        posId: of.pos.id,
        personId: null,
        facts: { kind: 'order.paid', orderId: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f' as OrderId, sats: '16667' },
      },
    ]),
  );

describe('a person', () => {
  it('adds an address, confirms it, and is sent what their role and POS include, in their language', async () => {
    const [owner, cashier] = [await personWith('owner', [], 'de'), await personWith('cashier', [shop.pos.id])];
    await subscribed(owner, 'owner@shop.example');
    await subscribed(cashier, 'cashier@shop.example');
    await paid(shop, 'here');
    expect(await arrived('owner@shop.example', 2)).toContain('Die Bestellung 3F8B2C1E ist bezahlt.');
    expect(await arrived('cashier@shop.example', 2)).toContain('Order 3F8B2C1E is paid.');
    await paid(other, 'elsewhere');
    await arrived('owner@shop.example', 3);
    await changePerson(test.gateway.context, { kind: 'command' }, cashier.person.id, { enabled: false });
    await paid(shop, 'too late');
    await arrived('owner@shop.example', 4);
    expect(mailsTo('cashier@shop.example')).toHaveLength(2);
  });

  it('changes, tests, stops and removes it, and sees what was sent', async () => {
    const browser = await personWith('owner');
    await subscribed(browser, 'changes@shop.example');
    const path = `/panel/notifications/of/${await subscriptionOf(browser)}`;
    const form = await browser.get(path);
    expect(form.text).toContain('Corner &amp; &lt;b>shop&lt;/b>');
    expect(form.text).toContain('name="kind.order.paid" value="yes" checked');
    expect((await browser.press(path, { ...FORM, timing: 'daily', daily_at: '18:00' })).headers.get('location')).toMatch(
      /note=saved$/,
    );
    expect((await browser.press(path, { ...FORM, is_quiet: 'yes', quiet_from: '22:00', quiet_to: '22:00' })).text).toContain(
      'Please enter two different times',
    );
    expect((await browser.press(`${path}/test`)).headers.get('location')).toMatch(/note=test$/);
    expect(await arrived('changes@shop.example', 2)).toContain('This is a test message.');
    await vi.waitFor(async () =>
      expect((await browser.get('/panel/notifications')).text).toMatch(/Sent<\/span><span>Test message<\/span>/),
    );
    expect((await browser.press(`${path}/stop`)).headers.get('location')).toMatch(/note=stopped$/);
    expect((await browser.get(path)).text).toContain('Start the messages again');
    expect((await browser.press(`${path}/remove`)).headers.get('location')).toMatch(/note=removed$/);
    expect((await browser.get(path)).status).toBe(404);
  });

  it('sees and changes nothing of others, and nothing without the key of the form', async () => {
    const [ada, eve] = [await personWith('owner'), await personWith('owner')];
    await ada.press('/panel/notifications/new', { ...FORM, recipient: 'ada@shop.example' });
    const path = `/panel/notifications/of/${await subscriptionOf(ada)}`;
    expect((await eve.get(path)).status).toBe(404);
    for (const action of ['', '/test', '/confirm', '/stop', '/start', '/remove'])
      expect((await eve.press(path + action, FORM)).status).toBe(404);
    expect((await ada.press(`${path}/remove`, { form_key: 'x' })).headers.get('location')).toMatch(/note=stale$/);
    expect((await ada.get(path)).status).toBe(200);
  });

  it('is shown what is wrong next to what was entered', async () => {
    const browser = await personWith('manager', [shop.pos.id]);
    const answer = await browser.press('/panel/notifications/new', {
      ...FORM,
      recipient: '"><script>alert(1)</script>',
      timing: '',
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('value="&quot;>&lt;script>alert(1)&lt;/script>"');
    expect(answer.text).toContain('Please enter a valid address');
    // Neither what the role excludes nor other POS are offered.
    expect(answer.text).not.toContain('kind.payment.unassigned');
    expect(answer.text).not.toContain('Market');
  });
});
