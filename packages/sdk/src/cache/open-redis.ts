import { ConfigurationError } from '../errors/configuration-error.ts';
import { type ImportPackage, importPackage } from './import-package.ts';
import type { IoRedisClient, NodeRedisClient, RedisClient } from './redis-client.ts';

/** Where a Redis is. The names are those of the older libraries, where they had one. */
export interface RedisAddress {
  /** Default: `localhost`. */
  hostname?: string | undefined;
  /** Default: 6379. */
  port?: number | undefined;
  /** Of an ACL user. Default: the user `default`. */
  username?: string | undefined;
  /** Default: none. */
  password?: string | undefined;
  /** The number of the database. Default: 0. */
  db?: number | undefined;
  /** Whether to speak TLS; or the options of `tls.connect`, such as `{ ca }`. Default: false. */
  tls?: boolean | Readonly<Record<string, unknown>> | undefined;
}

/** A connection of our own. */
export interface OpenRedis {
  client: RedisClient;
  isReady(): boolean;
  /** Waits for what is under way. */
  close(): Promise<unknown>;
  /** Ends it now. */
  destroy(): unknown;
}

/** Connects to a Redis, once: it does not connect again by itself, lest a Redis that is away hold up the end of a process. */
export type OpenRedisAt = (address: RedisAddress, timeoutMs: number) => Promise<OpenRedis>;

/**
 * Loads the client library that the application has installed: `redis`, else `ioredis`.
 *
 * @throws ConfigurationError when neither is.
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

/** `close` and `destroy` came with version 5; `quit` and `disconnect` are their older names. */
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
  // Without a listener an error would end the process. It fails what is under way as well, and is heard of there.
  client.on('error', (error) => (heard = error));
  try {
    await client.connect();
  } catch (thrown) {
    // What ioredis throws says no more than that the connection is closed.
    throw heard ?? thrown;
  }
  // A connection that waits to be of use again keeps no process from its end.
  unref();
}

/** A package's export, as a module of either kind has it; undefined when the package cannot be loaded. */
async function exportOf<T>(from: ImportPackage, name: string, wanted: string): Promise<T | undefined> {
  const loaded: unknown = await from(name).catch(() => undefined);
  const found = propertyOf(loaded, wanted) ?? propertyOf(propertyOf(loaded, 'default'), wanted);
  return found as T | undefined;
}

function propertyOf(value: unknown, name: string): unknown {
  const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isHolder ? (value as Record<string, unknown>)[name] : undefined;
}
