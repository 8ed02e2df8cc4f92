/** Finds the dialect that WEBPOS_DATABASE_URL asks for, and opens the store by it. */
import { OperatorError } from '../../kernel/operator-error.ts';
import type { SqlDialect } from './dialects/dialect.ts';
import { sqliteDialect } from './dialects/sqlite.ts';
import { openSqlStore, type SqlStore } from './sql-store.ts';

/**
 * @param url `sqlite:./webpos.db`, `sqlite::memory:` or `postgres://...`
 * @throws OperatorError when the URL is of another kind, or the database cannot be opened; never with a password in it.
 */
export async function openStore(url: string): Promise<SqlStore> {
  const { dialect, shown } = await dialectOf(url);
  try {
    return await openSqlStore(dialect);
  } catch (error) {
    throw new OperatorError(`WEBPOS_DATABASE_URL: ${shown} cannot be opened: ${reason(error)}`, { cause: error });
  }
}

async function dialectOf(url: string): Promise<{ dialect: SqlDialect; shown: string }> {
  if (url.startsWith('sqlite:')) return { dialect: sqliteDialect(url.slice('sqlite:'.length)), shown: url };
  if (/^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url)) {
    const { protocol, host, pathname } = new URL(url);
    const { postgresDialect } = await import('./dialects/postgres.ts');
    return { dialect: postgresDialect(url), shown: `${protocol}//${host}${pathname}` };
  }
  throw new OperatorError('WEBPOS_DATABASE_URL: expected sqlite:PATH or postgres://HOST/DATABASE, got something else');
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
