/**
 * The lock on a schema of a PostgreSQL: an advisory lock of a session, on a connection of its own. PostgreSQL gives it up when the
 * connection ends. When the connection breaks, the lock is taken again on a new one; until then it is not ours for certain, and
 * when another process has taken it meanwhile, it is lost. A pooler that lends connections for single transactions cannot hold it:
 * that shows at the next look.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { TaskLoop, type LoopLog } from '../../../kernel/task-loop.ts';
import { DatabaseServedError, servedBy, type ServingHolder, type ServingLock } from '../../serving-lock.ts';

/** The first half of the lock's key: `webp`. The second half is the schema. */
const KEY = 0x77656270;
const SECOND_KEY = `hashtext(coalesce(current_schema(), ''))`;
const LOOK_EVERY_MS = 2_000;
const RETRY_MS = 250;
const DEADLINE_MS = 5_000;
const CLOSE_MS = 1_000;
/** How long PostgreSQL may take to see that the process before this one is gone. */
const WAIT_MS = 5_000;

/** The sessions that hold the lock. */
const HOLDERS = `select a.pid, a.application_name as name, a.client_addr as address, a.backend_start as since
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
  readonly connection: pg.ClientConfig;
  /** The database as messages name it: without a password. */
  readonly shown: string;
  readonly holder: ServingHolder;
  readonly log: LoopLog;
}

export class PostgresServingLock implements ServingLock {
  readonly lost: Promise<string>;
  readonly #options: PostgresServingLockOptions;
  /** By which this process knows its own sessions again. */
  readonly #name: string;
  readonly #loop: TaskLoop;
  readonly #lose: (message: string) => void;
  #client: pg.Client | undefined;
  #trouble: string | undefined;
  #released = false;
  /** Whether another has the lock: it is never wanted again then. */
  #gone = false;

  private constructor(options: PostgresServingLockOptions) {
    this.#options = options;
    const { pid, host } = options.holder;
    // PostgreSQL keeps 63 bytes of a name.
    this.#name = `webpos ${pid}@${host.slice(0, 30)} ${randomBytes(6).toString('hex')}`;
    let lose: (message: string) => void = () => {};
    this.lost = new Promise((resolve) => (lose = resolve));
    this.#lose = lose;
    this.#loop = new TaskLoop({
      name: 'serving lock',
      idleMs: LOOK_EVERY_MS,
      retryMs: RETRY_MS,
      log: options.log,
      task: async () => {
        await this.#look();
        return undefined;
      },
    });
  }

  /** @throws DatabaseServedError when another holds it; Error when the database does not answer. */
  static async take(options: PostgresServingLockOptions): Promise<PostgresServingLock> {
    const lock = new PostgresServingLock(options);
    const until = performance.now() + WAIT_MS;
    for (;;) {
      const holder = await lock.#try();
      if (holder === undefined) break;
      if (performance.now() >= until) throw new DatabaseServedError(servedBy(options.shown, describe(holder)));
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

  /** Makes sure that the lock is still ours, and takes it again when its connection has gone. */
  async #look(): Promise<void> {
    if (this.#gone) return;
    if (this.#client !== undefined) {
      if (await this.#holds(this.#client)) {
        this.#trouble = undefined;
        return;
      }
      this.#doubt('PostgreSQL has not kept the lock; a pooler for transactions between would explain it');
      await this.#drop();
    }
    const holder = await this.#try();
    if (holder === undefined) {
      this.#trouble = undefined;
      return;
    }
    this.#doubt(`another gateway serves this database now: ${describe(holder)}`);
    this.#gone = true;
    this.#lose(servedBy(this.#options.shown, describe(holder)));
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

  /** Takes the lock on a new connection. @returns who else has it, or undefined when it is ours now. */
  async #try(): Promise<Holder | undefined> {
    const client = new pg.Client({
      ...this.#options.connection,
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
      await client.connect();
      const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_lock(${KEY}, ${SECOND_KEY}) as taken`);
      if (rows[0]?.taken === true) {
        this.#client = client;
        return undefined;
      }
      const [holder] = (await client.query<Holder>(HOLDERS)).rows;
      // A session of ours whose end PostgreSQL has not noticed.
      if (holder?.name === this.#name && holder.pid !== null) await client.query('select pg_terminate_backend($1)', [holder.pid]);
      await close(client);
      if (holder?.name === this.#name) throw new Error('the session that held the lock before is being ended');
      return holder ?? { pid: null, name: null, address: null, since: null };
    } catch (error) {
      await close(client);
      throw error;
    }
  }

  #doubt(trouble: string): void {
    this.#trouble = trouble;
  }

  async #drop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) await close(client);
  }
}

/** A server that is gone does not answer to a goodbye. */
async function close(client: pg.Client): Promise<void> {
  const waiting = new AbortController();
  await Promise.race([client.end().catch(() => {}), sleep(CLOSE_MS, undefined, { signal: waiting.signal }).catch(() => {})]);
  waiting.abort();
}

function describe({ name, address, since }: Holder): string | undefined {
  const [, pid, host] = /^webpos (\d+)@(\S+) [\da-f]{12}$/.exec(name ?? '') ?? [];
  const at = since === null ? '' : `, since ${since.toISOString()}`;
  if (pid !== undefined) return `process ${pid} on ${host}${at}`;
  return address === null ? undefined : `a client at ${address}${at}`;
}
