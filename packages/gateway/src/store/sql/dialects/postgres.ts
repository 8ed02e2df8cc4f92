/** PostgreSQL, over a small connection pool. */
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql, type Dialect } from 'kysely';
import pg from 'pg';
import type { SqlDialect } from './dialect.ts';
import { PostgresNotifications } from './notifications/postgres-notifications.ts';
import { PostgresDriver } from './postgres-driver.ts';
import { announcePos, PostgresPosWatch } from './postgres-pos-watch.ts';
import { StatementNames } from './statement-names.ts';

const UNIQUE_VIOLATION = '23505';

/**
 * @param url `postgres://user:password@host:port/database`
 * @param schema The schema of the tables, if it is not the user's default.
 */
export function postgresDialect(url: string, schema?: string): SqlDialect {
  const connection = { connectionString: url, ...(schema === undefined ? {} : { options: `-c search_path=${schema}` }) };
  const names = new StatementNames();
  const pool = new pg.Pool({
    ...connection,
    max: 10,
    connectionTimeoutMillis: 10_000,
    // Sends a statement before those before it are answered, if they were not awaited.
    pipeline: true,
    // oxlint-disable-next-line no-misused-promises -- the pool awaits it
    onConnect: (client) => names.check(client),
  });
  // The pool replaces an idle connection that breaks. Without a listener, the event would end the process.
  pool.on('error', () => {});
  // The pool does not listen to connections in use; their queries fail with the error.
  pool.on('connect', (client) => client.on('error', () => {}));
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
    watchPos: () => PostgresPosWatch.open({ connection }),
    commitsOfOthers: undefined,
    announcePos,
    openNotifications: (log) => new PostgresNotifications({ connection, query: (query) => queryInTime(pool, query), log }),
    prepare: async () => {},
  };
}

const NOTIFY_DEADLINE_MS = 3_000;

/** Runs a statement on the pool. If it fails or takes too long, its connection is closed. */
async function queryInTime(pool: pg.Pool, query: pg.QueryConfig): Promise<void> {
  const client = await pool.connect();
  let failed = true;
  try {
    const inTime: pg.QueryConfig & { query_timeout: number } = { ...query, query_timeout: NOTIFY_DEADLINE_MS };
    await client.query(inTime);
    failed = false;
  } finally {
    client.release(failed);
  }
}
