/** Three processes are stopped and started again, one after the other, while a shop creates and reads orders without pause. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findBitcoind } from '../../../../test/support/find-bitcoind.ts';
import { findPostgres } from '../../../../test/support/postgres.ts';
import type { GatewayProcess } from '../cluster/gateway-process.ts';
import { APPLICATION, deploy, type Deployed } from './deployed.ts';
import { PatientShop, type Send } from './patient-shop.ts';

const FILE = 'packages/gateway/test/deployment/rolling-restart.test.ts';
const bitcoind = await findBitcoind(FILE);
const postgres = await findPostgres(FILE);
/** Of a lease that is not given back. */
const LIFETIME_MS = 8_000;
/** What docs/several-processes.md says. */
const MAX_CONNECTIONS = 13;

// skip: findBitcoind and findPostgres say what is missing
describe.skipIf(bitcoind === undefined || postgres === undefined)('three processes on one PostgreSQL', () => {
  let deployed: Deployed;
  beforeAll(async () => {
    deployed = await deploy(3, bitcoind ?? '', postgres ?? '');
    for (const gateway of deployed.gateways) await gateway.start();
  }, 180_000);
  afterAll(() => deployed?.[Symbol.asyncDispose]());

  const isReady = async (gateway: GatewayProcess): Promise<boolean> =>
    fetch(`${gateway.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
      ({ status }) => status === 200,
      () => false,
    );
  const leader = async (): Promise<GatewayProcess | undefined> => {
    const [lease] = await deployed.query<{ pid: string | null }>(
      `select substring(holder from '^\\d+') as pid from leases where expires_at > extract(epoch from clock_timestamp()) * 1000`,
    );
    return deployed.gateways.find(({ pid }) => pid !== undefined && String(pid) === lease?.pid);
  };

  test('restart one after the other, and no request fails', { timeout: 240_000 }, async () => {
    const { gateways, shop } = deployed;
    await vi.waitFor(async () => expect(await Promise.all(gateways.map(isReady))).toEqual([true, true, true]));
    // As a load balancer: looks every half a second, and sends each request to the next process that was ready.
    let ready: readonly GatewayProcess[] = gateways;
    const over = new AbortController();
    const looking = (async () => {
      while (!over.signal.aborted) {
        const states = await Promise.all(gateways.map(isReady));
        ready = gateways.filter((_, nth) => states[nth]);
        await sleep(500);
      }
    })();
    let turn = 0;
    const send: Send = async ({ path, ...request }) => {
      const to = ready[(turn += 1) % Math.max(1, ready.length)] ?? gateways[0];
      const answer = await fetch(`${to?.url}${path}`, { ...request, signal: AbortSignal.timeout(15_000) });
      return { status: answer.status, body: await answer.json() };
    };
    const client = new PatientShop(shop, send);
    client.open();
    const handovers: number[] = [];
    const left = new Set(gateways);
    while (left.size > 0) {
      const leading = await vi.waitUntil(leader);
      const next = left.has(leading) ? leading : [...left][0]!;
      left.delete(next);
      const ordersBefore = client.orders.length;
      const begun = performance.now();
      const stopped = next.stop();
      if (next === leading) {
        await vi.waitUntil(
          async () => {
            const now = await leader();
            return now !== undefined && now !== next;
          },
          { interval: 20, timeout: 60_000 },
        );
        handovers.push(Math.round(performance.now() - begun));
      }
      await stopped;
      await next.start();
      await vi.waitUntil(() => isReady(next));
      await vi.waitUntil(() => client.orders.length > ordersBefore + 5);
    }
    await client.close();
    over.abort();
    await looking;
    console.log(
      `${client.orders.length} orders, ${client.repeated} requests repeated, handed over after ${handovers.join(', ')} ms`,
    );
    expect(client.failed).toEqual([]);
    expect(gateways.flatMap(({ faults }) => faults)).toEqual([]);
    expect(new Set(client.orders.map(({ address }) => address)).size).toBe(client.orders.length);
    // Given back, and not expired.
    expect(Math.max(...handovers)).toBeLessThan(LIFETIME_MS - 2_000);
  });

  test('open no more connections than documented', async () => {
    const { gateways, shop } = deployed;
    const send: Send = async ({ path, ...request }) => {
      const answer = await fetch(`${gateways[0]?.url}${path}`, request);
      return { status: answer.status, body: await answer.json() };
    };
    const clients = Array.from({ length: 30 }, () => new PatientShop(shop, send));
    for (const client of clients) client.open();
    let most = 0;
    for (let look = 0; look < 10; look += 1) {
      await sleep(100);
      const [row] = await deployed.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where application_name in ('${APPLICATION}')
           or split_part(application_name, '@', 1) in (${gateways.map(({ pid }) => `'webpos ${pid}'`).join()})`,
      );
      most = Math.max(most, row?.n ?? 0);
    }
    await Promise.all(clients.map((client) => client.close()));
    expect(most).toBeGreaterThan(gateways.length);
    expect(most).toBeLessThanOrEqual(gateways.length * MAX_CONNECTIONS);
  });
});
