import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assertError } from '../../test/support/shapes.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../test/support/test-gateway.ts';
import type { EventFeed } from '../services/read-events.ts';

let test: TestGateway;
let shop: Shop;
beforeAll(async () => {
  test = await openTestGateway();
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
  it('answers what happened to the orders of the POS, page by page, in its order, and goes on where it was left', async () => {
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

  it('tells the id and the very body of the callback', async () => {
    const uuid = await cancelled();
    const [stored] = await test.gateway.context.store.callbacks.ofOrder(uuid as never);
    const { events } = (await read()).body as EventFeed;
    expect(events).toEqual([{ id: stored!.id, callback: JSON.parse(stored!.body) as unknown }]);
  });

  it.each([
    'after=',
    'after=x',
    'after=MTox!',
    'after=MTotMQ',
    'after=MTowMQ',
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

  it('is for who has logged in alone', async () => {
    assertError(await test.call('GET', '/events'), 401, '3007');
    assertError(await test.call('GET', '/events', { token: randomUUID() }), 401, '1007');
    assertError(await test.call('POST', '/events', { token: shop.token }), 405, '3003');
  });
});
