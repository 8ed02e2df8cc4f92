import { beforeEach, expect, test } from 'vitest';
import { onEveryDatabase } from '../../test/support/every-database.ts';
import { NOON } from '../../test/support/samples.ts';
import { plusMs } from '../kernel/clock.ts';
import { EndpointHealth } from './endpoint-health.ts';

const SHOP = 'https://shop.example';
const HOUR_MS = 3_600_000;

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
  const fail = async (health: EndpointHealth, times: number, fromMs = 0, stepMs = 1_000): Promise<void> => {
    for (let n = 0; n < times; n += 1) health.ended(SHOP, { at: plusMs(NOON, fromMs + n * stepMs), error: `no ${n}` });
    await health.settled();
  };

  test('an endpoint that fails three times in a row is stored and told of once, until it works again', async () => {
    const health = await open();
    await fail(health, 2);
    expect(health.failing()).toEqual({ endpoints: 0, since: undefined });
    expect(await database.store.endpoints.failing()).toEqual([]);
    await fail(health, 1, 2_000);
    await fail(health, 50, 3_000);
    expect(health.failing()).toEqual({ endpoints: 1, since: NOON });
    expect(await database.store.endpoints.failing()).toEqual([
      { endpoint: SHOP, since: NOON, failures: 3, lastError: 'no 0', lastAt: plusMs(NOON, 2_000) },
    ]);
    health.ended(SHOP, { at: plusMs(NOON, 60_000), error: undefined });
    await health.settled();
    expect(health.failing()).toEqual({ endpoints: 0, since: undefined });
    expect(await database.store.endpoints.failing()).toEqual([]);
    expect(lines).toEqual([
      'warn callbacks: an endpoint keeps failing; told again when it works',
      'info callbacks: an endpoint works again',
    ]);
  });

  test('failures with an acknowledgement between them are told of to nobody', async () => {
    const health = await open();
    for (let n = 0; n < 10; n += 1) {
      await fail(health, 2, n * 1_000);
      health.ended(SHOP, { at: NOON, error: undefined });
    }
    expect(await database.store.endpoints.failing()).toEqual([]);
    expect(lines).toEqual([]);
  });

  test('since when it fails outlives a restart, and is not told of again', async () => {
    await fail(await open(), 3);
    const after = await open();
    expect(after.failing()).toEqual({ endpoints: 1, since: NOON });
    await fail(after, 1, HOUR_MS);
    expect(await database.store.endpoints.failing()).toMatchObject([
      { since: NOON, failures: 4, lastError: 'no 0', lastAt: plusMs(NOON, HOUR_MS) },
    ]);
    expect(lines).toHaveLength(1);
  });

  test('what is stored of the last failure is at most a minute old', async () => {
    await fail(await open(), 200);
    const [stored] = await database.store.endpoints.failing();
    expect(stored!.failures).toBeGreaterThan(140);
  });

  test('one that nobody has sent to for two days is forgotten', async () => {
    const health = await open();
    await fail(health, 3);
    await health.tidy(plusMs(NOON, 47 * HOUR_MS));
    expect(health.failing().endpoints).toBe(1);
    await health.tidy(plusMs(NOON, 49 * HOUR_MS));
    expect(health.failing().endpoints).toBe(0);
    expect(await database.store.endpoints.failing()).toEqual([]);
  });
});
