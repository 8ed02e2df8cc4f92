/**
 * The connections of a store to PostgreSQL. The pool of `pg` holds connections to one host, which it knows from the beginning; this one
 * asks {@link PostgresHosts} for each new connection, and drops all of them when an error says that their host may be the wrong one.
 *
 * A dropped connection that is in use is closed when it is released: its work fails by itself, or succeeds. Nothing is repeated here.
 */
import type pg from 'pg';
import { errorCode } from '../../../kernel/error-message.ts';
import { SECOND_MS } from '../../../kernel/durations.ts';
import { StoreDownError } from '../../store-down.ts';
import { closeClient, destroyClient } from './close-client.ts';
import type { PostgresHosts } from './postgres-hosts.ts';
import { ReplicationDoubt } from './replication-doubt.ts';

const MAX_CONNECTIONS = 10;
/** For a connection to become free. */
const WAIT_MS = 10 * SECOND_MS;
/** An idle connection is closed after this time. */
const IDLE_MS = 10 * SECOND_MS;
/** After this time in use, it is checked whether the host of a connection still answers, and then again and again. */
const SILENT_MS = 10 * SECOND_MS;
const CHECK_INTERVAL_MS = 5 * SECOND_MS;
const CHECK_MS = 3 * SECOND_MS;

/** SQLSTATE codes of a host that is read-only after a failover, shutting down or starting, or whose connection failed. */
const WRONG_HOST = /^(?:25006|57P0[1-3]|08\w{3})$/;

export interface PostgresPoolOptions {
  readonly hosts: PostgresHosts;
  /** Prepares a new connection before its first use. */
  readonly onConnect: (client: pg.Client) => Promise<void>;
}

interface Waiter {
  /** Hands over an idle connection, or the right to open one. */
  readonly take: (client: pg.Client | undefined) => void;
  readonly refuse: (error: Error) => void;
}

export class PostgresPool {
  readonly doubt: ReplicationDoubt;
  readonly #options: PostgresPoolOptions;
  /** How many connections are open or being opened. */
  #count = 0;
  readonly #idle = new Map<pg.Client, NodeJS.Timeout>();
  readonly #inUse = new Map<pg.Client, { readonly sinceMs: number }>();
  /** The connections that were neither dropped nor broken. */
  readonly #good = new Set<pg.Client>();
  readonly #waiters = new Set<Waiter>();
  #checks: NodeJS.Timeout | undefined;
  #isChecking = false;
  /** Called when the last connection has been closed, after {@link end}. */
  #ended: (() => void) | undefined;

  constructor(options: PostgresPoolOptions) {
    this.#options = options;
    this.doubt = new ReplicationDoubt(options.hosts);
  }

  /**
   * Returns a connection, to be released.
   *
   * @throws StoreDownError if none becomes free in time, the pool has ended, or commits are in doubt; what `connect` of the hosts throws.
   */
  async acquire(): Promise<pg.Client> {
    if (this.doubt.exists) await this.doubt.settle();
    const client = this.#takeIdle() ?? (await this.#takeFree()) ?? (await this.#open());
    this.#inUse.set(client, { sinceMs: performance.now() });
    this.#checks ??= setInterval(() => void this.#checkHosts(), CHECK_INTERVAL_MS).unref();
    return client;
  }

