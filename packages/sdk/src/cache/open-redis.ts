import { ConfigurationError } from '../errors/configuration-error.ts';
import { type ImportPackage, importPackage } from './import-package.ts';
import type { IoRedisClient, NodeRedisClient, RedisClient } from './redis-client.ts';

/** The address of a Redis. The names are those of the platform's older client libraries, where they had one. */
export interface RedisAddress {
  /** Default: `localhost`. */
  hostname?: string | undefined;
  /** Default: 6379. */
  port?: number | undefined;
  /** The name of an ACL user. Default: the user `default`. */
  username?: string | undefined;
  /** Default: none. */
  password?: string | undefined;
  /** The number of the database. Default: 0. */
  db?: number | undefined;
  /** Whether to use TLS, or the options of `tls.connect`, such as `{ ca }`. Default: false. */
  tls?: boolean | Readonly<Record<string, unknown>> | undefined;
}

/** A connection that the library opened. */
export interface OpenRedis {
  client: RedisClient;
  isReady(): boolean;
  /** Waits for the commands under way, then closes. */
  close(): Promise<unknown>;
  /** Closes at once. */
  destroy(): unknown;
}

/** Connects to a Redis once. It does not reconnect by itself, so that an unreachable Redis does not keep a process alive. */
export type OpenRedisAt = (address: RedisAddress, timeoutMs: number) => Promise<OpenRedis>;

/**
 * Loads the client package that the application has installed: `redis`, or else `ioredis`.
 *
 * @throws ConfigurationError if neither is installed.
 */
export async function loadRedis(from: ImportPackage = importPackage): Promise<OpenRedisAt> {
  const nodeRedis = await exportOf<CreateClient>(from, 'redis', 'createClient');
  if (nodeRedis !== undefined) return async (...at) => await openNodeRedis(nodeRedis, ...at);
  const ioRedis = await exportOf<IoRedisClass>(from, 'ioredis', 'Redis');
  if (ioRedis !== undefined) return async (...at) => await openIoRedis(ioRedis, ...at);
  const wanted = 'the package redis or ioredis (npm install redis), or a client of one as redisStore({ client })';
  throw new ConfigurationError('redisStore', wanted, 'neither');
}

type CreateClient = (options: object) => OwnNodeRedis;
type IoRedisClass = new (options: object) => OwnIoRedis;

interface Emitter {
  on(event: 'error', listener: (error: unknown) => void): unknown;
  connect(): Promise<unknown>;
}

/** `close` and `destroy` came with version 5; `quit` and `disconnect` are the older names. */
interface OwnNodeRedis extends NodeRedisClient, Emitter {
  readonly isReady: boolean;
  unref?(): unknown;
  close?(): Promise<unknown>;
  quit(): Promise<unknown>;
  destroy?(): unknown;
  disconnect(): unknown;
}

interface OwnIoRedis extends IoRedisClient, Emitter {
  readonly stream?: { unref?(): unknown } | undefined;
  quit(): Promise<unknown>;
  disconnect(): unknown;
}

async function openNodeRedis(create: CreateClient, address: RedisAddress, timeoutMs: number): Promise<OpenRedis> {
  const { hostname = 'localhost', port = 6379, username, password, db, tls = false } = address;
  const security = tls === false ? {} : { ...(tls === true ? {} : tls), tls: true };
  const socket = { host: hostname, port, connectTimeout: timeoutMs, reconnectStrategy: false, ...security };
  const client = create({ username, password, database: db, socket });
  await connect(client, () => client.unref?.());
  return {
    client,
    isReady: () => client.isReady,
    close: () => client.close?.() ?? client.quit(),
    destroy: () => (client.destroy === undefined ? client.disconnect() : client.destroy()),
  };
}

async function openIoRedis(IoRedis: IoRedisClass, address: RedisAddress, timeoutMs: number): Promise<OpenRedis> {
  const { hostname = 'localhost', port = 6379, username, password, db, tls = false } = address;
  const options = { host: hostname, port, username, password, db, connectTimeout: timeoutMs, lazyConnect: true };
  const security = tls === false ? {} : { tls: tls === true ? {} : tls };
  const client = new IoRedis({ ...options, ...security, retryStrategy: () => null });
  await connect(client, () => client.stream?.unref?.());
  return {
    client,
    isReady: () => client.status === 'ready',
    close: () => client.quit(),
    destroy: () => client.disconnect(),
  };
}

async function connect(client: Emitter, unref: () => unknown): Promise<void> {
  let heard: unknown;
  // Without a listener an error would end the process. It also fails the commands under way, which report it.
  client.on('error', (error) => (heard = error));
  try {
    await client.connect();
  } catch (thrown) {
    // The error that ioredis throws says only that the connection is closed.
    throw heard ?? thrown;
  }
  // An idle connection must not keep the process alive.
  unref();
}

/** Returns an export of a package, whether an ES module or CommonJS; undefined if the package cannot be loaded. */
async function exportOf<T>(from: ImportPackage, name: string, wanted: string): Promise<T | undefined> {
  const loaded: unknown = await from(name).catch(() => undefined);
  const found = propertyOf(loaded, wanted) ?? propertyOf(propertyOf(loaded, 'default'), wanted);
  return found as T | undefined;
}

function propertyOf(value: unknown, name: string): unknown {
  const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isHolder ? (value as Record<string, unknown>)[name] : undefined;
}
