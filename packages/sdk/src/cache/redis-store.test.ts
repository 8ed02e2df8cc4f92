import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { Redis as IoRedis } from 'ioredis';
import { createClient, createClientPool } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { findRedis, layLine, type TestRedis } from '../../../../test/support/redis.ts';
import { bodyOf } from '../../test/callbacks.ts';
import { type RedisOptions, redisStore, type RedisStore } from './index.ts';
import type { ImportPackage } from './import-package.ts';
import { openStore } from './redis-store.ts';

const loading =
  (...installed: string[]): ImportPackage =>
  (name) =>
    installed.includes(name) ? import(name) : Promise.reject(new Error(`Cannot find package '${name}'`));

let redis: TestRedis;
let whyNone: string | undefined;
const toClose: (() => unknown)[] = [];
beforeAll(async () => {
  const found = await findRedis();
  if (typeof found === 'string') whyNone = found;
  else redis = found;
});
beforeEach((context) => {
  if (whyNone !== undefined) context.skip(whyNone);
});
afterAll(async () => {
  await Promise.all(toClose.map((close) => close()));
  await redis?.[Symbol.asyncDispose]();
});

const newKey = (): string => `webpos-test:${randomUUID()}`;
function kept(store: RedisStore): RedisStore {
  toClose.push(() => store.close());
  return store;
}

const KINDS: readonly [string, () => Promise<RedisStore>][] = [
  ['the package redis', async () => kept(openStore(redis, loading('redis', 'ioredis')))],
  ['the package ioredis', async () => kept(openStore(redis, loading('ioredis')))],
  ['whichever is installed', async () => kept(redisStore({ hostname: redis.hostname, port: redis.port }))],
  [
    'a client of node-redis',
    async () => {
      const client = await createClient({ url: redis.url }).connect();
      toClose.push(() => client.destroy());
      return redisStore({ client });
    },
  ],
  [
    'a pool of node-redis',
    async () => {
      const client = createClientPool({ url: redis.url });
      await client.connect();
      toClose.push(() => client.destroy());
      return redisStore({ client });
    },
  ],
  [
    'a client of ioredis',
    async () => {
      const client = new IoRedis(redis.url);
      toClose.push(() => client.disconnect());
      return redisStore({ client });
    },
  ],
];

it('a Redis store refuses claims through a client that cannot renew and release them', async () => {
  const set = vi.fn(async () => 'OK');
  const store = redisStore({ client: { get: async () => null, set, del: async () => 1 } });
  await expect(store.claim('key', 'mine', 1000)).rejects.toThrow('client: expected one with eval, which claims need');
  expect(set).not.toHaveBeenCalled();
});

