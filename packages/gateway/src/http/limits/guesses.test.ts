import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { basic, openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';
import { issueCode, issueToken } from '../../services/people/panel-access.ts';
import { login } from '../../services/merchants/login.ts';
import { createPerson } from '../../services/people/manage-people.ts';
import { recoveryHash } from '../../services/people/prove.ts';
import { countFailure, refuseGuess } from '../../web/panel/access/login-guard.ts';
import { RequestLimits } from './request-limits.ts';

let test: TestGateway;
let shop: Shop;
beforeEach(async () => {
  test = await openTestGateway({ WEBPOS_RATE_LIMIT_FAILURES: '1', WEBPOS_TRUST_PROXY: '1' });
  shop = await test.newPos();
});
afterEach(() => test[Symbol.asyncDispose]());

const GRANT = { grant_type: 'client_credentials', scope: '*' };
const HERE = '203.0.113.7';

const ask = (method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Answer> =>
  test.call(method, path, { headers: { 'x-forwarded-for': HERE, ...headers }, ...(body === undefined ? {} : { body }) });
const logIn = (id: string, secret: string): Promise<Answer> => ask('POST', '/token', { authorization: basic(id, secret) }, GRANT);
const enter = (code: string): Promise<Answer> =>
  ask('POST', '/panel/login', { 'content-type': 'application/x-www-form-urlencoded' }, `code=${code}`);

/** Uses up the refusals of an address. */
async function exhaust(): Promise<void> {
  for (let n = 0; n < 12; n += 1) await ask('GET', '/nothing', {});
}

describe('once the refusals of an address are used up, nothing is looked up', () => {
  it('for a secret that was not valid before, and one that was logs in', async () => {
    const { store } = test.gateway.context;
    await exhaust();
    const lookUp = vi.spyOn(store.pos, 'byClientId');
    for (const id of [shop.pos.clientId, 'nobody'])
      expect(await logIn(id, 'wrong')).toMatchObject({ status: 429, body: { error_code: '2000' } });
    expect(lookUp).not.toHaveBeenCalled();
    expect((await logIn(shop.pos.clientId, shop.secret)).status).toBe(200);
  });

  it('for tokens, sessions and codes of the panel, and those that were valid before still work', async () => {
    const { context } = test.gateway;
    const token = (await issueToken(context, 60_000)).secret;
    const list = (bearer: string): Promise<Answer> => ask('GET', '/panel/api/endpoints', { authorization: `Bearer ${bearer}` });
    expect((await list(token)).status).toBe(200);
    const session = (await enter((await issueCode(context)).secret)).headers.get('set-cookie')!.split(';')[0]!;
    await exhaust();
    const lookUps = [
      vi.spyOn(context.store.panelTokens, 'byHash'),
      vi.spyOn(context.store.sessions, 'byHash'),
      vi.spyOn(context.store, 'transaction'),
    ];
    expect((await list(`panel_${'x'.repeat(43)}`)).status).toBe(429);
    expect((await ask('GET', '/panel/callbacks', { cookie: `webpos_panel=${'x'.repeat(43)}` })).status).toBe(429);
    expect((await enter('7K2Q-9XFM-2TRC')).status).toBe(429);
    for (const lookUp of lookUps) {
      expect(lookUp).not.toHaveBeenCalled();
      lookUp.mockRestore();
    }
    expect((await list(token)).status).toBe(200);
    expect((await ask('GET', '/panel/callbacks', { cookie: session })).status).toBe(200);
  });
});

describe('guesses of what lets a person in', () => {
  const ELSEWHERE = { 'x-forwarded-for': '198.51.100.9' };
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
  const wanted = { login: 'ada', name: 'Ada', email: null, role: 'owner', scope: { kind: 'all' } } as const;

  it('that are recovery codes are limited by address, and the right one works elsewhere', async () => {
    const { context } = test.gateway;
    const { person } = await createPerson(context, { kind: 'command' }, wanted);
    const code = '7K2Q-9XFM-2TRC-0000';
    await context.store.credentials.putRecoveryCodes(person.id, [recoveryHash(context.keys.people, person.id, code)]);
    const type = (typed: string, headers = {}): Promise<Answer> =>
      ask('POST', '/panel/login/password', { ...FORM, ...headers }, `login=ada&password=&code=${typed}`);
    const statuses: number[] = [];
    for (const wrong of ['0000', '0001', '0002']) statuses.push((await type(`7K2Q-9XFM-2TRC-1${wrong}`)).status);
    expect(statuses).toEqual([401, 401, 429]);
    expect((await type(code)).status).toBe(429);
    expect((await type(code, ELSEWHERE)).status).toBe(303);
  });

  it('that are invitations are limited by address, and the right one works elsewhere', async () => {
    const { invitation } = await createPerson(test.gateway.context, { kind: 'command' }, wanted);
    const open = (code: string, headers = {}): Promise<Answer> => ask('GET', `/panel/welcome?code=${code}`, headers);
    const statuses: number[] = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await open(`${n}`.repeat(32))).status);
    expect(statuses).toEqual([404, 404, 429]);
    expect((await open(invitation.secret)).status).toBe(429);
    expect((await open(invitation.secret, ELSEWHERE)).status).toBe(200);
  });
});

