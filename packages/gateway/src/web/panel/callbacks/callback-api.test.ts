import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertError } from '../../../../test/support/shapes.ts';
import { sampleCallback, sampleOrder } from '../../../../test/support/samples.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../../test/support/test-gateway.ts';
import { isoDate } from '../../../kernel/clock.ts';
import type { CallbackId } from '../../../kernel/ids.ts';
import { issueCode, issueToken } from '../../../services/people/panel-access.ts';
import { openOperatorSession } from '../../../services/people/sessions.ts';

const MISSING = '00000000-0000-4000-8000-000000000000';
const CLOSED = 'http://127.0.0.1:9/callback';

let test: TestGateway;
let shop: Shop;
let token: string;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true', WEBPOS_CALLBACK_GIVE_UP_AFTER_S: '3600' });
  shop = await test.newPos({ defaults: { callbackUrl: CLOSED } });
  token = (await issueToken(test.gateway.context, 86_400_000)).secret;
});
afterAll(() => test[Symbol.asyncDispose]());

const get = (path: string): Promise<Answer> => test.call('GET', `/panel/api/${path}`, { token });
const post = (path: string, body?: unknown): Promise<Answer> => test.call('POST', `/panel/api/${path}`, { token, body });

async function newEvents(count: number, url: string | null = CLOSED): Promise<CallbackId[]> {
  const { store, clock } = test.gateway.context;
  const order = sampleOrder(shop.pos);
  await store.orders.insert(order);
  const events = Array.from({ length: count }, () => sampleCallback(order, { url, createdAt: clock.now() }));
  await store.callbacks.insert(events);
  return events.map(({ id }) => id);
}

describe('the API of the panel', () => {
  it('accepts only tokens of its own that have not expired', async () => {
    const paths = ['endpoints', 'callbacks', `callbacks/${MISSING}`];
    const { context } = test.gateway;
    const place = { userAgent: '', address: '' };
    const session = (await openOperatorSession(context, (await issueCode(context)).secret, place))!.secret;
    for (const path of paths) {
      assertError(await test.call('GET', `/panel/api/${path}`), 401, '3007');
      for (const wrong of ['x', shop.token, session])
        assertError(await test.call('GET', `/panel/api/${path}`, { token: wrong }), 401, '1007');
    }
    assertError(await test.call('POST', '/panel/api/callbacks/redeliver', { token: shop.token, body: {} }), 401, '1007');
    // Its token is no access token of a shop.
    assertError(await test.call('GET', '/events', { token }), 401, '1007');
    assertError(await test.call('DELETE', '/panel/api/callbacks', { token }), 405, '3003');
    const short = (await issueToken(test.gateway.context, 1_000)).secret;
    expect((await test.call('GET', '/panel/api/callbacks', { token: short })).status).toBe(200);
    test.clock.advance(1_000);
    assertError(await test.call('GET', '/panel/api/callbacks', { token: short }), 401, '1007');
  });

  it('lists callbacks by pages and filters, and shows one with its body and attempts', async () => {
    const ids = await newEvents(3, null);
    const first = (await get('callbacks?limit=2&status=not_wanted')).body as {
      callbacks: { uuid: string; order: string }[];
      next: string;
    };
    expect(first).toMatchObject({ callbacks: [{ uuid: ids[2] }, { uuid: ids[1] }], next: ids[1] });
    expect((await get(`callbacks?limit=2&status=not_wanted&before=${first.next}`)).body).toMatchObject({
      callbacks: [{ uuid: ids[0], status: 'not_wanted', attempts: 0, url: null }],
      next: null,
    });
    expect((await get(`callbacks?order=${MISSING}`)).body).toEqual({ callbacks: [], next: null });
    expect((await get(`callbacks/${ids[0]}`)).body).toMatchObject({ uuid: ids[0], body: expect.any(String), log: [] });
  });

  it('reports failing endpoints, and redelivers callbacks', async () => {
    const since = isoDate(test.clock.now());
    const [id] = await newEvents(3);
    await expect
      .poll(async () => {
        test.clock.advance(3_600_000);
        test.gateway.context.callbacksStored();
        return ((await get(`callbacks?status=failed`)).body as { callbacks: unknown[] }).callbacks.length;
      })
      .toBe(3);
    expect((await get(`callbacks/${id}`)).body).toMatchObject({
      log: expect.arrayContaining([
        expect.objectContaining({ status: null, response_excerpt: expect.stringContaining('ECONNREFUSED') }),
      ]),
    });
    expect((await get('endpoints')).body).toMatchObject({
      endpoints: [{ endpoint: 'http://127.0.0.1:9', failures: expect.any(Number) }],
    });
    expect((await get('callbacks/redeliver')).body).toEqual({ redelivery: null });
    const redelivered = await post('callbacks/redeliver', { failed_since: since, endpoint: CLOSED });
    expect(redelivered.body).toMatchObject({ state: 'done', due: 3, busy: 0, damaged: 0, error: null });
    expect((await get('callbacks/redeliver')).body).toEqual({ redelivery: redelivered.body });
    await expect.poll(async () => (await post(`callbacks/${id}/redeliver`)).body).toMatchObject({ uuid: id, blocked_by: null });
    expect((await post('callbacks/test', { pos: shop.pos.id })).body).toMatchObject({
      url: CLOSED,
      status: null,
      error: expect.any(String),
    });
  });

  it.each<[method: 'GET' | 'POST', path: string, body: unknown, fields: string[]]>([
    [
      'GET',
      'callbacks?status=lost&order=x&pos=&before=1&limit=0&endpoint=shop',
      undefined,
      ['order', 'pos', 'status', 'endpoint', 'before', 'limit'],
    ],
    ['GET', 'callbacks?order=a&order=b', undefined, ['order']],
    ['POST', 'callbacks/redeliver', {}, ['failed_since']],
    ['POST', 'callbacks/redeliver', { failed_since: 'now', pos: 7 }, ['failed_since', 'pos']],
    ['POST', 'callbacks/test', undefined, ['pos']],
  ])('refuses %s %s %j, and names the fields', async (method, path, body, fields) => {
    const answer = method === 'GET' ? await get(path) : await post(path, body);
    assertError(answer, 400, '0001');
    expect(Object.keys((answer.body as { errors: object }).errors).sort()).toEqual(fields.sort());
  });

  it('refuses unknown callbacks and POS, and callbacks without a URL', async () => {
    for (const id of ['x', MISSING]) {
      assertError(await get(`callbacks/${id}`), 404, '3001');
      assertError(await post(`callbacks/${id}/redeliver`), 404, '3001');
    }
    assertError(await post('callbacks/test', { pos: MISSING }), 404, '3001');
    const [id] = await newEvents(1, null);
    assertError(await post(`callbacks/${id}/redeliver`), 400, '0001');
    const { pos } = await test.newPos();
    assertError(await post('callbacks/test', { pos: pos.id }), 400, '0001');
  });
});
