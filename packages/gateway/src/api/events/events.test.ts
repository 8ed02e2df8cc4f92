import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { standardWebhooks } from '@webpos/sdk/adapters';
import { CallbackHandler } from '@webpos/sdk/callbacks';
import type { TestEventResult } from '@webpos/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { assertError } from '../../../test/support/shapes.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';
import { plusMs } from '../../kernel/clock.ts';
import { standardSecret } from '../../callbacks/standard-key.ts';
import type { EventFeed } from '../../services/callbacks/read-events.ts';
import type { TestCallbackSummary } from '../../services/callbacks/send-test-callback.ts';

let test: TestGateway;
let shop: Shop;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' });
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach(async () => {
  shop = await test.newPos();
});

const read = (query = '', { token } = shop): Promise<Answer> => test.call('GET', `/events${query}`, { token });
async function cancelled(of = shop): Promise<string> {
  test.clock.advance(1);
  const made = await test.call('POST', '/payment-order', { token: of.token, body: { amount: '10.00' } });
  const { uuid } = made.body as { uuid: string };
  await test.call('DELETE', `/payment-order/${uuid}`, { token: of.token });
  return uuid;
}

describe('GET /events', () => {
  it('returns the events of the POS in sequence, page by page, and resumes where a client stopped', async () => {
    const empty = (await read()).body as EventFeed;
    expect(empty).toEqual({ events: [], next: expect.any(String), has_more: false });
    const uuids = [await cancelled(), await cancelled(), await cancelled()];
    await cancelled(await test.newPos());
    const first = (await read(`?after=${empty.next}&limit=2`)).body as EventFeed;
    expect(first).toMatchObject({
      events: uuids.slice(0, 2).map((uuid) => ({ callback: { event: 'payment.cancelled', object: { uuid } } })),
      has_more: true,
    });
    const second = (await read(`?after=${first.next}&limit=2`)).body as EventFeed;
    expect(second).toMatchObject({ events: [{ callback: { object: { uuid: uuids[2] } } }], has_more: false });
    const later = await cancelled();
    expect((await read(`?after=${second.next}`)).body).toMatchObject({ events: [{ callback: { object: { uuid: later } } }] });
    const whole = (await read()).body as EventFeed;
    expect(whole.events.slice(0, 2)).toEqual(first.events);
    expect(whole.events).toHaveLength(4);
  });

  it('continues after any event by its cursor', async () => {
    const uuids = [await cancelled(), await cancelled(), await cancelled()];
    const { events, next } = (await read()).body as EventFeed;
    for (const [n, { cursor }] of events.entries()) {
      const { events: behind } = (await read(`?after=${cursor}`)).body as EventFeed;
      expect(behind.map(({ callback }) => callback.object.uuid)).toEqual(uuids.slice(n + 1));
    }
    expect(events.at(-1)!.cursor).toBe(next);
  });

  it('starts at the present with after=end: without earlier events, and with every later one', async () => {
    const first = (await read('?after=end')).body as EventFeed;
    expect(first).toEqual({ events: [], next: expect.any(String), has_more: false });
    const uuids = [await cancelled(), await cancelled()];
    const following = (after: string): Promise<Answer> => read(`?after=${after}`);
    expect((await following(first.next)).body).toMatchObject({
      events: uuids.map((uuid) => ({ callback: { object: { uuid } } })),
    });
    // An event that no request has returned.
    await cancelled();
    const { next, ...rest } = (await read('?after=end&limit=1')).body as EventFeed;
    expect(rest).toEqual({ events: [], has_more: false });
    expect((await following(next)).body).toEqual({ events: [], next, has_more: false });
    const later = await cancelled();
    expect((await following(next)).body).toMatchObject({ events: [{ callback: { object: { uuid: later } } }] });
    const whole = (await read()).body as EventFeed;
    expect(whole.events.map(({ callback }) => callback.object.uuid).slice(0, 2)).toEqual(uuids);
    expect(whole.events[2]!.cursor).toBe(next);
  });

  it('ends a page after half a mebibyte, and returns the rest on the next', async () => {
    const uuid = await cancelled();
    const [stored] = await test.gateway.context.store.callbacks.ofOrder(uuid as never);
    const long = { ...(JSON.parse(stored!.body) as object), padding: 'x'.repeat(300_000) };
    const more = ['a', 'b', 'c'].map((digit) => ({
      ...stored!,
      id: `${digit}${randomUUID().slice(1)}` as never,
      url: null,
      body: JSON.stringify(long),
    }));
    await test.gateway.context.store.callbacks.insert(more);
    const ids: string[] = [];
    let after = '';
    for (const count of [2, 1, 1]) {
      const page = (await read(after)).body as EventFeed;
      expect(page).toMatchObject({ events: { length: count }, has_more: ids.length + count < 4 });
      ids.push(...page.events.map(({ id }) => id));
      after = `?after=${page.next}`;
    }
    expect(ids).toEqual([stored!.id, ...more.map(({ id }) => id)]);
  });

  it('refuses the cursor of another POS, and of events that no longer exist', async () => {
    await cancelled();
    const { next } = (await read()).body as EventFeed;
    const other = await test.newPos();
    await cancelled(other);
    const beyond = Buffer.from('1:7:0123abcd').toString('base64url');
    for (const [after, of] of [
      [next, other],
      [beyond, shop],
    ] as const) {
      const answer = await read(`?after=${after}`, of);
      assertError(answer, 400, '0001');
      expect((answer.body as { errors: object }).errors).toEqual({ after: [expect.stringContaining('of this POS')] });
    }
  });

  describe('after events were pruned', () => {
    const prune = (): Promise<boolean> =>
      test.gateway.context.store.transaction((tx) =>
        tx.callbacks.pruneEvents(shop.pos.id, { before: plusMs(test.clock.now(), -1_000), limit: 100 }),
      );

    it('refuses a cursor from before them, and names the one after which nothing is missing', async () => {
      const beginning = ((await read()).body as EventFeed).next;
      await cancelled();
      await cancelled();
      const { events } = (await read()).body as EventFeed;
      test.clock.advance(2_000);
      const later = await cancelled();
      await prune();
      for (const after of [beginning, events[0]!.cursor]) {
        const answer = await read(`?after=${after}`);
        assertError(answer, 400, '0001');
        expect((answer.body as { errors: object }).errors).toEqual({
          after: [expect.stringContaining('not stored any more')],
          resume_after: [events[1]!.cursor],
        });
      }
      const rest = { events: [{ callback: { object: { uuid: later } } }], has_more: false };
      expect((await read(`?after=${events[1]!.cursor}`)).body).toMatchObject(rest);
      expect((await read()).body).toMatchObject(rest);
    });

    it('lets a client that had read everything continue', async () => {
      await cancelled();
      const { next } = (await read()).body as EventFeed;
      test.clock.advance(2_000);
      await prune();
      expect((await read(`?after=${next}`)).body).toEqual({ events: [], next, has_more: false });
      expect((await read('?after=end')).body).toEqual({ events: [], next, has_more: false });
      const later = await cancelled();
      expect((await read(`?after=${next}`)).body).toMatchObject({ events: [{ callback: { object: { uuid: later } } }] });
    });
  });

  it('returns the id and exactly the body of the callback', async () => {
    const uuid = await cancelled();
    const [stored] = await test.gateway.context.store.callbacks.ofOrder(uuid as never);
    const { events } = (await read()).body as EventFeed;
    expect(events).toEqual([{ id: stored!.id, cursor: expect.any(String), callback: JSON.parse(stored!.body) as unknown }]);
  });

  it.each([
    'after=',
    'after=x',
    'after=MTox!',
    'after=MTotMQ',
    'after=MTowMQ',
    'after=MTox', // the position alone
    'after=MTowOjAxMjNhYmNk', // an event before the first
    `after=${'9'.repeat(41)}`,
    'after=MTox&after=MTox',
  ])('refuses the cursor %s', async (query) => {
    const answer = await read(`?${query}`);
    assertError(answer, 400, '0001');
    expect(Object.keys((answer.body as { errors: object }).errors)).toEqual(['after']);
  });

  it.each(['0', '101', '-1', '1.5', 'x', ''])('refuses a limit of "%s"', async (limit) => {
    const answer = await read(`?limit=${limit}`);
    assertError(answer, 400, '0001');
    expect(Object.keys((answer.body as { errors: object }).errors)).toEqual(['limit']);
  });

  it('requires a login', async () => {
    assertError(await test.call('GET', '/events'), 401, '3007');
    assertError(await test.call('GET', '/events', { token: randomUUID() }), 401, '1007');
    assertError(await test.call('POST', '/events', { token: shop.token }), 405, '3003');
  });
});

