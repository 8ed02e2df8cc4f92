/**
 * The servers of a database URL, of which one accepts writes. Every connection of a gateway is opened here: the hosts are tried in turn,
 * beginning with the last good one, so a promoted replica is found by the first connection after the failover.
 */
import pg from 'pg';
import { failureText } from '../../../kernel/failure-bursts.ts';
import { parsePostgresUrl, type PostgresHost, type PostgresUrl } from '../../../kernel/database/postgres-url.ts';
import { StoreDownError } from '../../store-down.ts';
import { closeClient, destroyClient } from './close-client.ts';

/** For each host, until it has answered. The URL may state another time (`connect_timeout`), but a caller's own is never exceeded. */
const CONNECT_MS = { oneHost: 10_000, severalHosts: 3_000 };

/** No host is usable. Its errors are those of the hosts, so that it counts as a store that is down when one of them does. */
class NoHostError extends AggregateError {
  override readonly name = 'NoHostError';
}

export type HostConfig = Omit<pg.ClientConfig, 'connectionString' | 'host' | 'port' | 'user' | 'password' | 'database'>;

export class PostgresHosts {
  readonly url: PostgresUrl;
  readonly #defaults: HostConfig;
  /** The index of the host to try first. */
  #first = 0;
  readonly #hosts = new WeakMap<pg.Client, PostgresHost>();

  /** @throws RangeError without a password. */
  constructor(url: string, defaults: HostConfig = {}) {
    this.url = parsePostgresUrl(url);
    this.#defaults = defaults;
  }

  /**
   * Connects to the first host that is usable. The connection has a listener for errors, which would otherwise end the process.
   *
   * @param config `connectionTimeoutMillis` is for each host.
   * @param signal Ends the attempt.
   * @throws The host's error, if there is only one; otherwise {@link NoHostError}.
   */
  async connect(config: HostConfig = {}, signal?: AbortSignal): Promise<pg.Client> {
    const { hosts } = this.url;
    const first = this.#first;
    const failures: { readonly host: PostgresHost; readonly error: unknown }[] = [];
    for (const offset of hosts.keys()) {
      const index = (first + offset) % hosts.length;
      const host = hosts[index] as PostgresHost;
      try {
        const client = await this.connectTo(host, config, signal);
        this.#first = index;
        return client;
      } catch (error) {
        if (hosts.length === 1 || signal?.aborted === true) throw error;
        failures.push({ host, error });
        // Others need not wait for it as well.
        if (this.#first === index) this.#first = (index + 1) % hosts.length;
      }
    }
    const wanted = this.url.wants === 'any' ? 'a server' : 'a server that accepts writes';
    const found = failures.map(({ host, error }) => `${host.shown}: ${failureReason(error)}`).join('; ');
    throw new NoHostError(
      failures.map(({ error }) => error),
      `expected ${wanted} at one of ${hosts.length} hosts, got none: ${found}`,
    );
  }

  /** Connects to one host. @throws StoreDownError if it is read-only and the URL wants a host that accepts writes. */
  async connectTo(host: PostgresHost, config: HostConfig = {}, signal?: AbortSignal): Promise<pg.Client> {
    const usualMs = this.url.hosts.length === 1 ? CONNECT_MS.oneHost : CONNECT_MS.severalHosts;
    const timeoutMs = Math.min(this.url.connectTimeoutMs ?? usualMs, config.connectionTimeoutMillis ?? Infinity);
    const client = new pg.Client({
      ...this.#defaults,
      ...config,
      connectionString: host.url,
      connectionTimeoutMillis: timeoutMs,
    });
    client.on('error', () => {});
    this.#hosts.set(client, host);
    const abort = (): void => destroyClient(client);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await client.connect();
      if (this.url.wants === 'read-write' && (await isReadOnly(client, timeoutMs)))
        throw new StoreDownError('expected a server that accepts writes, got one that is in recovery or read-only');
      return client;
    } catch (error) {
      void closeClient(client);
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** The options that PostgreSQL should apply to every connection, such as `-c search_path=webpos`; empty: none. */
  get options(): string {
    return this.url.options ?? this.#defaults.options ?? '';
  }

  /** Returns the host of a connection that was opened here. */
  hostOf(client: pg.Client): PostgresHost | undefined {
    return this.#hosts.get(client);
  }

  /**
   * Whether a server answers a statement at a host, be it with an error. A connection alone says nothing: a pooler accepts it although its
   * server is gone, and lets statements wait for minutes (PgBouncer's `query_wait_timeout`).
   */
  async answers(host: PostgresHost, withinMs: number): Promise<boolean> {
    let client: pg.Client | undefined;
    try {
      client = await this.connectTo(host, { connectionTimeoutMillis: withinMs });
      await isReadOnly(client, withinMs);
      return true;
    } catch (error) {
      return error instanceof pg.DatabaseError || error instanceof StoreDownError;
    } finally {
      if (client !== undefined) void closeClient(client);
    }
  }
}

/** Some errors of Node have a code but no message, and one of a name with several addresses contains one for each. */
export function failureReason(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(failureReason).join(', ') : failureText(error);
}

async function isReadOnly(client: pg.Client, timeoutMs: number): Promise<boolean> {
  const query: pg.QueryConfig & { query_timeout: number } = {
    text: `select pg_is_in_recovery() or current_setting('transaction_read_only')::bool as yes`,
    query_timeout: timeoutMs,
  };
  const { rows } = await client.query<{ yes: boolean }>(query);
  return rows[0]?.yes !== false;
}
