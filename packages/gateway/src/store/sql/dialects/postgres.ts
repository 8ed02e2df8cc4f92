/** PostgreSQL, over a small connection pool. */
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql, type Dialect } from 'kysely';
import pg from 'pg';
import type { SqlDialect } from './dialect.ts';
import { PostgresNotifications } from './notifications/postgres-notifications.ts';
import { checkSearchPath } from './passed-options.ts';
import { PostgresDriver } from './postgres-driver.ts';
import { PostgresHosts } from './postgres-hosts.ts';
import { PostgresPool } from './postgres-pool.ts';
import { postgresSchemaSharing } from './postgres-schema-sharing.ts';
import { announcePos, PostgresPosWatch } from './postgres-pos-watch.ts';
import { StatementNames } from './statement-names.ts';

const UNIQUE_VIOLATION = '23505';

export interface PostgresOptions {
  /** The schema of the tables, if it is not the user's default. */
  readonly schema?: string | undefined;
  /** The URL of the same database without a connection pooler, for what needs a session. Default: the same URL. */
  readonly directUrl?: string | undefined;
}

/**
 * @param url `postgres://user:password@host:port/database`, or several hosts
 * @throws RangeError if a URL is invalid.
 */
export function postgresDialect(url: string, { schema, directUrl }: PostgresOptions = {}): SqlDialect {
  const config = schema === undefined ? {} : { options: `-c search_path=${schema}` };
  const hosts = new PostgresHosts(url, config);
  const direct = directUrl === undefined ? hosts : new PostgresHosts(directUrl, config);
  const names = new StatementNames();
  const pool = new PostgresPool({ hosts, onConnect: (client) => names.check(client) });
  return {
    name: 'postgres',
    kysely: {
      createDriver: () => new PostgresDriver(pool, names),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
    } satisfies Dialect,
    rowLocks: true,
    // An ordinary role may read it, and it is right at once after a promotion; pg_control_checkpoint() is so only after a checkpoint.
    timeline: sql<string>`left(pg_walfile_name(pg_current_wal_lsn()), 8)`,
    timeMs: sql<number | string>`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
    repeatsQueries: true,
    isUniqueViolation: (error) => error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION,
    schema: async (db) => {
      const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(db);
      return rows[0]?.schema ?? undefined;
    },
    watchPos: () => PostgresPosWatch.open({ hosts: direct }),
    commitsOfOthers: undefined,
    lost: undefined,
    announcePos,
    openNotifications: (log) => new PostgresNotifications({ hosts: direct, query: (query) => queryInTime(pool, query), log }),
    sharing: postgresSchemaSharing,
    prepare: (db) => checkSearchPath(db, hosts),
  };
}

const NOTIFY_DEADLINE_MS = 3_000;

/** Runs a statement on the pool. If it fails or takes too long, its connection is closed. */
async function queryInTime(pool: PostgresPool, query: pg.QueryConfig): Promise<void> {
  const client = await pool.acquire();
  let failed = true;
  try {
    const inTime: pg.QueryConfig & { query_timeout: number } = { ...query, query_timeout: NOTIFY_DEADLINE_MS };
    await client.query(inTime);
    failed = false;
  } catch (error) {
    pool.failed(error);
    throw error;
  } finally {
    pool.release(client, failed);
  }
}