describe('POST /events/test', () => {
  it('returns the fields that the client library declares', () => {
    expectTypeOf<TestCallbackSummary>().toEqualTypeOf<TestEventResult>();
  });

  const press = (of: Shop): Promise<Answer> => test.call('POST', '/events/test', { token: of.token });

  it('sends the shop a signed event that releases no goods, and returns the outcome', async () => {
    const seen: { headers: IncomingHttpHeaders; body: string }[] = [];
    await using receiver = createServer((request, response) => {
      void text(request).then((body) => {
        seen.push({ headers: request.headers, body });
        response.writeHead(seen.length === 1 ? 200 : 503).end('thanks');
      });
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const own = await test.newPos({ defaults: { callbackUrl: url } });
    const { status, body } = await press(own);
    const { id: webhookId } = await new CallbackHandler({
      secret: own.secret,
      standardWebhooks: standardWebhooks(standardSecret(own.secret)),
      now: () => test.clock.now(),
    }).receive(seen[0]!.headers, seen[0]!.body);
    expect([status, body]).toEqual([
      200,
      { uuid: webhookId, url, status: 200, duration_ms: expect.any(Number), error: null, response_excerpt: 'thanks' },
    ]);
    expect(JSON.parse(seen[0]!.body)).toMatchObject({ event: 'payment.expired', object: { reference: 'test' } });
    expect((await press(own)).body).toMatchObject({ status: 503, error: 'answered 503', response_excerpt: 'thanks' });
    expect((await read('', own)).body).toMatchObject({ events: [] });
  });

  it('refuses a POS without a callback URL, and a request without a login', async () => {
    const answer = await press(shop);
    assertError(answer, 400, '0001');
    expect((answer.body as { errors: object }).errors).toEqual({ callback_url: ['must be set at the POS'] });
    assertError(await test.call('POST', '/events/test'), 401, '3007');
    assertError(await test.call('GET', '/events/test', { token: shop.token }), 405, '3003');
  });

  it('goes to no private address unless the settings allow it', async () => {
    await using strict = await openTestGateway();
    const own = await strict.newPos({ defaults: { callbackUrl: 'https://127.0.0.1/' } });
    expect((await strict.call('POST', '/events/test', { token: own.token })).body).toMatchObject({
      status: null,
      error: expect.stringContaining('127.0.0.1 is not a public address'),
    });
  });
});
