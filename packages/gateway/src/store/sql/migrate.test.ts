import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshSchema } from '../../../../../test/support/postgres.ts';
import { IN_FILE, ON_POSTGRES, onEveryPlace, openDatabase, type TestPlace } from '../../../test/support/every-database.ts';
import { storedOrders } from '../../../test/support/samples.ts';
import type { SqlDialect } from './dialects/dialect.ts';
import { postgresDialect } from './dialects/postgres.ts';
import { MIGRATIONS } from './migrate.ts';
import { openStore } from './open-store.ts';
import { openSqlStore } from './sql-store.ts';
import { VERSION } from '../../kernel/version.ts';
import { program } from '../../../../../test/support/programs/program.ts';

// Each connection to a database in memory opens one of its own.
const SHARED = [IN_FILE, ON_POSTGRES] as const;

const migrations = (place: () => TestPlace): void => {
  /** Accesses the tables without the store. */
  async function bare<T>(work: (db: Kysely<Record<string, Record<string, unknown>>>) => Promise<T>): Promise<T> {
    const db = new Kysely<Record<string, Record<string, unknown>>>({ dialect: place().connect().kysely });
    try {
      return await work(db);
    } finally {
      await db.destroy();
    }
  }
  const open = (): Promise<unknown> => openedBy(place());
  const ranMigrations = (): Promise<unknown[]> => bare((db) => db.selectFrom('kysely_migration').selectAll().execute());

  test('opening a database a second time changes nothing', async () => {
    const first = await openDatabase(place().connect());
    const [order] = await storedOrders(first.store);
    await first.store.close();
    const before = await ranMigrations();
    expect(before).toHaveLength(Object.keys(MIGRATIONS).length);

    const second = await openDatabase(place().connect());
    expect(await second.store.orders.get(order.terms.id)).toEqual(order);
    await second.store.close();
    expect(await ranMigrations()).toEqual(before);
  });

  test('a migration that fails half-way leaves nothing behind, and succeeds once the cause is removed', async () => {
    await bare((db) => db.schema.createTable('sandbox_mempool').addColumn('stranger', 'text').execute());
    await expect(open()).rejects.toThrow('could not be migrated');
    // The first table that the migration created.
    await expect(bare((db) => db.selectFrom('accounts').selectAll().execute())).rejects.toThrow(/accounts/);
    expect(await ranMigrations()).toEqual([]);

    await bare((db) => db.schema.dropTable('sandbox_mempool').execute());
    await open();
    expect(await bare((db) => db.selectFrom('accounts').selectAll().execute())).toEqual([]);
  });

  test('a database is migrated although the tables of all schemas cannot be read at first, as while another schema is dropped', async () => {
    const dialect = place().connect();
    let failures = 2;
    const failing: SqlDialect = {
      ...dialect,
      kysely: {
        createDriver: () => dialect.kysely.createDriver(),
        createQueryCompiler: () => dialect.kysely.createQueryCompiler(),
        createAdapter: () => dialect.kysely.createAdapter(),
        createIntrospector: (db) => {
          const introspector = dialect.kysely.createIntrospector(db);
          const getTables = introspector.getTables.bind(introspector);
          introspector.getTables = async (options) => {
            failures -= 1;
            if (failures >= 0) throw new Error('relation "other.orders" does not exist');
            return getTables(options);
          };
          return introspector;
        },
      },
    };
    const { store } = await openDatabase(failing);
    await storedOrders(store);
    await store.close();
    expect(failures).toBeLessThan(0);
  });

  test('a database with an unknown migration is refused', async () => {
    await open();
    await bare((db) => db.insertInto('kysely_migration').values({ name: '9999-later', timestamp: '2030' }).execute());
    await expect(open()).rejects.toThrow(`by a newer version of WebPOS; this one (${VERSION}) does not know its 9999-later`);
  });

  test('opening a database neither creates nor migrates tables if the options refuse it', async () => {
    const tables = (): Promise<unknown[]> =>
      bare(async (db) => {
        const isPostgres = 'schema' in place().address;
        const query = isPostgres
          ? sql`select table_name, column_name from information_schema.columns where table_schema = current_schema() order by 1, 2`
          : sql`select name, sql from sqlite_master order by 1`;
        return (await query.execute(db)).rows;
      });
    const refusing = { ifMissing: 'refuse', ifOlder: 'refuse' } as const;
    await expect(openSqlStore(place().connect(), refusing)).rejects.toThrow('it has no tables yet');
    expect(await tables()).toEqual([]);
    await open();
    await bare((db) => db.deleteFrom('kysely_migration').where('name', '=', '0006-versions').execute());
    const before = await tables();
    await expect(openSqlStore(place().connect(), refusing)).rejects.toThrow('of an earlier version and lack 0006-versions');
    expect(await tables()).toEqual(before);
  });
};
await onEveryPlace('migrate.test.ts', migrations, SHARED);

