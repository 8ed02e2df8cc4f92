import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { findPostgres, freshSchema } from '../../../../test/support/postgres.ts';
import { enterStep, stepOf } from '../kernel/thread/steps.ts';
import { openTestGateway, type Shop, type TestGateway } from '../../test/support/test-gateway.ts';

const TOKEN = 'a-token-of-the-operator';

let test: TestGateway;
let shop: Shop;
beforeAll(async () => {
  test = await openTestGateway({
    WEBPOS_OPS_PORT: '0',
    WEBPOS_OPS_TOKEN: TOKEN,
    WEBPOS_RATE_LIMIT_FAILURES: '1',
    WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
  });
  shop = await test.newPos();
});
afterAll(() => test[Symbol.asyncDispose]());

function ops(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(test.gateway.opsUrl + path, { ...init, signal: AbortSignal.timeout(60_000) });
}

async function metrics(): Promise<string> {
  return (await ops('/metrics')).text();
}

/** Returns the value of a series that must occur once. */
function value(text: string, series: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${series} `));
  expect(lines, series).toHaveLength(1);
  return Number(lines[0]!.slice(series.length + 1));
}

describe('the operations port', () => {
  it('reports health in detail, without a login', async () => {
    await vi.waitFor(async () => expect((await ops('/readyz')).status).toBe(200), { timeout: 60_000 });
    expect(await (await ops('/readyz')).json()).toEqual({
      ready: true,
      chain: {
        source: 'sandbox',
        network: 'regtest',
        height: expect.any(Number),
        synced_at: expect.any(String),
        trouble: null,
        concerns: [],
        reading: null,
      },
      store: { trouble: null },
      seals: { broken: 0 },
      stopping: false,
    });
    expect(await (await ops('/healthz')).json()).toEqual({ status: 'ok' });
  });

  it.each([
    ['GET', '/', 404],
    ['GET', '/token', 404],
    ['POST', '/metrics', 405],
    ['HEAD', '/healthz', 200],
    ['GET', '/healthz?x=1', 200],
  ])('serves nothing else: %s %s gets %i', async (method, path, status) => {
    expect((await ops(path, { method })).status).toBe(status);
  });
});

it('the metrics contain every counter from the start, so that no first event is missed', async () => {
  const text = await metrics();
  const counters = [...text.matchAll(/^# TYPE (webpos_\w+) counter$/gm)].map(([, name]) => name!);
  expect(counters.length).toBeGreaterThan(2);
  for (const name of counters) expect(text, name).toMatch(new RegExp(`^${name}(?:\\{[^}]*\\})? \\d`, 'm'));
  for (const limit of ['client', 'failures', 'login', 'pages'])
    expect(text).toMatch(new RegExp(`^webpos_http_rate_limited_total\\{limit="${limit}"\\} \\d`, 'm'));
});

it('the metrics report the free space of the database', async () => {
  expect(value(await metrics(), 'webpos_database_free_bytes')).toBeGreaterThan(0);
});

it('the metrics never report a negative age, even if the clock goes back', async () => {
  const text = await metrics();
  expect(text).toMatch(/^webpos_rate_age_seconds\{currency="EUR"\} 0$/m);
  test.clock.advance(-60_000);
  const back = await metrics();
  test.clock.advance(60_000);
  expect(back.split('\n').filter((line) => /^webpos_\w*seconds(?:\{\S*\})? -/.test(line))).toEqual([]);
});

describe('the public port', () => {
  it('tells anyone whether the gateway is ready, and nothing else', async () => {
    expect(await test.call('GET', '/readyz')).toMatchObject({ status: 200, body: { ready: true } });
    expect((await test.call('GET', '/readyz')).text).toBe('{"ready":true}');
    expect((await test.call('GET', '/readyz', { token: 'another' })).text).toBe('{"ready":true}');
    for (const token of ['another', `${TOKEN}x`, TOKEN.slice(1), shop.token])
      expect((await test.call('GET', '/metrics', { token })).status).toBe(401);
  });

  it('reports everything to a caller with the token', async () => {
    expect((await test.call('GET', '/readyz', { token: TOKEN })).body).toMatchObject({ chain: { trouble: null } });
    const answer = await test.call('GET', '/metrics', { token: TOKEN });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.text).toContain('webpos_chain_tip_height');
  });

  it('has no metrics without a configured token', async () => {
    await using plain = await openTestGateway();
    expect(plain.gateway.opsUrl).toBeUndefined();
    expect((await plain.call('GET', '/metrics', { token: TOKEN })).status).toBe(404);
    expect((await plain.call('GET', '/readyz', { token: TOKEN })).body).not.toHaveProperty('chain');
  });
});

describe('the metrics', () => {
  it('count requests by route instead of by path, and refusals by limit', async () => {
    for (let i = 0; i < 20; i += 1) await test.call('GET', `/secret-path-${i}?secret=query-${i}`);
    await test.call('GET', '/payment-order/of-nobody', { token: shop.token });
    const text = await metrics();
    const requests = 'webpos_http_request_duration_seconds_count';
    expect(value(text, `${requests}{method="GET",route="/payment-order/:uuid",status="404"}`)).toBe(1);
    const missed = [404, 429].map((status) => value(text, `${requests}{method="GET",route="none",status="${status}"}`));
    expect(missed[0]! + missed[1]!).toBe(20);
    expect(value(text, 'webpos_http_rate_limited_total{limit="failures"}')).toBe(missed[1]);
    expect(text).not.toMatch(/secret-path|query-|of-nobody/);
    expect(text).not.toContain(shop.token);
  });

  it('cover orders, callbacks, the chain, the store and rates', async () => {
    const callback = 'http://127.0.0.1:9/callback';
    const body = { amount: '10.00', required_confirmations: 0, callback_url: callback };
    const made = await test.call('POST', '/payment-order', { token: shop.token, body });
    await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00' } });
    await test.call('POST', `/checkout/${(made.body as { uuid: string }).uuid}/sandbox/pay`, {});
    await vi.waitFor(() => expect(test.logLines.join('')).toContain('callback: not delivered'), { timeout: 60_000 });
    // The counts of the database may be 15 seconds old, so they are read directly below.
    const text = await metrics();
    expect(value(text, 'webpos_chain_tip_height')).toBe((await test.gateway.context.store.chain.tip())!.height);
    expect(value(text, 'webpos_chain_lag_seconds')).toBeGreaterThanOrEqual(0);
    expect(value(text, 'webpos_chain_trouble')).toBe(0);
    // The payment, unless a block has just been mined.
    expect([0, 1]).toContain(value(text, 'webpos_mempool_transactions'));
    // The scripts of the orders, and those of the look-ahead.
    expect(value(text, 'webpos_watched_scripts')).toBeGreaterThanOrEqual(100);
    expect(value(text, 'webpos_addresses_unused_in_a_row')).toBe(0);
    expect(value(text, 'webpos_store_up')).toBe(1);
    expect(value(text, 'webpos_http_connections')).toBeGreaterThanOrEqual(1);
    expect(value(text, 'webpos_rate_available{currency="EUR"}')).toBe(1);
    expect(value(text, 'webpos_rate_age_seconds{currency="EUR"}')).toBe(0);
    expect(value(text, 'webpos_callback_attempts_total{outcome="retry"}')).toBeGreaterThanOrEqual(1);
    expect(value(text, 'webpos_store_transaction_wait_seconds_count')).toBeGreaterThan(1);
    expect(await test.gateway.context.store.stats(10)).toEqual({
      openOrders: new Map([['pending', 1]]),
      waitingCallbacks: 1,
      oldestWaitingAt: test.clock.now(),
      failedCallbacks: 0,
      messages: { waiting: 0, failed: 0 },
      missingPayments: 0,
      unassigned: { payments: 0, amount: 0n },
      currencies: ['EUR'],
    });
  });

  it('are all documented, and the documentation lists no other', async () => {
    const names = [...(await metrics()).matchAll(/^# TYPE (webpos_\w+) /gm)].map(([, name]) => name!);
    const manual = await readFile(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
    const reported = [...manual.matchAll(/^\| `(webpos_\w+)/gm)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(15);
    expect(reported.sort()).toEqual(names.sort());
  });
});

