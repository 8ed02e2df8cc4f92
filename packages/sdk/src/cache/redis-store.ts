import { safeCause } from '#runtime';
import { checkOptions } from '../checks/check-options.ts';
import { withDeadline } from '../http/deadline.ts';
import { requireOption } from '../checks/require-option.ts';
import { redactor } from '../http/redact.ts';
import { integerRule, isObject, type Rule, type Rules, secretRule, methodsRule } from '../checks/value-rules.ts';
import type { ImportPackage } from './import-package.ts';
import { type Connections, OwnConnections, ownedByOthers } from './connections.ts';
import { loadRedis, type OpenRedisAt, type RedisAddress } from './open-redis.ts';
import type { TokenCache } from './shared-tokens.ts';
import { expireIfEqual, type RedisClient, setFor, setIfAbsent } from './redis-client.ts';

/** A Redis: where it is, or a client that the application has already. */
export type RedisOptions = RedisAddress | { client: RedisClient };

/** Values in a Redis, for `sharedTokens` and for the claims of the `dropRepeats` of `@webpos/sdk/adapters`. */
export interface RedisStore {
  /** The value, if there is one. @throws Error when Redis does not answer within a second. */
  get(key: string): Promise<string | undefined>;
  /** Keeps a value for so many milliseconds. @throws Error when Redis does not answer within a second. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Forgets a value. @throws Error when Redis does not answer within a second. */
  delete(key: string): Promise<void>;
  /** Keeps a value where none exists. @returns whether there was none. @throws Error when Redis does not answer within a second. */
  claim(key: string, value: string, ttlMs: number): Promise<boolean>;
  /**
   * Lets a key that holds this value expire so much later from now. @returns whether it held it.
   * @throws Error when Redis does not answer within a second, or allows no EVAL.
   */
  renew(key: string, value: string, ttlMs: number): Promise<boolean>;
  /** Deletes a key that holds this value. @returns whether it held it. @throws Error as `renew` does. */
  release(key: string, value: string): Promise<boolean>;
  /** Closes the connection that this store has opened; a client that it was given stays open. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 1000;

const CLIENT = 'a client of the package redis or ioredis';
const TLS: Rule = [(tls) => typeof tls === 'boolean' || isObject(tls), 'true, false or the options of tls.connect'];
const RULES: Rules<RedisAddress & { client?: RedisClient }> = {
  client: methodsRule(CLIENT, 'get', 'set', 'del'),
  hostname: secretRule(),
  port: integerRule(1, 65_535),
  username: secretRule(),
  password: secretRule(),
  db: integerRule(0),
  tls: TLS,
};

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
  checkOptions<RedisAddress & { client?: RedisClient }>(options, RULES);
  if (!('client' in options)) return openStore(options);
  requireOption(options.client !== undefined, 'client', CLIENT, options.client);
  return new ConnectedRedis(ownedByOthers(options.client), '');
}

/** A store with connections of its own. @param load how a package is loaded; default: with `import`. */
export function openStore(address: RedisAddress, load?: ImportPackage): RedisStore {
  let loading: Promise<OpenRedisAt> | undefined;
  const loaded = (): Promise<OpenRedisAt> => (loading ??= loadRedis(load));
  const connections = new OwnConnections(async () => (await loaded())(address, TIMEOUT_MS));
  return new ConnectedRedis(connections, address.password ?? '', loaded);
}

class ConnectedRedis implements RedisStore, Pick<TokenCache, 'closeOpened'> {
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

  async claim(key: string, value: string, ttlMs: number): Promise<boolean> {
    return await this.#run('set nx', key, (client) => setIfAbsent(client, key, value, ttlMs), value);
  }

  async renew(key: string, value: string, ttlMs: number): Promise<boolean> {
    return await this.#run('pexpire', key, (client) => expireIfEqual(client, key, value, ttlMs), value);
  }

  async release(key: string, value: string): Promise<boolean> {
    return await this.renew(key, value, 0);
  }

  async closeOpened(): Promise<void> {
    await this.close();
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
