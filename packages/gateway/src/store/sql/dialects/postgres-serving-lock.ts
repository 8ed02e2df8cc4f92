/**
 * The serving lock on a PostgreSQL schema: a session-level advisory lock on a connection of its own. PostgreSQL releases it when the
 * connection ends. If the connection breaks, the lock is taken again on a new one. Until then it is in doubt, and if another process
 * has taken it meanwhile, it is lost. A transaction-level connection pooler cannot hold it, which the next check detects.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { VERSION } from '../../../kernel/version.ts';
import { TaskLoop, type LoopLog } from '../../../kernel/task-loop.ts';
import { DatabaseServedError, servedBy, type ServingHolder, type ServingLock, type ServingMode } from '../../serving-lock.ts';
import { closeClient } from './close-client.ts';
import type { PostgresHosts } from './postgres-hosts.ts';

/** The first half of the lock's key: `webp` in ASCII. The second half is the hash of the schema. */
const KEY = 0x77656270;
const SECOND_KEY = `hashtext(coalesce(current_schema(), ''))`;
const CHECK_INTERVAL_MS = 2_000;
const RETRY_MS = 250;
const DEADLINE_MS = 5_000;
/** How long to wait for PostgreSQL to notice that the previous process has ended. */
const WAIT_MS = 5_000;

const TRY: Readonly<Record<ServingMode, string>> = {
  alone: 'pg_try_advisory_lock',
  shared: 'pg_try_advisory_lock_shared',
};

/** Selects the sessions that hold the lock. */
export const HOLDERS: string = `select a.pid, a.application_name as name, a.client_addr as address, a.backend_start as since
  from pg_locks l left join pg_stat_activity a on a.pid = l.pid
  where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid = ${KEY}::oid
    and l.objid = (${SECOND_KEY}::bigint & 4294967295)::oid
    and l.database = (select oid from pg_database where datname = current_database())`;

interface Holder {
  readonly pid: number | null;
  readonly name: string | null;
  readonly address: string | null;
  readonly since: Date | null;
}

export interface PostgresServingLockOptions {
  readonly hosts: PostgresHosts;
  /** The database as messages show it, without a password. */
  readonly shown: string;
  readonly holder: ServingHolder;
  readonly log: LoopLog;
  readonly mode: ServingMode;
  /** The major and minor version of this process, for tests. Default: that of {@link VERSION}. */
  readonly version?: string;
}

const OWN_VERSION = VERSION.split('.').slice(0, 2).join('.');
const NAME = /^webpos (\d+)@(\S+) (?:(\d+\.\d+) )?[\da-f]{12}$/;

/** Returns the version of the process that holds the lock, such as `0.3`; undefined if its session does not say. */
export function versionOfHolder(applicationName: string | null): string | undefined {
  return NAME.exec(applicationName ?? '')?.[3];
}

export class PostgresServingLock implements ServingLock {
  readonly lost: Promise<string>;
  readonly #options: PostgresServingLockOptions;
  /** The application name by which this process recognises its own sessions. */
  readonly #name: string;
  readonly #loop: TaskLoop;
  readonly #lose: (message: string) => void;
  #client: pg.Client | undefined;
  #trouble: string | undefined;
  #released = false;
  /** Whether another process has taken the lock. It is then never taken again. */
  #isLost = false;

