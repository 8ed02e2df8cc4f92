/**
 * What this library needs of a Redis client, by its shape, so that it depends on none. The two common ones differ in how a
 * time to live is told: node-redis takes `{ PX: 1000 }`, ioredis `'PX', 1000`.
 */

/** A client of the package `redis`, version 4 or later; of a cluster or a pool too. */
export interface NodeRedisClient {
  /** Reads a value. */
  get(key: string): Promise<unknown>;
  /** Keeps a value for so many milliseconds. */
  set(key: string, value: string, options: { PX: number }): Promise<unknown>;
  /** Forgets a value. */
  del(key: string): Promise<unknown>;
}

/** A client of the package `ioredis`, version 5 or later; of a cluster too. */
export interface IoRedisClient {
  /** `ready` and others. node-redis has no such property: they are told apart by it. */
  readonly status: string;
  /** Reads a value. */
  get(key: string): Promise<unknown>;
  /** Keeps a value for so many milliseconds. */
  set(key: string, value: string, px: 'PX', ttlMs: number): Promise<unknown>;
  /** Forgets a value. */
  del(key: string): Promise<unknown>;
}

/** A client of either kind. */
export type RedisClient = NodeRedisClient | IoRedisClient;

/** Keeps a value through a client of either kind. */
export async function setFor(client: RedisClient, key: string, value: string, ttlMs: number): Promise<unknown> {
  // Redis takes whole milliseconds alone.
  const wholeMs = Math.ceil(ttlMs);
  if ('status' in client) return await client.set(key, value, 'PX', wholeMs);
  return await client.set(key, value, { PX: wholeMs });
}