it('guesses of a login from everywhere refuse strangers, and neither its owner nor other logins', () => {
  const limits = new RequestLimits({ clientPerS: 0, failuresPerS: 1, pagesPerS: 0, nowMs: () => 0 });
  const from = (address: string) => ({ caller: { address, limits } }) as FastifyRequest;
  const ada = { target: 'login ada', isKnownDevice: false };
  for (let n = 0; n < 20; n += 1) countFailure(from(`192.0.2.${n}`), ada);
  expect(() => refuseGuess(from('203.0.113.1'), ada)).toThrow(/too many/i);
  expect(() => refuseGuess(from('203.0.113.1'), { ...ada, isKnownDevice: true })).not.toThrow();
  expect(() => refuseGuess(from('203.0.113.1'), { target: 'login bob', isKnownDevice: false })).not.toThrow();
});

it('an invalid session takes from the refusals of its address', async () => {
  const statuses: number[] = [];
  for (let n = 0; n < 12; n += 1)
    statuses.push((await ask('GET', '/panel/callbacks', { cookie: `webpos_panel=${randomUUID()}` })).status);
  expect(statuses.at(-1)).toBe(429);
});

it('a token of a replaced secret is refused from memory', async () => {
  const { context } = test.gateway;
  const { pos } = shop;
  const { pos: newer } = await test.newPos();
  await context.store.pos.update({ ...pos, generation: pos.generation + 5, sealedSecret: pos.sealedSecret });
  const order = (): Promise<Answer> => ask('GET', '/payment-order', { authorization: `Bearer ${shop.token}` });
  await vi.waitFor(async () => expect(await order()).toMatchObject({ status: 401, body: { error_code: '1004' } }));
  const read = vi.spyOn(context.store.pos, 'get');
  for (let n = 0; n < 5; n += 1) expect((await order()).body).toMatchObject({ error_code: '1004' });
  expect(read).not.toHaveBeenCalled();
  expect(newer.active).toBe(true);
});

it('a known client takes as long to refuse as an unknown one', async () => {
  const { context } = test.gateway;
  // The time of the database does not matter here, only what we do with its answer.
  const byClientId = vi.spyOn(context.store.pos, 'byClientId');
  byClientId.mockImplementation(async (id) => (id === shop.pos.clientId ? shop.pos : undefined));
  const tookMs: Record<string, number[]> = { known: [], unknown: [] };
  for (let n = 0; n < 3_000; n += 1) {
    for (const [which, clientId] of [
      ['known', shop.pos.clientId],
      ['unknown', 'f'.repeat(32)],
    ] as const) {
      const begunMs = performance.now();
      await login(context, { clientId, secret: 'wrong' }).catch(() => undefined);
      tookMs[which]?.push(performance.now() - begunMs);
    }
  }
  const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1]!;
  const ratio = median(tookMs['known']!) / median(tookMs['unknown']!);
  // Without the decoy, an unknown client takes less than half as long.
  expect(ratio).toBeGreaterThan(0.7);
  expect(ratio).toBeLessThan(1.4);
});