  private constructor(options: PostgresServingLockOptions) {
    this.#options = options;
    const { pid, host } = options.holder;
    // PostgreSQL truncates application names to 63 bytes. Newer versions read which version serves beside them.
    this.#name = `webpos ${pid}@${host.slice(0, 24)} ${options.version ?? OWN_VERSION} ${randomBytes(6).toString('hex')}`;
    let lose: (message: string) => void = () => {};
    this.lost = new Promise((resolve) => (lose = resolve));
    this.#lose = lose;
    this.#loop = new TaskLoop({
      name: 'serving lock',
      idleMs: CHECK_INTERVAL_MS,
      retryMs: RETRY_MS,
      log: options.log,
      task: async () => {
        await this.#check();
        return undefined;
      },
    });
  }

  /** @throws DatabaseServedError if another process holds the lock; Error if the database does not answer. */
  static async take(options: PostgresServingLockOptions): Promise<PostgresServingLock> {
    const lock = new PostgresServingLock(options);
    const until = performance.now() + WAIT_MS;
    for (;;) {
      const holder = await lock.#try();
      if (holder === undefined) break;
      if (performance.now() >= until) throw new DatabaseServedError(servedBy(options.shown, describeHolder(holder)));
      await sleep(RETRY_MS);
    }
    lock.#loop.start();
    return lock;
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  async release(): Promise<void> {
    this.#released = true;
    await this.#loop.stop();
    await this.#drop();
  }

  /** Checks that the lock is still held, and takes it again if its connection has ended. */
  async #check(): Promise<void> {
    if (this.#isLost) return;
    if (this.#client !== undefined) {
      if (await this.#holds(this.#client)) {
        this.#trouble = undefined;
        return;
      }
      this.#doubt('PostgreSQL has not held the lock; is there a transaction-level connection pooler in between?');
      await this.#drop();
    }
    const holder = await this.#try();
    if (holder === undefined) {
      this.#trouble = undefined;
      return;
    }
    this.#doubt(`another gateway serves this database now: ${describeHolder(holder)}`);
    this.#isLost = true;
    this.#lose(servedBy(this.#options.shown, describeHolder(holder)));
  }

  async #holds(client: pg.Client): Promise<boolean> {
    try {
      const { rows } = await client.query<Holder & { own: number }>(`select h.*, pg_backend_pid() as own from (${HOLDERS}) h`);
      return rows.some(({ pid, own }) => pid === own);
    } catch (error) {
      this.#doubt('the connection to PostgreSQL that held the lock has broken');
      await this.#drop();
      throw error;
    }
  }

  /** Takes the lock on a new connection. Returns the process that holds it, or undefined if this one does now. */
  async #try(): Promise<Holder | undefined> {
    const client = await this.#options.hosts.connect({
      application_name: this.#name,
      keepAlive: true,
      connectionTimeoutMillis: DEADLINE_MS,
      query_timeout: DEADLINE_MS,
    });
    const broken = (): void => {
      if (this.#client !== client || this.#released) return;
      this.#client = undefined;
      this.#doubt('the connection to PostgreSQL that held the lock has broken');
      this.#loop.wake();
    };
    client.on('error', broken);
    client.on('end', broken);
    try {
      const { rows } = await client.query<{ taken: boolean }>(
        `select ${TRY[this.#options.mode]}(${KEY}, ${SECOND_KEY}) as taken`,
      );
      if (rows[0]?.taken === true) {
        this.#client = client;
        return undefined;
      }
      const [holder] = (await client.query<Holder>(HOLDERS)).rows;
      // A session of this process whose end PostgreSQL has not noticed.
      if (holder?.name === this.#name && holder.pid !== null) await client.query('select pg_terminate_backend($1)', [holder.pid]);
      await closeClient(client);
      if (holder?.name === this.#name) throw new Error('the session that held the lock before is being ended');
      return holder ?? { pid: null, name: null, address: null, since: null };
    } catch (error) {
      await closeClient(client);
      throw error;
    }
  }

  #doubt(trouble: string): void {
    this.#trouble = trouble;
  }

  async #drop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) await closeClient(client);
  }
}

export function describeHolder({ name, address, since }: Omit<Holder, 'pid'>): string | undefined {
  const [, pid, host] = NAME.exec(name ?? '') ?? [];
  const at = since === null ? '' : `, since ${since.toISOString()}`;
  if (pid !== undefined) return `process ${pid} on ${host}${at}`;
  return address === null ? undefined : `a client at ${address}${at}`;
}
