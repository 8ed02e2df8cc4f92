import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallbackHandler } from '@webpos/sdk/callbacks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findPostgres, freshSchema } from '../../../test/support/postgres.ts';
import { POS_WATCH_LAG_MS } from '../src/store/ports/pos-watch.ts';
import { runWebpos } from './support/run-webpos.ts';
import { ask, loginAt, serveGateway, type ServedGateway } from './support/served-gateway.ts';
import { testKey } from './support/test-gateway.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** Longer than a lease: a callback in progress when the gateway was killed is sent again after its lease expires. */
const LONGER_THAN_LEASE_MS = 40_000;

let folder: string;
let settings: Record<string, string>;
let gateway: ServedGateway | undefined;
beforeEach(async () => {
  folder = await temporaryFolder();
  settings = { WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '1', WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true' };
});
afterEach(async () => {
  await gateway?.kill('SIGKILL');
  gateway = undefined;
});

/** Starts the gateway, or restarts it. */
async function serve(): Promise<string> {
  gateway = await serveGateway(folder, settings);
  return gateway.url;
}

/** Runs a command while the gateway serves, and returns its output. */
async function command(...words: string[]): Promise<Record<string, string>> {
  const { status, out, err } = await runWebpos(folder, [...words, '--json'], settings);
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out) as Record<string, string>;
}

async function newPos(callbackUrl: string): Promise<{ uuid: string; client_id: string; secret: string }> {
  const { uuid: account = '' } = await command('account', 'create', '--name', 'Wallet', '--xpub', testKey(11));
  const words = ['--name', 'Till', '--account', account, '--currency', 'EUR', '--callback-url', callbackUrl];
  return (await command('pos', 'create', ...words)) as { uuid: string; client_id: string; secret: string };
}

