import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { NOON } from '../../../test/support/samples.ts';
import { queueKey, type QueueId } from '../../callbacks/queue-key.ts';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { HOUR_MS } from '../../kernel/durations.ts';
import { parseId, type PosId } from '../../kernel/ids.ts';
import { EndpointHealth, type AdoptPause } from './endpoint-health.ts';

const SHOP: QueueId = { posId: parseId<PosId>('0b1c2d3e-0000-4000-8000-000000000001'), endpoint: 'https://shop.example' };

await onEveryDatabase('endpoint-health.test.ts', (database) => {
  let lines: string[];
  beforeEach(() => {
    lines = [];
  });
  const open = async (): Promise<EndpointHealth> => {
    const log = {
      warn: (_fields: object, message: string) => void lines.push(`warn ${message}`),
      info: (_fields: object, message: string) => void lines.push(`info ${message}`),
    };
    const health = new EndpointHealth({ store: database.store, log });
    await health.load();
    return health;
  };
  test('pauses are stored when they change, deleted when they end, and dropped at the next start', async () => {
    const health = await open();
    health.paused(SHOP, undefined);
    health.paused(SHOP, plusMs(NOON, 1_000));
    health.paused(SHOP, plusMs(NOON, 1_000));
    health.paused(SHOP, plusMs(NOON, 2_000));
    await health.settled();
    expect(await database.store.endpoints.pauses()).toEqual([{ ...SHOP, pausedUntil: plusMs(NOON, 2_000), failures: 0 }]);
    health.paused(SHOP, undefined);
    await health.settled();
    expect(await database.store.endpoints.pauses()).toEqual([]);
    health.paused(SHOP, plusMs(NOON, 3_000));
    await health.settled();
    await open();
    expect(await database.store.endpoints.pauses()).toEqual([]);
  });

  test('people are notified once when an endpoint begins and ceases to fail, however many processes find it', async () => {
    database.store.notices.setWanted(new Set(['endpoint.failing']));
    const healths = [await open(), await open()];
    const attempt = async (at: EpochMs, error: string | undefined): Promise<void> => {
      for (const health of healths) {
        health.attempted(SHOP, { at, error });
        await health.settled();
      }
    };
    for (let n = 0; n < 5; n += 1) await attempt(plusMs(NOON, n), 'answered 500');
    await attempt(plusMs(NOON, 9), undefined);
    await attempt(plusMs(NOON, 10), undefined);
    const stored = await database.store.transaction((tx) => tx.notices.lockPending(9));
    const common = { kind: 'endpoint.failing', endpoint: SHOP.endpoint, since: NOON };
    expect(stored.map(({ facts }) => facts)).toEqual([
      { ...common, state: 'failing', error: 'answered 500' },
      { ...common, state: 'recovered', error: null },
    ]);
    expect(stored.map(({ posId }) => posId)).toEqual([SHOP.posId, SHOP.posId]);
  });

  describe('of several processes', () => {
    type Adopted = Parameters<AdoptPause>;
    async function openShared(): Promise<{ health: EndpointHealth; adopted: Adopted[] }> {
      const adopted: Adopted[] = [];
      const health = new EndpointHealth({
        store: database.store,
        log: { warn: () => {}, info: () => {} },
        isShared: true,
        intervalMs: 5,
      });
      await health.load();
      health.start((...pause) => void adopted.push(pause));
      onTestFinished(() => health.stop());
      return { health, adopted };
    }
    const key = queueKey(SHOP);

    test('a pause is adopted by the others, and ended by the first whose attempt is acknowledged', async () => {
      const [one, two] = [await openShared(), await openShared()];
      one.health.paused(SHOP, plusMs(NOON, 1_000), 5);
      await vi.waitFor(() => expect(two.adopted).toEqual([[key, { until: plusMs(NOON, 1_000), failures: 5 }]]));
      two.health.paused(SHOP, undefined);
      await vi.waitFor(() => expect(one.adopted).toEqual([[key, undefined]]));
      expect(two.adopted).toHaveLength(1);
      expect(await database.store.endpoints.pauses()).toEqual([]);
    });

    test('a process that starts leaves the pauses of the others, and adopts them', async () => {
      const one = await openShared();
      one.health.paused(SHOP, plusMs(NOON, 1_000), 5);
      await one.health.settled();
      const two = await openShared();
      await vi.waitFor(() => expect(two.adopted).toHaveLength(1));
      expect(await database.store.endpoints.pauses()).toHaveLength(1);
    });

    test('an endpoint fails for all, until it works for one', async () => {
      const [one, two] = [await openShared(), await openShared()];
      await fail(one.health, 3);
      await vi.waitFor(() => expect(two.health.failing()).toEqual({ endpoints: 1, since: NOON }));
      two.health.attempted(SHOP, { at: NOON, error: undefined });
      await vi.waitFor(() => expect(one.health.failing()).toEqual({ endpoints: 0, since: undefined }));
    });
  });

  const fail = async (health: EndpointHealth, times: number, fromMs = 0, stepMs = 1_000): Promise<void> => {
    for (let n = 0; n < times; n += 1) health.attempted(SHOP, { at: plusMs(NOON, fromMs + n * stepMs), error: `no ${n}` });
    await health.settled();
  };

  test('an endpoint that fails three times in a row is stored and logged once, until it works again', async () => {
    const health = await open();
    await fail(health, 2);
    expect(health.failing()).toEqual({ endpoints: 0, since: undefined });
    expect(await database.store.endpoints.failing()).toEqual([]);
    await fail(health, 1, 2_000);
    await fail(health, 50, 3_000);
    expect(health.failing()).toEqual({ endpoints: 1, since: NOON });
    expect(await database.store.endpoints.failing()).toEqual([
      { ...SHOP, since: NOON, failures: 3, lastError: 'no 0', lastAt: plusMs(NOON, 2_000) },
    ]);
    health.attempted(SHOP, { at: plusMs(NOON, 60_000), error: undefined });
    await health.settled();
    expect(health.failing()).toEqual({ endpoints: 0, since: undefined });
    expect(await database.store.endpoints.failing()).toEqual([]);
    expect(lines).toEqual([
      'warn callbacks: endpoint keeps failing; logged again when it works',
      'info callbacks: endpoint works again',
    ]);
  });

  test('an endpoint may fail for one POS and work for another', async () => {
    const health = await open();
    const other: QueueId = { ...SHOP, posId: parseId<PosId>('0b1c2d3e-0000-4000-8000-000000000002') };
    await fail(health, 3);
    health.attempted(other, { at: NOON, error: undefined });
    await health.settled();
    expect(await database.store.endpoints.failing()).toMatchObject([SHOP]);
    for (let n = 0; n < 3; n += 1) health.attempted(other, { at: plusMs(NOON, 9_000), error: 'no' });
    await health.settled();
    expect(health.failing()).toEqual({ endpoints: 2, since: NOON });
    health.attempted(SHOP, { at: NOON, error: undefined });
    await health.settled();
    expect(await database.store.endpoints.failing()).toMatchObject([other]);
  });

  test('an endpoint that acknowledges between failures is neither stored nor logged', async () => {
    const health = await open();
    for (let n = 0; n < 10; n += 1) {
      await fail(health, 2, n * 1_000);
      health.attempted(SHOP, { at: NOON, error: undefined });
    }
    expect(await database.store.endpoints.failing()).toEqual([]);
    expect(lines).toEqual([]);
  });

  test('an endpoint that fails across a restart keeps its beginning and is not logged again', async () => {
    await fail(await open(), 3);
    const after = await open();
    expect(after.failing()).toEqual({ endpoints: 1, since: NOON });
    await fail(after, 1, HOUR_MS);
    expect(await database.store.endpoints.failing()).toMatchObject([
      { since: NOON, failures: 4, lastError: 'no 0', lastAt: plusMs(NOON, HOUR_MS) },
    ]);
    expect(lines).toHaveLength(1);
  });

  test('the stored number of failures lags at most a minute behind', async () => {
    await fail(await open(), 200);
    const [stored] = await database.store.endpoints.failing();
    expect(stored!.failures).toBeGreaterThan(140);
  });

  test('an endpoint without an attempt for two days is deleted', async () => {
    const health = await open();
    await fail(health, 3);
    await health.prune(plusMs(NOON, 47 * HOUR_MS));
    expect(health.failing().endpoints).toBe(1);
    await health.prune(plusMs(NOON, 49 * HOUR_MS));
    expect(health.failing().endpoints).toBe(0);
    expect(await database.store.endpoints.failing()).toEqual([]);
  });
});
