/** PostgreSQL, over a small connection pool. */
import { PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { SqlDialect } from './dialect.ts';
import { announcePos, PostgresPosWatch } from './postgres-pos-watch.ts';

const UNIQUE_VIOLATION = '23505';

/**
 * @param url `postgres://user:password@host:port/database`
 * @param schema The schema of the tables, if it is not the user's default.
 */
export function postgresDialect(url: string, schema?: string): SqlDialect {
  const connection = { connectionString: url, ...(schema === undefined ? {} : { options: `-c search_path=${schema}` }) };
  const pool = new pg.Pool({ ...connection, max: 10, connectionTimeoutMillis: 10_000 });
  // The pool replaces an idle connection that breaks. Without a listener, the event would end the process.
  pool.on('error', () => {});
  // The pool does not listen to connections in use; their queries fail with the error.
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    name: 'postgres',
    kysely: new PostgresDialect({ pool }),
    rowLocks: true,
    repeatsQueries: false,
    isUniqueViolation: (error) => error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION,
    schema: async (db) => {
      const { rows } = await sql<{ schema: string | null }>`select current_schema() as schema`.execute(db);
      return rows[0]?.schema ?? undefined;
    },
    watchPos: () => PostgresPosWatch.open({ connection }),
    commitsOfOthers: undefined,
    announcePos,
    prepare: async () => {},
  };
}
