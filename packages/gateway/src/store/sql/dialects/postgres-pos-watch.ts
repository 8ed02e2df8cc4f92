/**
 * Watches for changes of POS by other connections. PostgreSQL notifies it of each committed change over a connection of its own. Every
 * second it also reads the count of all changes, in case notifications were lost; a connection pooler may drop them all. A reading is
 * trusted for two seconds from its beginning. Without a trusted reading, the version is unknown.
 */
import { sql, type Kysely } from 'kysely';
import type pg from 'pg';
import type { PosId } from '../../../kernel/ids.ts';
import { TaskLoop } from '../../../kernel/task-loop.ts';
import { POS_WATCH_LAG_MS, type PosWatch } from '../../ports/pos-watch.ts';
import type { Tables } from '../tables.ts';
import { closeClient } from './close-client.ts';
import type { PostgresHosts } from './postgres-hosts.ts';

const CHANNEL = 'webpos_pos';
const INTERVAL_MS = 1_000;
/** A reading that takes longer is given up, and its connection is closed. */
const DEADLINE_MS = 900;

/** Notifies all watchers of a change, when the transaction is committed. */
export async function announcePos(db: Kysely<Tables>, id: PosId): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${id})`.execute(db);
}

export interface PostgresPosWatchOptions {
  readonly hosts: PostgresHosts;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

export class PostgresPosWatch implements PosWatch {
  readonly #hosts: PostgresHosts;
  readonly #now: () => number;
  readonly #loop: TaskLoop;
  #client: pg.Client | undefined;
  #version = 0;
  /** The count of all changes at the last reading. */
  #count: string | undefined;
  #trustedUntil = Number.NEGATIVE_INFINITY;

  private constructor({ hosts, now = () => performance.now() }: PostgresPosWatchOptions) {
    this.#hosts = hosts;
    this.#now = now;
    this.#loop = new TaskLoop({
      name: 'watch POS',
      idleMs: INTERVAL_MS,
      retryMs: INTERVAL_MS,
      // Not logged: while the version is unknown, callers read the POS themselves, and report it if the database is down.
      log: { info: () => {}, warn: () => {} },
      task: () => this.#read(),
    });
  }

  /** @throws Error if the database does not answer. */
  static async open(options: PostgresPosWatchOptions): Promise<PostgresPosWatch> {
    const watch = new PostgresPosWatch(options);
    await watch.#read();
    watch.#loop.start();
    return watch;
  }

  version(): number | undefined {
    return this.#now() < this.#trustedUntil ? this.#version : undefined;
  }

  async close(): Promise<void> {
    this.#trustedUntil = Number.NEGATIVE_INFINITY;
    await this.#loop.stop();
    await this.#drop();
  }

  async #read(): Promise<undefined> {
    const begun = this.#now();
    try {
      const client = (this.#client ??= await this.#connect());
      const { rows } = await client.query<{ count: string }>(
        `select count(*) || '/' || coalesce(sum(revision), 0) as count from pos`,
      );
      const count = rows[0]?.count;
      if (count !== this.#count) this.#version += 1;
      this.#count = count;
      this.#trustedUntil = begun + POS_WATCH_LAG_MS;
    } catch (error) {
      await this.#drop();
      throw error;
    }
  }

  async #connect(): Promise<pg.Client> {
    // A broken connection shows at the next reading.
    const client = await this.#hosts.connect({ connectionTimeoutMillis: DEADLINE_MS, query_timeout: DEADLINE_MS });
    client.on('notification', () => {
      this.#version += 1;
    });
    try {
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      await closeClient(client);
      throw error;
    }
    return client;
  }

  async #drop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) await closeClient(client);
  }
}
