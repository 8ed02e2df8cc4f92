/**
 * A full disk makes a commit fail, or rolls back the whole transaction at any statement. Either ends the tasks of its group and touches
 * no other, although Kysely then rolls each back.
 */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.ts';
import { isStoreDown } from '../../../store-down.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { SqliteDriver } from './sqlite-driver.ts';

interface Parts {
  parts: { readonly whole: number; readonly part: number };
}

const TASKS = 400;
const PARTS = [0, 1, 2];

let database: InstanceType<typeof DatabaseSync>;
let db: Kysely<Parts>;
/** Whether every second commit fails. */
let isFull: boolean;
let failures: number;
beforeEach(async () => {
  database = new DatabaseSync(join(await temporaryFolder(), 'parts.db'));
  database.exec('pragma journal_mode = wal; create table parts (whole integer, part integer)');
  [isFull, failures] = [true, 0];
  let commits = 0;
  const writer = new (class extends SqliteConnection {
    override exec(text: string): void {
      if (isFull && text === 'commit' && (commits += 1) % 2 === 0) {
        failures += 1;
        throw Object.assign(new Error('database or disk is full'), { sqliteCodeName: 'SQLITE_FULL' });
      }
      super.exec(text);
    }
  })(database);
  const connections = { writer, reader: undefined, checkpoints: undefined, log: undefined };
  db = new Kysely({
    dialect: {
      createDriver: () => new SqliteDriver(async () => connections),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createAdapter: () => new SqliteAdapter(),
      createIntrospector: (opened) => new SqliteIntrospector(opened),
    },
  });
});
afterEach(() => db.destroy());

test('every transaction is stored whole or not at all, and fails only with a fault of the store', async () => {
  const stored: number[] = [];
  await Promise.all(
    Array.from({ length: TASKS }, async (_, whole) => {
      // Some come while a commit fails.
      for (let turn = 0; turn < whole / 8; turn += 1) await nextTurn();
      try {
        await db.transaction().execute(async (tx) => {
          for (const part of PARTS) {
            await tx.insertInto('parts').values({ whole, part }).execute();
            if (whole % 3 === 0) await nextTurn();
          }
        });
        stored.push(whole);
      } catch (error) {
        expect(error).toSatisfy(isStoreDown);
      }
    }),
  );
  expect(failures).toBeGreaterThan(3);
  expect(stored.length).toBeGreaterThan(3);
  const rows = await db.selectFrom('parts').selectAll().orderBy('whole').orderBy('part').execute();
  stored.sort((a, b) => a - b);
  expect(rows).toEqual(stored.flatMap((whole) => PARTS.map((part) => ({ whole, part }))));
});

test('a transaction that a fault has rolled back writes nothing more, even if it goes on', async () => {
  isFull = false;
  const insert = (on: Kysely<Parts>, part: number): Promise<unknown> =>
    on.insertInto('parts').values({ whole: 1, part }).execute();
  const going = db.transaction().execute(async (tx) => {
    await insert(tx, 0);
    database.exec('rollback');
    await expect(insert(tx, 1)).rejects.toSatisfy(isStoreDown);
  });
  await expect(going).rejects.toSatisfy(isStoreDown);
  expect(await db.selectFrom('parts').selectAll().execute()).toEqual([]);
  await db.transaction().execute((tx) => insert(tx, 2));
  expect(await db.selectFrom('parts').selectAll().execute()).toEqual([{ whole: 1, part: 2 }]);
});
