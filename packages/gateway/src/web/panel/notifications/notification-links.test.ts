import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newPanelPerson } from '../../../../test/support/panel-people.ts';
import { openTestGateway, type Answer, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { parseId, type PersonId } from '../../../kernel/ids.ts';
import type { Subscription } from '../../../notifications/subscription.ts';
import { confirmPath, stopPath } from '../../../services/notifications/links.ts';
import { issueToken } from '../../../services/people/panel-access.ts';

let test: TestGateway;
let subscription: Subscription;
beforeAll(async () => {
  test = await openTestGateway();
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach(async () => {
  const { store, clock } = test.gateway.context;
  subscription = {
    id: parseId(randomUUID()),
    personId: parseId<PersonId>(randomUUID()),
    channel: { kind: 'email', address: 'ada@shop.example', confirmedAt: null },
    kinds: ['order.paid'],
    posIds: null,
    timing: { kind: 'immediately' },
    quiet: null,
    timeZone: 'UTC',
    urgentBreaksThrough: true,
    hasAmountsInSubject: false,
    createdAt: clock.now(),
    stoppedAt: null,
  };
  await store.subscriptions.insert(subscription);
});

const stored = async (): Promise<Subscription> => (await test.gateway.context.store.subscriptions.get(subscription.id))!;
const press = (path: string, headers: Readonly<Record<string, string>> = {}, body = ''): Promise<Answer> =>
  test.call('POST', path, { headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body });
const confirmLink = (): string => {
  const { keys, clock } = test.gateway.context;
  return confirmPath(keys, { id: subscription.id, address: 'ada@shop.example' }, clock.now());
};

describe('a link in an e-mail', () => {
  it('confirms the address with a button, not by being opened', async () => {
    const path = confirmLink();
    const page = await test.call('GET', path, { headers: { 'accept-language': 'de' } });
    expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
    expect(page.text).toContain(`<form method="post" action="${path}">`);
    expect(page.text).toContain('Bestätigen Sie Ihre Adresse');
    expect((await stored()).channel).toMatchObject({ confirmedAt: null });
    expect((await press(path)).text).toContain('The address is confirmed.');
    expect((await stored()).channel).toMatchObject({ confirmedAt: test.clock.now() });
  });

  it('stops the messages with one POST of a mail program', async () => {
    const path = stopPath(test.gateway.context.keys, subscription.id);
    await test.call('GET', path);
    expect((await stored()).stoppedAt).toBeNull();
    expect((await press(path, {}, 'List-Unsubscribe=One-Click')).status).toBe(200);
    expect((await stored()).stoppedAt).toBe(test.clock.now());
  });

  it('does nothing if it is wrong, or another site sends it', async () => {
    const [confirm, stop] = [confirmLink(), stopPath(test.gateway.context.keys, subscription.id)];
    for (const path of [confirm, stop]) {
      expect((await press(`${path}x`)).status).toBe(404);
      expect((await press(path.replace(subscription.id, randomUUID()))).status).toBe(404);
      expect((await press(path.replace(subscription.id, '%00<script>'))).status).toBe(404);
      expect((await press(path, { origin: 'https://evil.example' })).status).toBe(403);
    }
    expect(await stored()).toEqual(subscription);
  });
});

describe('the API', () => {
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const { secret } = await issueToken(test.gateway.context, 60_000);
    return test.call(method, `/panel/api${path}`, { token: secret, ...(body !== undefined && { body }) });
  };

  it('creates, shows, changes and deletes the subscription of a person', async () => {
    const person = (await newPanelPerson(test, 'cashier')).person.id;
    const created = await call('POST', `/notifications?person=${person}`, {
      channel: 'post',
      recipient: 'https://shop.example/hook',
      kinds: ['order.paid'],
    });
    expect(created).toMatchObject({
      status: 201,
      body: { person, status: 'active', secret: expect.stringMatching(/^whsec_/) as string },
    });
    const { uuid } = created.body as { uuid: string };
    const path = `/notifications/${uuid}?person=${person}`;
    expect(await call('GET', path)).toMatchObject({ status: 200, body: created.body });
    const changes = { timing: 'daily', daily_at: '18:00', quiet_from: '22:00', quiet_to: '07:00', amounts_in_subject: true };
    expect(await call('PATCH', path, changes)).toMatchObject({ status: 200, body: { ...(created.body as object), ...changes } });
    expect((await call('PATCH', path, { quiet_from: null, quiet_to: null })).body).toMatchObject({
      quiet_from: null,
      timing: 'daily',
    });
    expect((await call('POST', `/notifications/${uuid}/test?person=${person}`)).status).toBe(200);
    expect((await call('GET', `/notifications/messages?person=${person}`)).body).toMatchObject({
      messages: [{ kind: 'test', channel: 'post', recipient: 'https://shop.example/hook' }],
    });
    expect((await call('GET', `/notifications/${uuid}?person=${randomUUID()}`)).status).toBe(404);
    // A person who does not exist is an error, as a POS is that does not exist.
    const stranger = `?person=${randomUUID()}`;
    const subscribing = { channel: 'post', recipient: 'https://shop.example/hook', kinds: ['order.paid'] };
    for (const answer of [
      await call('GET', `/notifications${stranger}`),
      await call('GET', `/notifications/messages${stranger}`),
      await call('POST', `/notifications${stranger}`, subscribing),
    ])
      expect(answer).toMatchObject({
        status: 404,
        body: { error_code: '3001', message: expect.stringContaining('no such person') },
      });
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', `/notifications?person=${person}`)).body).toEqual({ subscriptions: [] });
  });

  it('names what is wrong', async () => {
    const person = (await newPanelPerson(test, 'cashier')).person.id;
    expect((await call('GET', '/notifications')).body).toMatchObject({ error_code: '0001' });
    for (const [field, body] of [
      ['channel', { channel: 'email', recipient: 'ada@shop.example' }],
      ['kinds', { channel: 'post', recipient: 'https://shop.example', kinds: 'order.paid' }],
      ['quiet_from', { channel: 'post', recipient: 'https://shop.example', quiet_from: '7:00' }],
    ] as const)
      expect(JSON.stringify((await call('POST', `/notifications?person=${person}`, body)).body)).toContain(field);
  });
});
