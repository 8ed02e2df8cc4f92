/**
 * Watches for POS that other connections have changed: over a connection of its own it is notified of a change when that is
 * stored, and every second it also reads the count of all changes, which finds those whose notification was lost (a pooler between
 * may swallow them all). Each reading vouches for two seconds from its beginning; when none does, nobody can tell.
 */
import { sql, type Kysely } from 'kysely';
import pg from 'pg';
import type { PosId } from '../../../kernel/ids.ts';
import { TaskLoop } from '../../../kernel/task-loop.ts';
import { POS_WATCH_LAG_MS, type PosWatch } from '../../ports/pos-watch.ts';
import type { Tables } from '../tables.ts';

const CHANNEL = 'webpos_pos';
const EVERY_MS = 1_000;
/** A reading that takes longer is given up, and its connection with it. */
const DEADLINE_MS = 900;

/** Heard by those who watch when the transaction is stored. */
export async function announcePos(db: Kysely<Tables>, id: PosId): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, ${id})`.execute(db);
}

export interface PostgresPosWatchOptions {
  readonly connection: pg.ClientConfig;
  /** Milliseconds that only ever grow. */
  readonly now?: () => number;
}

export class PostgresPosWatch implements PosWatch {
  readonly #connection: pg.ClientConfig;
  readonly #now: () => number;
  readonly #loop: TaskLoop;
  #client: pg.Client | undefined;
  #version = 0;
  /** The count of all changes at the last reading. */
  #count: string | undefined;
  #trustedUntil = Number.NEGATIVE_INFINITY;

  private constructor({ connection, now = () => performance.now() }: PostgresPosWatchOptions) {
    this.#connection = connection;
    this.#now = now;
    this.#loop = new TaskLoop({
      name: 'watch POS',
      idleMs: EVERY_MS,
      retryMs: EVERY_MS,
      // Anyone who asks reads the POS itself meanwhile, and says it when the database is away.
      log: { info: () => {}, warn: () => {} },
      task: () => this.#look(),
    });
  }

  /** @throws Error when the database does not answer. */
  static async open(options: PostgresPosWatchOptions): Promise<PostgresPosWatch> {
    const watch = new PostgresPosWatch(options);
    await watch.#look();
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

  async #look(): Promise<undefined> {
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
    const client = new pg.Client({ ...this.#connection, connectionTimeoutMillis: DEADLINE_MS, query_timeout: DEADLINE_MS });
    // A broken connection shows at the next reading; without a listener it would end the process.
    client.on('error', () => {});
    client.on('notification', () => {
      this.#version += 1;
    });
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      await client.end().catch(() => {});
      throw error;
    }
    return client;
  }

  async #drop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }
}
