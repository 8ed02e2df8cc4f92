/** Opens the store of a database URL (`WEBPOS_DATABASE_URL`). */
import { stat } from 'node:fs/promises';
import { parsePostgresUrl } from '../../kernel/database/postgres-url.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { LoopLog } from '../../kernel/task-loop.ts';
import { DatabaseMissingError, DatabaseNewerError, DatabaseOlderError, openingFailureText } from '../database-errors.ts';
import type { DatabaseSetup } from '../database-setup.ts';
import type { ServingHolder, ServingLock, ServingMode } from '../serving-lock.ts';
import type { SqlDialect } from './dialects/dialect.ts';
import { lockSqliteServing } from './dialects/sqlite/sqlite-serving-lock.ts';
import { sqliteDialect, type SqliteOptions } from './dialects/sqlite/sqlite.ts';
import type { OpenOptions } from './migrate.ts';
import { openSqlStore, type SqlStore } from './sql-store.ts';

const SQLITE = 'sqlite:';

export interface DirectUrl {
  /** The URL of the same database without a connection pooler (`WEBPOS_DATABASE_DIRECT_URL`). Default: the same URL. */
  readonly directUrl?: string | undefined;
}

/**
 * Opens and migrates a database, as the options allow.
 *
 * @param url `sqlite:./webpos.db`, `sqlite::memory:` or `postgres://...`
 * @throws DatabaseMissingError, DatabaseOlderError or DatabaseNewerError, as {@link migrate} does.
 * @throws OperatorError if the URL is of another kind or the database cannot be opened. The message never contains a password.
 */
export async function openStore(url: string, options: OpenOptions & SqliteOptions & DirectUrl = {}): Promise<SqlStore> {
  const place = await placeOf(url);
  if (options.ifMissing === 'refuse' && place.kind === 'sqlite') await refuseMissingFile(place.path);
  try {
    return await openSqlStore(place.dialect(options), options);
  } catch (error) {
    for (const Kind of [DatabaseMissingError, DatabaseOlderError, DatabaseNewerError])
      if (error instanceof Kind)
        throw new Kind(`database ${place.shown} (WEBPOS_DATABASE_URL): ${error.message}`, { cause: error });
    throw new OperatorError(`WEBPOS_DATABASE_URL: ${place.shown} cannot be opened: ${reason(error)}`, { cause: error });
  }
}

/** Whether several processes may serve the database of a URL. */
export function isShareable(url: string): boolean {
  return !url.startsWith(SQLITE);
}

/** Returns the file of a SQLite URL; undefined for other databases and for a database in memory. */
export function databaseFile(url: string): string | undefined {
  if (!url.startsWith(SQLITE) || url === `${SQLITE}:memory:`) return undefined;
  return url.slice(SQLITE.length);
}

/**
 * Takes the lock that keeps other gateways from serving the same database, until it is released or this process ends.
 *
 * @throws DatabaseServedError if another process holds the lock.
 * @throws OperatorError if the lock cannot be taken for another reason.
 */
export async function lockServing(
  url: string,
  holder: ServingHolder,
  log: LoopLog,
  mode: ServingMode = 'alone',
): Promise<ServingLock> {
  const place = await placeOf(url);
  try {
    if (place.kind === 'sqlite') return await lockSqliteServing(place.path, holder);
    const { PostgresServingLock } = await import('./dialects/postgres-serving-lock.ts');
    const { PostgresHosts } = await import('./dialects/postgres-hosts.ts');
    return await PostgresServingLock.take({ hosts: new PostgresHosts(url), shown: place.shown, holder, log, mode });
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`WEBPOS_DATABASE_URL: ${place.shown} cannot be locked: ${reason(error)}`, { cause: error });
  }
}

/** Returns how the servers of a database are set up for failovers; undefined for SQLite. */
export async function readDatabaseSetup(url: string, directUrl?: string): Promise<DatabaseSetup | undefined> {
  if (url.startsWith(SQLITE)) return undefined;
  const { readPostgresSetup } = await import('./postgres-setup/read-postgres-setup.ts');
  return readPostgresSetup(url, directUrl);
}

type Place =
  | { readonly kind: 'sqlite'; readonly path: string; readonly shown: string; dialect(options?: SqliteOptions): SqlDialect }
  | { readonly kind: 'postgres'; readonly shown: string; dialect(options?: DirectUrl): SqlDialect };

async function placeOf(url: string): Promise<Place> {
  if (url.startsWith(SQLITE)) {
    const path = url.slice(SQLITE.length);
    return { kind: 'sqlite', path, shown: path, dialect: (options) => sqliteDialect(path, options) };
  }
  if (/^postgres(?:ql)?:\/\//.test(url)) {
    const shown = shownOf(url);
    const { postgresDialect } = await import('./dialects/postgres.ts');
    return { kind: 'postgres', shown, dialect: (options) => postgresDialect(url, options) };
  }
  throw new OperatorError('WEBPOS_DATABASE_URL: expected sqlite:PATH or postgres://HOST/DATABASE, got something else');
}

function shownOf(url: string): string {
  try {
    return parsePostgresUrl(url).shown;
  } catch (error) {
    throw new OperatorError(`WEBPOS_DATABASE_URL: ${reason(error)}`, { cause: error });
  }
}

async function refuseMissingFile(path: string): Promise<void> {
  const found =
    path === ':memory:' ||
    (await stat(path).then(
      ({ size }) => size > 0,
      (error: unknown) => codeOf(error) !== 'ENOENT',
    ));
  if (!found)
    throw new DatabaseMissingError(
      `no database at ${path} (WEBPOS_DATABASE_URL): webpos serve or webpos account create creates one, webpos restore restores one`,
    );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${openingFailureText(error.message)}${cause}`;
}
