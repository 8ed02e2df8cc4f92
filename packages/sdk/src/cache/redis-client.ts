/**
 * What this library needs of a Redis client, by its shape, so that it depends on none. The two common ones differ in how a
 * time to live is told: node-redis takes `{ PX: 1000 }`, ioredis `'PX', 1000`.
 */

/** A client of the package `redis`, version 4 or later; of a cluster or a pool too. */
export interface NodeRedisClient {
  /** Reads a value. */
  get(key: string): Promise<unknown>;
  /** Keeps a value for so many milliseconds; with `NX` only where none exists. */
  set(key: string, value: string, options: { PX: number; NX?: true }): Promise<unknown>;
  /** Forgets a value. */
  del(key: string): Promise<unknown>;
  /** Runs a script; for claims alone. */
  eval?(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** A client of the package `ioredis`, version 5 or later; of a cluster too. */
export interface IoRedisClient {
  /** `ready` and others. node-redis has no such property: they are told apart by it. */
  readonly status: string;
  /** Reads a value. */
  get(key: string): Promise<unknown>;
  /** Keeps a value for so many milliseconds. */
  set(key: string, value: string, px: 'PX', ttlMs: number): Promise<unknown>;
  /** Keeps a value where none exists. */
  set(key: string, value: string, px: 'PX', ttlMs: number, nx: 'NX'): Promise<unknown>;
  /** Forgets a value. */
  del(key: string): Promise<unknown>;
  /** Runs a script; for claims alone. */
  eval?(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** A client of either kind. */
export type RedisClient = NodeRedisClient | IoRedisClient;

/** Keeps a value through a client of either kind. */
export async function setFor(client: RedisClient, key: string, value: string, ttlMs: number): Promise<unknown> {
  const wholeMs = Math.ceil(ttlMs);
  if ('status' in client) return await client.set(key, value, 'PX', wholeMs);
  return await client.set(key, value, { PX: wholeMs });
}

/** Keeps a value where none exists, in one step. @returns whether there was none. */
export async function setIfAbsent(client: RedisClient, key: string, value: string, ttlMs: number): Promise<boolean> {
  const wholeMs = Math.ceil(ttlMs);
  const answer =
    'status' in client
      ? await client.set(key, value, 'PX', wholeMs, 'NX')
      : await client.set(key, value, { PX: wholeMs, NX: true });
  // Null where there was one. A client may be set to answer with bytes.
  return answer !== null && answer !== undefined;
}

/** Sets how long a key lives from now if it holds this value, in one step; 0 deletes it. */
const EXPIRE_IF_EQUAL = "return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('pexpire', KEYS[1], ARGV[2]) or 0";

/** @returns whether the key held the value. */
export async function expireIfEqual(client: RedisClient, key: string, value: string, ttlMs: number): Promise<boolean> {
  const words: [string, string] = [value, `${Math.ceil(ttlMs)}`];
  const answer =
    'status' in client
      ? await client.eval?.(EXPIRE_IF_EQUAL, 1, key, ...words)
      : await client.eval?.(EXPIRE_IF_EQUAL, { keys: [key], arguments: words });
  return Number(answer) === 1;
}
