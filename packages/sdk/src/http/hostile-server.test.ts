/** What the library promises about reads and creations, with the most hostile servers. */
import { describe, expect, it, vi } from 'vitest';
import { CREATED, json, ORDER, ORDER_PATH, ORDER_UUID, type Route } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import { GZIP_BOMB, type Hostility, HOSTILITIES } from '../../test/hostilities.ts';
import type { Client } from '../client.ts';
import { isWebposError } from '../errors/index.ts';

/** Enough for two attempts of over two seconds, if they hang. */
const http = { timeoutMs: 4800 };

/** A server that creates orders, and answers the first creation as a hostility defines. It may honour keys. */
async function shopBehind({ route, refuses }: Hostility, honoursKeys: boolean): Promise<{ client: Client; made: unknown[] }> {
  const made: unknown[] = [];
  const login = { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600, id_token: 'a.b.c' };
  const create: Route = (response, count, seen) => {
    const key = seen.headers['idempotency-key'];
    if ((count > 1 || !refuses) && !(honoursKeys && made.includes(key))) made.push(key);
    (count === 1 ? route : json(200, CREATED))(response, count, seen);
  };
  const client = await clientOf(
    {
      '/token': json(200, login, { 'idempotency-key-honoured': String(honoursKeys) }),
      '/payment-order': create,
      [ORDER_PATH]: (response, count, seen) => (count === 1 ? route : json(200, ORDER))(response, count, seen),
    },
    { http },
  );
  return { client, made };
}

/** Returns the id of the order, or the name of the error, which must be one of this library without a secret. */
async function outcomeOf(order: Promise<{ uuid: string }>): Promise<string> {
  try {
    return (await order).uuid;
  } catch (error) {
    if (!isWebposError(error)) throw error;
    expect(JSON.stringify(error) + error.stack).not.toMatch(/s€cret|token-1/);
    return error.name;
  }
}

describe.each(HOSTILITIES.map((each) => [each.what, each] as const))('a server that %s', (_what, hostility) => {
  const { passes, refuses = false, error } = hostility;

  it('does not fail a read if the failure is transient, and fails it at once otherwise', async () => {
    const { client } = await shopBehind(hostility, false);
    expect(await outcomeOf(client.getPaymentOrder(ORDER_UUID))).toBe(passes ? ORDER_UUID : error);
    expect(gateway.to(ORDER_PATH)).toHaveLength(passes ? 2 : 1);
  });

  it('never makes a creation produce two orders', async () => {
    const { client, made } = await shopBehind(hostility, false);
    const creating = client.createPaymentOrder({ amount: '1' }, { timeoutMs: error === 'TimeoutError' ? 800 : 4800 });
    expect(await outcomeOf(creating)).toBe(refuses ? ORDER_UUID : error);
    expect(made).toHaveLength(1);
    expect(gateway.to('/payment-order')).toHaveLength(refuses ? 2 : 1);
  });

  it('never makes a creation produce two orders if keys are honoured', async () => {
    const { client, made } = await shopBehind(hostility, true);
    expect(await outcomeOf(client.createPaymentOrder({ amount: '1' }))).toBe(passes ? ORDER_UUID : error);
    expect(made).toHaveLength(1);
  });
});

describe('an idle connection that dies', () => {
  const login = { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600, id_token: 'a.b.c' };
  it.each<[string, boolean, (client: Client) => Promise<{ uuid: string }>, string]>([
    ['a read', false, (client) => client.getPaymentOrder(ORDER_UUID), ORDER_UUID],
    ['a creation', false, (client) => client.createPaymentOrder({ amount: '1' }), 'TimeoutError'],
    ['a creation with a key that is honoured', true, (client) => client.createPaymentOrder({ amount: '1' }), ORDER_UUID],
  ])('is abandoned by %s', async (_what, honoursKeys, call, outcome) => {
    const used = new WeakSet<object>();
    const dark: string[] = [];
    const once: Route = (response, count, seen) => {
      if (used.has(response.socket!)) return void dark.push(seen.path);
      used.add(response.socket!);
      json(200, { ...ORDER, ...CREATED, ...login, amount: seen.method === 'POST' ? 1 : '1' }, headers)(response, count, seen);
    };
    const headers = { 'idempotency-key-honoured': String(honoursKeys) };
    const client = await clientOf({ '/token': once, '/payment-order': once, [ORDER_PATH]: once }, { http });
    await client.clientCredentialsLogin();
    // The transport decides whether a call reuses an idle connection.
    for (let calls = 0; dark.length === 0 && calls < 50; calls += 1) {
      const found = await outcomeOf(call(client));
      expect(found).toBe(dark.length === 0 ? ORDER_UUID : outcome);
    }
    expect(dark).not.toEqual([]);
  });
});

describe('a gzip bomb', () => {
  it('does not fill the memory', async () => {
    const client = await clientOf({
      [ORDER_PATH]: (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(GZIP_BOMB),
    });
    const before = process.memoryUsage();
    for (let n = 0; n < 10; n += 1) expect(await outcomeOf(client.getPaymentOrder(ORDER_UUID))).toBe('UnexpectedAnswerError');
    const after = process.memoryUsage();
    // Ten gibibytes if it were read.
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(128 * 1_048_576);
  });
});

describe('a change of the clock', () => {
  const YEAR_MS = 365 * 86_400_000;

  it.each([YEAR_MS, -YEAR_MS])('by %d ms during a call neither ends nor extends it', async (jumpMs) => {
    const realNow = Date.now();
    const now = vi.spyOn(Date, 'now').mockReturnValue(realNow);
    const jump: Route = (response) => {
      now.mockReturnValue(realNow + jumpMs);
      response
        .writeHead(503, { 'retry-after': new Date(realNow + 1000).toUTCString(), date: new Date(realNow).toUTCString() })
        .end();
    };
    const client = await clientOf({ [ORDER_PATH]: (...args) => (args[1] === 1 ? jump : json(200, ORDER))(...args) }, { http });
    expect(await outcomeOf(client.getPaymentOrder(ORDER_UUID))).toBe(ORDER_UUID);
    expect(await outcomeOf(client.getPaymentOrder(ORDER_UUID))).toBe(ORDER_UUID);
    // A token of an hour that looks a year old is replaced.
    expect(gateway.to('/token')).toHaveLength(jumpMs > 0 ? 2 : 1);
  });
});
