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

/** The address of a Redis, or a client that the application already has. */
export type RedisOptions = RedisAddress | { client: RedisClient };

/** Values in a Redis, for `sharedTokens` and for the claims of `dropRepeats` of `@webpos/sdk/adapters`. */
export interface RedisStore {
  /** Returns a value, if there is one. @throws Error if Redis does not answer within a second. */
  get(key: string): Promise<string | undefined>;
  /** Stores a value for `ttlMs` milliseconds. @throws Error if Redis does not answer within a second. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Deletes a value. @throws Error if Redis does not answer within a second. */
  delete(key: string): Promise<void>;
  /** Stores a value if the key has none. @returns whether it had none. @throws Error if Redis does not answer within a second. */
  claim(key: string, value: string, ttlMs: number): Promise<boolean>;
  /**
   * Sets the remaining life of a key that holds this value to `ttlMs` milliseconds. @returns whether it held the value.
   * @throws Error if Redis does not answer within a second, or does not allow EVAL.
   */
  renew(key: string, value: string, ttlMs: number): Promise<boolean>;
  /** Deletes a key that holds this value. @returns whether it held the value. @throws Error as `renew` does. */
  release(key: string, value: string): Promise<boolean>;
  /** Closes the connection that this store opened; a client that it was given stays open. */
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
 * Stores values in a Redis. Given an address, it connects at the first use with the package `redis` or `ioredis`, whichever the
 * application has installed. A lost connection is replaced at the next use, and an idle one does not keep the process alive.
 * Given a client of either package, it uses that client and leaves its connection to the application.
 *
 * @throws ConfigurationError naming the wrong option; it never contains the password.
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

/** Makes a store with connections of its own. @param load loads a package; default: by `import`. */
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
    // A client may be configured to return bytes.
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
    // Outside the time limit: on a busy machine a large package loads slowly, and that is not Redis's fault.
    await this.#prepare();
    const connection = this.#connections.take();
    let failed = false;
    try {
      return await withDeadline(call, { timeoutMs: TIMEOUT_MS }, async () => await work(await connection.client), 'answer');
    } catch (thrown) {
      failed = true;
      // A copy, because the errors of ioredis carry the command with its arguments, AUTH and its password included.
      throw safeCause(thrown, redactor([this.#password, value])) ?? new Error('no reason given');
    } finally {
      this.#connections.giveBack(connection, failed);
    }
  }
}
