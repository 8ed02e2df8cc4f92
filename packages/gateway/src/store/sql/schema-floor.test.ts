/** Several versions on one database: which may open it, and which migrations may run while others serve. */
import { Kysely, sql, type Migration } from 'kysely';
import pg from 'pg';
import { describe, expect, test, vi } from 'vitest';
import { tableFacts, contractionsBetween } from '../../../test/support/contractions.ts';
import { ON_POSTGRES, IN_FILE, onEveryPlace, type TestPlace } from '../../../test/support/every-database.ts';
import type { ServingLock } from '../serving-lock.ts';
import { PostgresHosts } from './dialects/postgres-hosts.ts';
import { PostgresServingLock } from './dialects/postgres-serving-lock.ts';
import { MIGRATIONS, type OpenOptions } from './migrate.ts';
import { FIRST_WITH_FLOOR, floorOf, isAtLeast, worksBeside } from './schema-floor.ts';
import { openSqlStore } from './sql-store.ts';

const nothing: Migration = { up: async () => {} };
const expanding: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable('orders').addColumn('note', 'text').execute();
  },
};
/** Versions, one after the other, that exist only here. */
const V2 = { version: '0.2.0', migrations: MIGRATIONS } satisfies OpenOptions;
const V3 = { version: '0.3.0', migrations: { ...MIGRATIONS, '9001-note-expands': expanding } } satisfies OpenOptions;
const V4 = { version: '0.4.0', migrations: { ...V3.migrations, '9002-other-notes-needs-0-3': nothing } } satisfies OpenOptions;
const V5 = { version: '0.5.0', migrations: { ...V4.migrations, '9003-unsaid': nothing } } satisfies OpenOptions;

describe('the name of a migration', () => {
  test.each([
    ['9001-note-expands', 'any', ['0.1.0', '0.3.0'], []],
    ['9002-x-needs-0-3', '0.3', ['0.3.0', '0.3.9', '0.10.0', '1.0.0'], ['0.2.9', '0.1.0']],
    ['9003-needs', undefined, [], ['0.3.0', '9.0.0']],
    ['9004-expands-later', undefined, [], ['0.3.0']],
  ] as const)('%s has the floor %s', (name, floor, can, cannot) => {
    expect(floorOf(name)).toBe(floor);
    expect(can.filter((version) => !worksBeside(version, name))).toEqual([]);
    expect(cannot.filter((version) => worksBeside(version, name))).toEqual([]);
  });

  test('an unreadable version is below every floor', () => expect(isAtLeast('nightly', '0.1')).toBe(false));

  test('says what older versions can do, for each new migration', () => {
    const unsaid = Object.keys(MIGRATIONS).filter((name) => name >= FIRST_WITH_FLOOR && floorOf(name) === undefined);
    expect(unsaid).toEqual([]);
  });
});

