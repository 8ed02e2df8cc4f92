/**
 * The shape of a Redis client that this library needs, so that it depends on no package. The two common clients take a time to
 * live differently: node-redis as `{ PX: 1000 }`, ioredis as `'PX', 1000`.
 */
import { requireOption } from '../checks/require-option.ts';

/** A client, cluster or pool of the package `redis`, version 4 or later. */
export interface NodeRedisClient {
  /** Reads a value. */
  get(key: string): Promise<unknown>;
  /** Stores a value for `PX` milliseconds; with `NX` only if the key has none. */
  set(key: string, value: string, options: { PX: number; NX?: true }): Promise<unknown>;
  /** Deletes a value. */
  del(key: string): Promise<unknown>;
  /** Runs a script; needed for claims only. */
  eval?(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** A client or cluster of the package `ioredis`, version 5 or later. */
export interface IoRedisClient {
  /** The state of the connection, such as `ready`. node-redis has no such property, which tells the two apart. */
  readonly status: string;
  /** Reads a value. */
  get(key: string): Promise<unknown>;
  /** Stores a value for `ttlMs` milliseconds. */
  set(key: string, value: string, px: 'PX', ttlMs: number): Promise<unknown>;
  /** Stores a value if the key has none. */
  set(key: string, value: string, px: 'PX', ttlMs: number, nx: 'NX'): Promise<unknown>;
  /** Deletes a value. */
  del(key: string): Promise<unknown>;
  /** Runs a script; needed for claims only. */
  eval?(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** A client of either kind. */
export type RedisClient = NodeRedisClient | IoRedisClient;

/** Stores a value through a client of either kind. */
export async function setFor(client: RedisClient, key: string, value: string, ttlMs: number): Promise<unknown> {
  const wholeMs = Math.ceil(ttlMs);
  if ('status' in client) return await client.set(key, value, 'PX', wholeMs);
  return await client.set(key, value, { PX: wholeMs });
}

/** Stores a value if the key has none, atomically. @returns whether it had none. */
export async function setIfAbsent(client: RedisClient, key: string, value: string, ttlMs: number): Promise<boolean> {
  // Before anything is set: what nobody can renew or release is no claim.
  requireOption(typeof client.eval === 'function', 'client', 'one with eval, which claims need', client, 'one without');
  const wholeMs = Math.ceil(ttlMs);
  const answer =
    'status' in client
      ? await client.set(key, value, 'PX', wholeMs, 'NX')
      : await client.set(key, value, { PX: wholeMs, NX: true });
  // Null if the key had a value. A client may be configured to return bytes.
  return answer !== null && answer !== undefined;
}

/** Sets the remaining life of a key that holds this value, atomically; 0 deletes it. */
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
