/** Runs the same tests on every database that the store supports. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findPostgres, freshSchema } from '../../../../test/support/postgres.ts';
import type { SqlDialect } from '../../src/store/sql/dialects/dialect.ts';
import { postgresDialect } from '../../src/store/sql/dialects/postgres.ts';
import { sqliteDialect } from '../../src/store/sql/dialects/sqlite/sqlite.ts';
import { openSqlStore, type SqlStore } from '../../src/store/sql/sql-store.ts';
import type { Tables } from '../../src/store/sql/tables.ts';

/** An open database. */
export interface TestDatabase {
  readonly dialect: SqlDialect;
  readonly store: SqlStore;
  /** Direct access to the tables, to write what the store never would and to check what it wrote. */
  readonly db: Kysely<Tables>;
}

/** The place of a database, which need not exist yet. */
export interface TestPlace extends AsyncDisposable {
  /** Prepares another connection, as another process would. For a database in memory, each connection has a new one. */
  connect(): SqlDialect;
  /** The address by which another process opens it. */
  readonly address: { readonly path: string } | { readonly url: string; readonly schema: string };
}

export const IN_MEMORY = 'SQLite in memory';
export const IN_FILE = 'SQLite in a file';
export const ON_POSTGRES = 'PostgreSQL';
export type DatabaseName = typeof IN_MEMORY | typeof IN_FILE | typeof ON_POSTGRES;

/**
 * Runs tests on one database of each kind. Its tables are empty at the beginning of each test.
 *
 * @param forTests The file of the tests, to name if PostgreSQL is not available and they are skipped.
 */
export async function onEveryDatabase(
  forTests: string,
  body: (database: TestDatabase, name: DatabaseName) => void,
  names: readonly DatabaseName[] = [IN_MEMORY, IN_FILE, ON_POSTGRES],
): Promise<void> {
  await forEachDatabase(forTests, names, (name, makePlace) => {
    let place: TestPlace;
    let opened: TestDatabase;
    beforeAll(async () => {
      place = await makePlace();
      opened = await openDatabase(place.connect());
    });
    afterAll(async () => {
      await opened?.store.close();
      await place?.[Symbol.asyncDispose]();
    });
    beforeEach(() => emptyTables(opened));
    const database: TestDatabase = {
      get dialect() {
        return opened.dialect;
      },
      get store() {
        return opened.store;
      },
      get db() {
        return opened.db;
      },
    };
    body(database, name);
  });
}

/** Runs tests on each kind of database, each test with a new place where no database exists yet. */
export async function onEveryPlace(
  forTests: string,
  body: (place: () => TestPlace, name: DatabaseName) => void,
  names: readonly DatabaseName[] = [IN_MEMORY, IN_FILE, ON_POSTGRES],
): Promise<void> {
  await forEachDatabase(forTests, names, (name, makePlace) => {
    let place: TestPlace;
    beforeEach(async () => {
      place = await makePlace();
    });
    afterEach(() => place[Symbol.asyncDispose]());
    body(() => place, name);
  });
}

/** Opens a database as the gateway does, with direct access to its tables. */
export async function openDatabase(dialect: SqlDialect): Promise<TestDatabase> {
  let tables: Kysely<Tables> | undefined;
  const store = await openSqlStore({
    ...dialect,
    prepare: async (db) => {
      tables = db;
      await dialect.prepare(db);
    },
  });
  if (tables === undefined) throw new Error('the store was opened without calling prepare');
  return { dialect, store, db: tables };
}