  /** @param isSpoilt Whether the state of the connection is unknown: it is closed. */
  release(client: pg.Client, isSpoilt: boolean): void {
    this.#inUse.delete(client);
    if (isSpoilt || this.#ended !== undefined || !this.#good.has(client)) return this.#close(client);
    const [waiter] = this.#waiters;
    if (waiter === undefined) {
      this.#idle.set(
        client,
        setTimeout(() => this.#closeIdle(client), IDLE_MS),
      );
    } else waiter.take(client);
  }

  /** Reports an error of a connection. If it says that the host may be the wrong one, all connections are dropped. */
  failed(error: unknown): void {
    if (WRONG_HOST.test(errorCode(error) ?? '')) this.#drop();
  }

  /** Closes the connections, and resolves when those in use have been released. */
  async end(): Promise<void> {
    const ended = new Promise<void>((resolve) => (this.#ended = resolve));
    clearInterval(this.#checks);
    this.doubt.close();
    for (const { refuse } of this.#waiters) refuse(new StoreDownError('the store is closed'));
    this.#drop();
    if (this.#count === 0) this.#ended?.();
    await ended;
  }

  /** Ends the use of all connections, so that the hosts are looked at again. */
  #drop(): void {
    this.#good.clear();
    for (const client of this.#idle.keys()) this.#closeIdle(client);
  }

  #takeIdle(): pg.Client | undefined {
    const client = [...this.#idle.keys()].at(-1);
    if (client === undefined) return undefined;
    clearTimeout(this.#idle.get(client));
    this.#idle.delete(client);
    return client;
  }

  /** Waits until a connection may be opened, or one becomes free, which it returns. */
  async #takeFree(): Promise<pg.Client | undefined> {
    if (this.#count < MAX_CONNECTIONS) {
      this.#count += 1;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        take: (client) => {
          finish();
          resolve(client);
        },
        refuse: (error) => {
          finish();
          reject(error);
        },
      };
      const timer = setTimeout(
        () => waiter.refuse(new StoreDownError(`no connection to PostgreSQL became free within ${WAIT_MS / SECOND_MS} s`)),
        WAIT_MS,
      );
      const finish = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      this.#waiters.add(waiter);
    });
  }

  async #open(): Promise<pg.Client> {
    let client: pg.Client;
    try {
      if (this.#ended !== undefined) throw new StoreDownError('the store is closed');
      // Sends a statement before those before it are answered, if they were not awaited.
      client = await this.#options.hosts.connect({ pipeline: true });
    } catch (error) {
      this.#free();
      throw error;
    }
    this.#good.add(client);
    client.once('end', () => this.#broken(client));
    this.doubt.watch(client);
    try {
      await this.#options.onConnect(client);
      return client;
    } catch (error) {
      this.#close(client);
      throw error;
    }
  }

  #broken(client: pg.Client): void {
    // Otherwise, it was closed here.
    if (this.#good.delete(client)) this.#drop();
    if (this.#idle.has(client)) this.#closeIdle(client);
  }

  #closeIdle(client: pg.Client): void {
    clearTimeout(this.#idle.get(client));
    this.#idle.delete(client);
    this.#close(client);
  }

  #close(client: pg.Client): void {
    this.#good.delete(client);
    void closeClient(client);
    this.#free();
  }

  /** Passes on the right to open a connection. */
  #free(): void {
    const [waiter] = this.#waiters;
    if (waiter !== undefined) return waiter.take(undefined);
    this.#count -= 1;
    if (this.#count === 0) this.#ended?.();
  }

  /**
   * Checks the hosts of connections that have been in use for long. A host that was cut off without a word would otherwise be waited for
   * until the operating system gives up, a quarter of an hour later, or a pooler does, after two minutes. If it does not answer, its statements fail; what they did is unknown.
   */
  async #checkHosts(): Promise<void> {
    const before = performance.now() - SILENT_MS;
    const silent = [...this.#inUse].find(([, { sinceMs }]) => sinceMs < before);
    if (silent === undefined || this.#isChecking) return;
    this.#isChecking = true;
    try {
      const { hosts } = this.#options;
      const host = hosts.hostOf(silent[0]);
      if (host === undefined || (await hosts.answers(host, CHECK_MS))) return;
      this.#drop();
      // Those in use for a shorter time may work: behind a pooler, a check may have waited for its turn in vain.
      for (const [client, { sinceMs }] of this.#inUse)
        if (sinceMs < before && hosts.hostOf(client) === host) destroyClient(client);
    } finally {
      this.#isChecking = false;
    }
  }
}