const several = (place: () => TestPlace): void => {
  const open = async (options: OpenOptions): Promise<void> => (await openSqlStore(place().connect(), options)).close();
  const url = (): string => {
    const { address } = place();
    if (!('url' in address)) throw new Error('expected PostgreSQL');
    return `${address.url}?options=-c%20search_path%3D${address.schema}`;
  };
  const serveAs = (version: string): Promise<ServingLock> =>
    PostgresServingLock.take({
      hosts: new PostgresHosts(url()),
      shown: 'the database',
      holder: { pid: 4711, host: 'till' },
      log: { info: () => {}, warn: () => {} },
      mode: 'shared',
      version,
    });

  test('an older version starts beside a newer one whose migrations only expand', async () => {
    await open(V2);
    await open(V3);
    await expect(open(V2)).resolves.toBeUndefined();
    // Also if it knows the same tables.
    await expect(open({ version: '0.1.0' })).resolves.toBeUndefined();
  });

  test('a version below the floor is refused, and one at the floor is not', async () => {
    await open(V4);
    await open(V3);
    await expect(open(V2)).rejects.toThrow(
      'it was written by WebPOS 0.3.0, 0.4.0, which is newer than this one (0.2.0); this one (0.2.0) does not know its 9002-other-notes-needs-0-3',
    );
  });

  test('a migration that does not say what it is keeps all older versions out', async () => {
    await open(V5);
    await expect(open(V4)).rejects.toThrow('does not know its 9003-unsaid');
  });

  test('a migration that raises the floor does not run while a process below the floor serves', async () => {
    await open(V3);
    const [older, floor] = [await serveAs('0.2'), await serveAs('0.3')];
    try {
      await expect(open(V4)).rejects.toThrow(
        /^process 4711 on till, since .* serves it as WebPOS 0\.2, .* only 0\.3 and later can/,
      );
      await open(V2);
      await older.release();
      await vi.waitFor(() => open(V4), { interval: 100 });
      await expect(open(V2)).rejects.toThrow('does not know its 9002-other-notes-needs-0-3');
    } finally {
      await older.release();
      await floor.release();
    }
  });

  test('a migration that has to wait for a table lets others pass, and runs when the table is free', async () => {
    await open(V2);
    const blocker = await openSqlStore(place().connect(), V2);
    let free: () => void = () => {};
    let blocked: () => void = () => {};
    const isBlocked = new Promise<void>((resolve) => (blocked = resolve));
    const blocking = blocker.transaction(async (tx) => {
      // A read holds a lock on the table until the transaction ends.
      await tx.orders.scriptsFrom('00000000-0000-4000-8000-000000000000' as never, 0);
      blocked();
      await new Promise<void>((resolve) => (free = resolve));
    });
    await isBlocked;
    const migrated = open(V3).then(() => 'migrated');
    // Behind the waiting migration a read would wait until the blocker ends.
    const waits = `select count(*)::int as n from pg_locks l join pg_class c on c.oid = l.relation
      where not l.granted and c.relname = 'orders' and c.relnamespace = current_schema()::regnamespace`;
    await vi.waitFor(async () => expect(await query(url(), waits)).toEqual([{ n: 1 }]), { interval: 20 });
    expect(await query(url(), 'select count(*)::int as n from orders')).toEqual([{ n: 0 }]);
    free();
    await blocking;
    expect(await migrated).toBe('migrated');
    await blocker.close();
    expect(await query(url(), 'select note from orders')).toEqual([]);
  });
};
await onEveryPlace('schema-floor.test.ts', several, [ON_POSTGRES]);

const alone = (place: () => TestPlace): void => {
  test('where one process serves, no older version opens what a newer one has migrated', async () => {
    await (await openSqlStore(place().connect(), V3)).close();
    await expect(openSqlStore(place().connect(), V2)).rejects.toThrow('does not know its 9001-note-expands');
  });
};
await onEveryPlace('schema-floor.test.ts', alone, [IN_FILE]);

const expansions = (place: () => TestPlace): void => {
  const tables = async <T>(work: (db: Kysely<unknown>) => Promise<T>): Promise<T> => {
    const db = new Kysely<unknown>({ dialect: place().connect().kysely });
    try {
      return await work(db);
    } finally {
      await db.destroy();
    }
  };

  test('new migrations that say that they expand take nothing away, ask for nothing new, and rewrite no table', async () => {
    const names = Object.keys(MIGRATIONS);
    // The two before the rule expand as well, so that the comparison has something to compare.
    const checked = names.filter((name) => floorOf(name) === 'any' || name === '0026-lease' || name === '0027-shared-rates');
    expect(checked.length).toBeGreaterThanOrEqual(2);
    await tables(async (db) => {
      for (const name of names) {
        const before = await tableFacts(db);
        await MIGRATIONS[name]?.up(db);
        if (checked.includes(name)) expect([name, contractionsBetween(before, await tableFacts(db))]).toEqual([name, []]);
      }
    });
  });

  test.each([
    ['alter table orders drop column chargeback_timeout_ms', 'orders.chargeback_timeout_ms is gone'],
    ['alter table orders rename column reference to note', 'orders.reference is gone'],
    ['alter table orders alter column reference type varchar', 'orders.reference has another type'],
    ['alter table orders alter column reference set not null', 'orders.reference must not be null any more'],
    ['alter table orders add column note text not null', 'orders.note is new, and must be given'],
    ['alter table accounts alter column ready_to drop default', 'accounts.ready_to has lost its default'],
    ['alter table orders add column note timestamptz default clock_timestamp()', 'orders is rewritten'],
    ['create index note on orders (reference)', 'note is new on orders, which others write'],
    ['alter table orders add constraint note check (reference is null)', 'note is new on orders, which others write'],
    ['drop table shared_rates', 'shared_rates.provider is gone'],
  ])('the comparison refuses: %s', async (statement, found) => {
    await (await openSqlStore(place().connect())).close();
    await tables(async (db) => {
      const before = await tableFacts(db);
      await sql.raw(statement).execute(db);
      expect(contractionsBetween(before, await tableFacts(db))).toContain(found);
    });
  });
};
await onEveryPlace('schema-floor.test.ts', expansions, [ON_POSTGRES]);

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}