/** Describes tests for each kind of database. They open it themselves. */
export async function forEachDatabase(
  forTests: string,
  names: readonly DatabaseName[],
  body: (name: DatabaseName, makePlace: () => Promise<TestPlace>) => void,
): Promise<void> {
  const postgres = names.includes(ON_POSTGRES) ? await findPostgres(forTests) : undefined;
  for (const name of names) {
    const makers: Record<DatabaseName, (() => Promise<TestPlace>) | undefined> = {
      [IN_MEMORY]: inMemory,
      [IN_FILE]: inFile,
      [ON_POSTGRES]: postgres === undefined ? undefined : () => inSchema(postgres),
    };
    const makePlace = makers[name];
    describe(`on ${name}`, () => (makePlace === undefined ? skipAll() : body(name, makePlace)));
  }
}

function skipAll(): void {
  test('everything', (context) => {
    context.skip('no PostgreSQL is available');
    expect.unreachable();
  });
}

async function inMemory(): Promise<TestPlace> {
  return {
    connect: () => sqliteDialect(':memory:'),
    address: { path: ':memory:' },
    [Symbol.asyncDispose]: async () => {},
  };
}

async function inFile(): Promise<TestPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-store-'));
  const path = join(folder, 'webpos.db');
  return {
    connect: () => sqliteDialect(path),
    address: { path },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function inSchema(url: string): Promise<TestPlace> {
  const schema = await freshSchema(url);
  return {
    connect: () => postgresDialect(url, { schema: schema.name }),
    address: { url, schema: schema.name },
    [Symbol.asyncDispose]: () => schema[Symbol.asyncDispose](),
  };
}

/** All tables, those that refer to others first. */
const TABLES = [
  'audit_log',
  'link_orders',
  'payment_links',
  'audit_head',
  'message_items',
  'messages',
  'subscriptions',
  'notices',
  'notice_states',
  'seal_start',
  'leases',
  'callback_attempts',
  'callback_bodies',
  'callbacks',
  'failing_endpoints',
  'paused_queues',
  'panel_grants',
  'people',
  'invitations',
  'passwords',
  'totp_secrets',
  'recovery_codes',
  'passkeys',
  'panel_sessions',
  'used_challenges',
  'panel_tokens',
  'event_feeds',
  'idempotency_keys',
  'payments',
  'payment_transactions',
  'payment_families',
  'payment_inputs',
  'order_history',
  'order_notes',
  'refund_requests',
  'refund_payouts',
  'refunds',
  'refund_watch',
  'orders',
  'order_counts',
  'pos',
  'merchants',
  'logos',
  'derived_addresses',
  'skipped_ranges',
  'unassigned_payments',
  'marks_place',
  'accounts',
  'chain_blocks',
  'sandbox_blocks',
  'sandbox_coins',
  'sandbox_mempool',
  'shared_rates',
  'delivering_processes',
  'request_failures',
] as const satisfies (keyof Tables)[];

/** Deletes all rows. */
export async function emptyTables({ dialect, db }: Pick<TestDatabase, 'dialect' | 'db'>): Promise<void> {
  // One round trip.
  if (dialect.name === 'postgres') await sql.raw(`do $$ begin ${TABLES.map(deletion).join(' ')} end $$`).execute(db);
  else for (const table of TABLES) await db.deleteFrom(table).execute();
}

const deletion = (table: string): string => `delete from ${table};`;

export type TableCopy = ReadonlyMap<keyof Tables, Record<string, unknown>[]>;

/** Copies all rows, to restore them with {@link restoreTables}. */
export async function copyTables(db: Kysely<Tables>): Promise<TableCopy> {
  const copy = new Map<keyof Tables, Record<string, unknown>[]>();
  for (const table of TABLES) copy.set(table, await db.selectFrom(table).selectAll().execute());
  return copy;
}

/** Replaces all rows by a copy, like the restore of a backup. */
export async function restoreTables(database: Pick<TestDatabase, 'dialect' | 'db'>, copy: TableCopy): Promise<void> {
  const { db } = database;
  await emptyTables(database);
  for (const table of TABLES.toReversed())
    for (const row of copy.get(table) ?? [])
      await (db as unknown as Kysely<Record<string, Record<string, unknown>>>).insertInto(table).values(row).execute();
}