/** A shop that records which of its secrets verified each callback. */
async function openShop(): Promise<{
  server: Server;
  url: string;
  secrets: string[];
  verified: { order: string; by: number[] }[];
}> {
  const shop = { secrets: [] as string[], verified: [] as { order: string; by: number[] }[] };
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const by: number[] = [];
      for (const [index, secret] of shop.secrets.entries()) {
        const isVerified = await new CallbackHandler({ secret }).parse(request.headers, body).then(
          () => true,
          () => false,
        );
        if (isVerified) by.push(index);
      }
      // Verifies with all secrets, as a shop does, and otherwise refuses the callback.
      const { object } = await new CallbackHandler({ secrets: shop.secrets }).parse(request.headers, body);
      shop.verified.push({ order: object.uuid, by });
      response.writeHead(204).end();
    })().catch(() => {
      shop.verified.push({ order: 'refused', by: [] });
      response.writeHead(400).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { ...shop, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback` };
}

async function paidOrder(url: string, token: string): Promise<string> {
  const { uuid = '' } = await ask(url, 'POST', '/payment-order', `Bearer ${token}`, { amount: '10.00' });
  const paid = await fetch(`${url}/checkout/${uuid}/sandbox/pay`, { method: 'POST', redirect: 'manual' });
  expect(paid.status).toBeLessThan(400);
  return uuid;
}

const errorOf = async (url: string, token: string | undefined): Promise<string | undefined> =>
  (await ask(url, 'GET', '/payment-order', `Bearer ${token}`))['error_code'];

it('a secret is rotated while the shop sells: every callback can be verified, even after a crash, and the old secret ends at once', async () => {
  const shop = await openShop();
  try {
    let url = await serve();
    const pos = await newPos(shop.url);
    shop.secrets.push(pos.secret);
    const reported = (order: string, by: number[]): Promise<void> =>
      vi.waitFor(() => expect(shop.verified).toContainEqual({ order, by }), { timeout: LONGER_THAN_LEASE_MS, interval: 20 });
    const { token: first = '' } = await loginAt(url, pos.client_id, pos.secret);
    const before = await paidOrder(url, first);
    await reported(before, [0]);

    const { secret: second = '' } = await command('pos', 'rotate-secret', '--pos', pos.uuid);
    shop.secrets.push(second);
    const { token: newToken = '' } = await loginAt(url, pos.client_id, second);
    const { token: oldToken = '' } = await loginAt(url, pos.client_id, pos.secret);
    for (const token of [first, newToken, oldToken]) expect(await errorOf(url, token)).toBeUndefined();

    const between = await paidOrder(url, newToken);
    await gateway?.kill('SIGKILL');
    url = await serve();
    await reported(between, [0]);
    for (const token of [first, newToken, oldToken]) expect(await errorOf(url, token)).toBeUndefined();

    await command('pos', 'rotate-secret', '--client-id', pos.client_id, '--complete');
    expect([await errorOf(url, first), await errorOf(url, oldToken), await errorOf(url, newToken)]).toEqual([
      '1004',
      '1004',
      undefined,
    ]);
    expect(await loginAt(url, pos.client_id, pos.secret)).toEqual({ error: '1001' });
    expect((await loginAt(url, pos.client_id, second)).token).toBeDefined();
    await reported(await paidOrder(url, newToken), [1]);

    // A callback that was signed with the old secret is redelivered with the new one, within seconds.
    const [{ uuid }] = (await command('callback', 'list', '--order', before)) as unknown as [{ uuid: string }];
    await command('callback', 'redeliver', uuid);
    await reported(before, [1]);
    expect(shop.verified).not.toContainEqual({ order: 'refused', by: [] });
  } finally {
    shop.server.closeAllConnections();
    await new Promise((resolve) => shop.server.close(resolve));
  }
}, 120_000);

describe('a POS that another process disables', () => {
  /**
   * Disables and enables a POS several times.
   *
   * @param untilError Sends requests with the POS's token until the given error is returned, for as long as the database may take.
   */
  async function disableRepeatedly(
    times: number,
    untilError: (error: string, ask: () => Promise<string | undefined>) => Promise<void>,
  ): Promise<void> {
    const url = await serve();
    const pos = await newPos('https://shop.example/callback');
    for (let n = 0; n < times; n += 1) {
      const { token } = await loginAt(url, pos.client_id, pos.secret);
      expect(await errorOf(url, token)).toBeUndefined();
      await command('pos', 'disable', '--pos', pos.uuid);
      await untilError('1007', () => errorOf(url, token));
      expect(await loginAt(url, pos.client_id, pos.secret)).toEqual({ error: '1001' });
      await command('pos', 'enable', '--pos', pos.uuid);
      await untilError('1004', () => errorOf(url, token));
    }
  }

  it('is refused on the very next request on SQLite', async () => {
    await disableRepeatedly(10, async (error, askAgain) => expect(await askAgain()).toBe(error));
  });

  it('is refused within two seconds, and usually within milliseconds, on PostgreSQL', async (context) => {
    const postgres = await findPostgres('change-secret-process.test.ts');
    // skip: no PostgreSQL is available; findPostgres says why, and fails where CI is set
    if (postgres === undefined) return context.skip('no PostgreSQL is available');
    await using schema = await freshSchema(postgres);
    const url = new URL(postgres);
    url.searchParams.set('options', `-c search_path=${schema.name}`);
    settings['WEBPOS_DATABASE_URL'] = url.href;
    const lags: number[] = [];
    await disableRepeatedly(10, async (error, askAgain) => {
      const changed = performance.now();
      while ((await askAgain()) !== error) expect(performance.now() - changed).toBeLessThan(POS_WATCH_LAG_MS);
      lags.push(performance.now() - changed);
    });
    // The request itself takes a few milliseconds; without a notification it would take half a second on average.
    expect(lags.sort((a, b) => a - b)[10]).toBeLessThan(200);
    await gateway?.kill('SIGKILL');
    gateway = undefined;
  });
});
