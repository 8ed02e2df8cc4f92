/** Finds the dialect that a DATABASE_URL asks for. */
import { postgresDialect } from './dialects/postgres.ts';
import { sqliteDialect } from './dialects/sqlite.ts';
import { openSqlStore, type SqlStore } from './sql-store.ts';

/**
 * @param url `sqlite:./webpos.db`, `sqlite::memory:` or `postgres://...`
 * @throws Error when the URL is of another kind, or the database cannot be opened.
 */
export async function openStore(url: string): Promise<SqlStore> {
  if (url.startsWith('sqlite:')) return openSqlStore(sqliteDialect(url.slice('sqlite:'.length)));
  if (/^postgres(?:ql)?:\/\//.test(url)) return openSqlStore(postgresDialect(url));
  throw new Error('DATABASE_URL: expected sqlite:PATH or postgres://HOST/DATABASE');
}