describe.each(KINDS)('a Redis store through %s', (_kind, open) => {
  it('stores and deletes a value', async () => {
    const store = await open();
    const key = newKey();
    expect(await store.get(key)).toBeUndefined();
    await store.set(key, 'caffè', 60_000);
    expect(await store.get(key)).toBe('caffè');
    await store.delete(key);
    expect(await store.get(key)).toBeUndefined();
  });

  it('gives a claim to one caller, until it is released', async () => {
    const store = await open();
    const key = newKey();
    const claims = await Promise.all(['a', 'b', 'c'].map((value) => store.claim(key, value, 60_000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    const holder = ['a', 'b', 'c'][claims.indexOf(true)]!;
    expect(await store.get(key)).toBe(holder);
    expect([await store.release(key, 'd'), await store.renew(key, 'd', 60_000), await store.get(key)]).toEqual([
      false,
      false,
      holder,
    ]);
    expect([await store.renew(key, holder, 60_000.5), await store.release(key, holder)]).toEqual([true, true]);
    expect([await store.renew(key, holder, 1), await store.release(key, holder)]).toEqual([false, false]);
    expect(await store.claim(key, 'd', 60_000)).toBe(true);
  });

  it('lets only a claim that is not renewed expire', async () => {
    const store = await open();
    const [left, renewed] = [newKey(), newKey()];
    for (const key of [left, renewed]) await store.claim(key, 'mine', 300);
    await store.renew(renewed, 'mine', 60_000);
    await expect.poll(() => store.claim(left, 'yours', 60_000), { timeout: 60_000 }).toBe(true);
    expect(await store.claim(renewed, 'yours', 60_000)).toBe(false);
  });

  it('keeps a value for its time to live, and no longer', async () => {
    const store = await open();
    const key = newKey();
    await store.set(key, 'short', 999.5);
    expect(await store.get(key)).toBe('short');
    await expect.poll(() => store.get(key), { timeout: 60_000 }).toBeUndefined();
  });
});

describe.each([
  ['redis', 'redis'],
  ['ioredis', 'ioredis'],
])('a connection that the store opens through %s', (_name, installed) => {
  const to = (address: { port: number; password?: string; username?: string }): RedisStore =>
    kept(openStore({ hostname: '127.0.0.1', ...address }, loading(installed)));

  it('is shared, opened at the first use, and opened again after it is lost', async () => {
    await using line = await layLine(redis);
    const store = to(line);
    expect(line.taken()).toBe(0);
    const keys = Array.from({ length: 20 }, newKey);
    await Promise.all(keys.map((key) => store.set(key, '1', 60_000)));
    expect(line.taken()).toBe(1);
    line.mend();
    // Let the client notice the end first; until then, a call would fail once.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await Promise.all(keys.map((key) => store.get(key)))).toEqual(keys.map(() => '1'));
    expect(line.taken()).toBe(2);
  });

  it('fails within a second while Redis is silent, and recovers with it', async () => {
    await using line = await layLine(redis);
    const store = to(line);
    const key = newKey();
    await store.set(key, '1', 60_000);
    line.silence();
    await expect(store.get(key)).rejects.toThrow(`redis get ${key}: no answer within 1000 ms`);
    line.mend();
    expect(await store.get(key)).toBe('1');
  });

  it('fails for each caller at its own deadline, although they share a connection', async () => {
    await using line = await layLine(redis);
    const store = to(line);
    await store.get(newKey());
    line.silence();
    const failure = async (key: string): Promise<string> =>
      await store.get(key).then(
        () => 'answered',
        (error: unknown) => (error as Error).message,
      );
    const first = failure('first');
    const third = first.then(async () => await failure('third'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const reasons = await Promise.all([first, failure('second'), third]);
    expect(reasons).toEqual(['first', 'second', 'third'].map((key) => `redis get ${key}: no answer within 1000 ms`));
    line.mend();
    expect(await store.get(newKey())).toBeUndefined();
  });

  it('fails while nothing listens, and recovers', async () => {
    await using line = await layLine(redis);
    const store = to(line);
    line.cut();
    await expect(store.get('key')).rejects.toBeInstanceOf(Error);
    line.mend();
    expect(await store.get(newKey())).toBeUndefined();
  });

  it('is closed, and opened again by the next use', async () => {
    await using line = await layLine(redis);
    const store = to(line);
    await store.close();
    await store.get(newKey());
    await store.close();
    await store.close();
    expect(await store.get(newKey())).toBeUndefined();
    expect(line.taken()).toBe(2);
  });

  it('logs in with a user name and a password, which no error shows', async () => {
    const admin = await createClient({ url: redis.url }).connect();
    const username = `webpos-test-${randomUUID()}`;
    const password = 'hush-hush';
    try {
      await admin.sendCommand(['ACL', 'SETUSER', username, 'on', `>${password}`, '~webpos-test:*', '+@all']);
      const { port } = redis;
      const key = newKey();
      await to({ port, username, password }).set(key, '1', 60_000);
      expect(await to({ port, username, password }).get(key)).toBe('1');
      const refused: unknown = await to({ port, username, password: 'hush-hush!' })
        .get(key)
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(Error);
      expect(inspect(refused, { depth: 9, showHidden: true })).not.toContain('hush-hush');
      const forbidden: unknown = await to({ port, username, password })
        .set('elsewhere', 'token-1', 1000)
        .catch((error: unknown) => error);
      expect(inspect(forbidden, { depth: 9, showHidden: true })).toContain('NOPERM');
      expect(inspect(forbidden, { depth: 9, showHidden: true })).not.toContain('token-1');
    } finally {
      await admin.sendCommand(['ACL', 'DELUSER', username]);
      admin.destroy();
    }
  });

  it('uses the given database', async () => {
    const key = newKey();
    const { port } = redis;
    await kept(openStore({ port, db: 1 }, loading(installed))).set(key, '1', 60_000);
    expect(await kept(openStore({ port }, loading(installed))).get(key)).toBeUndefined();
    expect(await kept(openStore({ port, db: 1 }, loading(installed))).get(key)).toBe('1');
  });
});

describe('a callback with a Redis store', () => {
  it('is handled once if two processes receive it in turn, and the store keeps neither alive', async () => {
    const [body, run] = [bodyOf({ object: { uuid: randomUUID(), state: {} } }), promisify(execFile)];
    const program = fileURLToPath(new URL('../../test/callback-process.ts', import.meta.url));
    const receive = async (): Promise<string> => {
      const words = ['--conditions=webpos-source', '--import', 'tsx', program, String(redis.port), body];
      return (await run(process.execPath, words, { timeout: 20_000 })).stdout.trim();
    };
    expect([await receive(), await receive()]).toEqual(['handled', 'dropped']);
  }, 240_000);
});

describe('the options of a Redis store', () => {
  it.each<[string, unknown, string]>([
    ['options', undefined, 'options: expected an object, got undefined'],
    ['hostname', { hostname: 6379 }, 'hostname: expected a non-empty string, got number'],
    ['port', { port: '6379' }, 'port: expected an integer from 1 to 65535, got "6379"'],
    ['port', { port: 0 }, 'port: expected an integer from 1 to 65535, got 0'],
    ['username', { username: '' }, 'username: expected a non-empty string, got an empty string'],
    ['password', { password: ['hush-hush'] }, 'password: expected a non-empty string, got object'],
    ['db', { db: -1 }, 'db: expected an integer from 0, got -1'],
    ['tls', { tls: 'yes' }, 'tls: expected true, false or the options of tls.connect, got "yes"'],
    ['client', { client: {} }, 'client: expected a client of the package redis or ioredis, got object'],
    ['client', { client: undefined }, 'client: expected a client of the package redis or ioredis, got undefined'],
  ])('are checked: %s %j', (_field, options, message) => {
    expect(() => redisStore(options as RedisOptions)).toThrow(message);
  });

  it('do not show the password when the store is logged', () => {
    expect(inspect(redisStore({ password: 'hush-hush' }), { depth: 9, showHidden: true })).not.toContain('hush-hush');
  });

  it('require a client package, and say which', async () => {
    const failed = openStore({}, loading()).get('key');
    await expect(failed).rejects.toThrow('expected the package redis or ioredis (npm install redis)');
  });
});