it('the metrics report the longest hold and the longest transaction of each step since the last scrape', async () => {
  const series = async (name: string): Promise<string[]> => (await metrics()).split('\n').filter((line) => line.startsWith(name));
  await metrics();
  enterStep(stepOf('a test'));
  const endMs = performance.now() + 120;
  while (performance.now() < endMs);
  await setTimeout(30);
  await test.newAccount();
  const text = await metrics();
  expect(value(text, 'webpos_step_hold_max_seconds{step="a test"}')).toBeGreaterThanOrEqual(0.12);
  expect(text).toMatch(/^webpos_store_transaction_max_seconds\{step="[^"]+"\} 0\.\d+$/m);
  expect((await series('webpos_step_hold_max_seconds')).join('\n')).not.toContain('"a test"');
});

const postgres = await findPostgres('metrics.test.ts');
// skip: no PostgreSQL is available; the finder says why, and fails where CI is set
describe.skipIf(postgres === undefined)('the metrics of a gateway on PostgreSQL', () => {
  it('say whether it hears the changes of other processes', async () => {
    await using schema = await freshSchema(postgres ?? '');
    const url = new URL(postgres ?? '');
    url.searchParams.set('options', `-c search_path=${schema.name}`);
    await using onPostgres = await openTestGateway({ WEBPOS_OPS_PORT: '0', WEBPOS_DATABASE_URL: url.href });
    await vi.waitFor(async () => {
      const text = await (await fetch(`${onPostgres.gateway.opsUrl}/metrics`)).text();
      expect(value(text, 'webpos_notifications_trusted')).toBe(1);
    });
  });
});

it('a gateway that is to stop says for the delay that it is not ready, and serves until then', async () => {
  await using stopping = await openTestGateway({ WEBPOS_STOP_DELAY_S: '8' });
  const { token } = await stopping.newPos();
  const create = (): Promise<{ status: number }> =>
    stopping.call('POST', '/payment-order', { token, headers: { 'x-api-version': 'v1' }, body: { amount: '10.00' } });
  await vi.waitFor(async () => expect((await stopping.call('GET', '/readyz')).status).toBe(200));
  const stopped = stopping.gateway.stop();
  expect(await stopping.call('GET', '/readyz')).toMatchObject({ status: 503, body: { ready: false } });
  expect((await stopping.call('GET', '/healthz')).status).toBe(200);
  expect((await create()).status).toBeLessThan(300);
  expect(await stopped).toEqual([]);
  await expect(stopping.call('GET', '/readyz')).rejects.toThrow('fetch failed');
});