const alone = (place: () => TestPlace): void => {
  test('a database that a newer version has written is refused even if its tables are the same', async () => {
    await (await openSqlStore(place().connect(), { version: '0.1.5' })).close();
    await (await openSqlStore(place().connect(), { version: '0.1.0' })).close();
    await (await openSqlStore(place().connect(), { version: '0.3.0' })).close();
    const older = openSqlStore(place().connect(), { version: '0.2.9' });
    await expect(older).rejects.toThrow('it was written by WebPOS 0.3.0, which is newer than this one (0.2.9)');
  });
};
await onEveryPlace('migrate.test.ts', alone, [IN_FILE]);

const schemas = (place: () => TestPlace): void => {
  test('each schema of one database has tables of its own', async () => {
    const { address } = place();
    if (!('url' in address)) throw new Error('this place has no schemas');
    expect(await openedBy(place())).toEqual([]);
    await using other = await freshSchema(address.url);
    const connect = (): SqlDialect => postgresDialect(address.url, { schema: other.name });
    expect(await openedBy({ ...place(), connect })).toEqual([]);
    const { store } = await openDatabase(connect());
    await storedOrders(store);
    await store.close();
    expect(await openedBy(place())).toEqual([]);
  });
};
await onEveryPlace('migrate.test.ts', schemas, [ON_POSTGRES]);

const processes = (place: () => TestPlace): void => {
  let two: OpeningProcess[];
  beforeAll(async () => {
    two = await Promise.all([startOpeningProcess(), startOpeningProcess()]);
  });
  afterAll(() => two?.forEach((each) => each.end()));

  test.each([1, 2, 3, 4, 5])('two processes can open a new database at the same time (round %i)', async () => {
    expect(await Promise.all(two.map((each) => each.open(place().address)))).toEqual(['opened', 'opened']);
    expect(await openedBy(place())).toEqual([]);
  });
};
await onEveryPlace('migrate.test.ts', processes, SHARED);

describe('openStore', () => {
  test('opens a SQLite database', async () => {
    const store = await openStore('sqlite::memory:');
    expect(await store.accounts.list()).toEqual([]);
    await store.close();
  });

  test.each(['mysql://localhost/x', 'webpos.db', '', 'postgres:/x'])('refuses %j, and says what it expected', async (url) => {
    await expect(openStore(url)).rejects.toThrow('WEBPOS_DATABASE_URL: expected sqlite:PATH or postgres://');
  });
});

async function openedBy(place: TestPlace): Promise<unknown> {
  const { store } = await openDatabase(place.connect());
  try {
    return await store.accounts.list();
  } finally {
    await store.close();
  }
}

interface OpeningProcess {
  /** Resolves to `opened`, or to the error. */
  open(address: TestPlace['address']): Promise<string>;
  end(): void;
}

async function startOpeningProcess(): Promise<OpeningProcess> {
  const child = spawn(process.execPath, [await program('open-databases')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => String((await lines.next()).value);
  expect(await nextLine()).toBe('ready');
  return {
    open: (address) => {
      child.stdin.write(`${JSON.stringify(address)}\n`);
      return nextLine();
    },
    end: () => child.stdin.end(),
  };
}
