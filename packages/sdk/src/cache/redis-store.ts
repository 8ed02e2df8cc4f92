import { show } from '../check.ts';
import { withDeadline } from '../deadline.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { redactor, safeCause } from '../redact.ts';
import { type Connections, OwnConnections, ownedByOthers } from './connections.ts';
import { type Load, loadRedis, type OpenRedisAt, type RedisAddress } from './open-redis.ts';
import { type RedisClient, setFor } from './redis-client.ts';

/** A Redis: where it is, or a client that the application has already. */
export type RedisOptions = RedisAddress | { client: RedisClient };

/** Values in a Redis, for `sharedTokens` and for the `dropRepeats` of `@webpos/sdk/adapters`. */
export interface RedisStore {
  /** The value, if there is one. @throws Error when Redis does not answer within a second. */
  get(key: string): Promise<string | undefined>;
  /** Keeps a value for so many milliseconds. @throws Error when Redis does not answer within a second. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Forgets a value. @throws Error when Redis does not answer within a second. */
  delete(key: string): Promise<void>;
  /** Closes the connection that this store has opened; a client that it was given stays open. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 1000;

/**
 * Keeps values in a Redis. Given an address, it connects at the first use, with the package `redis` or else `ioredis`,
 * whichever the application has installed; when the connection is lost, the next use makes another, and it does not keep
 * the process alive. Given a client of either package, it uses that, and leaves its connection to the application.
 *
 * @throws ConfigurationError that names the wrong option; it never shows the password.
 * @example
 * const store = redisStore({ hostname: 'redis.internal', port: 6379, password });
 * const client = new Client({ mode: 'live', clientId, secret, cache: sharedTokens(store) });
 * app.post('/callback', expressCallbacks(callbacks, dropRepeats(handle, { store })));
 * @example
 * redisStore({ client: await createClient().connect() });
 */
export function redisStore(options: RedisOptions): RedisStore {
  if (typeof options !== 'object' || options === null) throw new ConfigurationError('options', 'an object', show(options));
  if ('client' in options) return new ConnectedRedis(ownedByOthers(parseClient(options.client)), '');
  return openStore(parseAddress(options));
}

/** A store with connections of its own. @param load how a package is loaded; default: with `import`. */
export function openStore(address: RedisAddress, load?: Load): RedisStore {
  let loading: Promise<OpenRedisAt> | undefined;
  const loaded = (): Promise<OpenRedisAt> => (loading ??= loadRedis(load));
  const connections = new OwnConnections(async () => (await loaded())(address, TIMEOUT_MS));
  return new ConnectedRedis(connections, address.password ?? '', loaded);
}

class ConnectedRedis implements RedisStore {
  readonly #connections: Connections;
  readonly #password: string;
  readonly #prepare: () => Promise<unknown>;

  constructor(connections: Connections, password: string, prepare: () => Promise<unknown> = () => Promise.resolve()) {
    this.#connections = connections;
    this.#password = password;
    this.#prepare = prepare;
  }

  async get(key: string): Promise<string | undefined> {
    const value = await this.#run('get', key, (client) => client.get(key));
    if (typeof value === 'string') return value;
    // A client may be set to answer with bytes.
    return value instanceof Uint8Array ? new TextDecoder().decode(value) : undefined;
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    await this.#run('set', key, (client) => setFor(client, key, value, ttlMs), value);
  }

  async delete(key: string): Promise<void> {
    await this.#run('del', key, (client) => client.del(key));
  }

  async close(): Promise<void> {
    await this.#connections.close();
  }

  async #run<T>(command: string, key: string, work: (client: RedisClient) => Promise<T>, value = ''): Promise<T> {
    const call = { method: `redis ${command}`, path: key };
    // A large library takes its time on a busy machine; that is not Redis's.
    await this.#prepare();
    const connection = this.#connections.take();
    try {
      return await withDeadline(call, { timeoutMs: TIMEOUT_MS }, async () => await work(await connection.client), 'answer');
    } catch (thrown) {
      this.#connections.drop(connection);
      // A copy: the errors of ioredis carry the command with all that was sent, AUTH and its password too.
      throw safeCause(thrown, redactor([this.#password, value])) ?? new Error('no reason given');
    }
  }
}

function parseClient(client: unknown): RedisClient {
  const methods = typeof client === 'object' && client !== null ? (client as Partial<RedisClient>) : {};
  if (['get', 'set', 'del'].every((name) => typeof methods[name as 'get'] === 'function')) return client as RedisClient;
  throw new ConfigurationError('client', 'a client of the package redis or ioredis', show(client));
}

function parseAddress(address: RedisAddress): RedisAddress {
  const { hostname, port, username, password, db, tls } = address;
  for (const [field, value] of Object.entries({ hostname, username, password })) {
    if (value === undefined || (typeof value === 'string' && value !== '')) continue;
    throw new ConfigurationError(field, 'a string that is not empty', value === '' ? 'an empty one' : typeof value);
  }
  parseWhole('port', port, 1, 65_535);
  parseWhole('db', db, 0, Number.MAX_SAFE_INTEGER);
  if (tls !== undefined && typeof tls !== 'boolean' && (typeof tls !== 'object' || tls === null)) {
    throw new ConfigurationError('tls', 'true, false or the options of tls.connect', show(tls));
  }
  return address;
}

function parseWhole(field: string, value: unknown, min: number, max: number): void {
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max)) return;
  throw new ConfigurationError(field, `an integer from ${min} to ${max}`, show(value));
}
