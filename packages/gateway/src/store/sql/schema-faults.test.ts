import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { IN_FILE, ON_POSTGRES, onEveryPlace, openDatabase, type TestPlace } from '../../../test/support/every-database.ts';

const body = (place: () => TestPlace): void => {
  /** Opens a database, changes its tables directly, and returns the faults that the store finds. */
  async function faultsAfter(...changes: readonly string[]): Promise<readonly string[]> {
    const dialect = place().connect();
    const { store, db } = await openDatabase(dialect);
    try {
      for (const change of changes) await sql.raw(change).execute(db);
      return await store.schemaFaults();
    } finally {
      await store.close();
    }
  }

  test('a new database has no schema faults, and additional tables and indexes are ignored', async () => {
    expect(await faultsAfter()).toEqual([]);
    expect(await faultsAfter('create table reports (id text)', 'create index reports_id on reports (id)')).toEqual([]);
  });

  test('schema faults name every missing table, column and index', async () => {
    const faults = await faultsAfter(
      'drop table panel_grants',
      'alter table pos drop column support',
      'drop index orders_watched',
    );
    expect([...faults].sort()).toEqual([
      'column pos.support is missing',
      'index orders_watched is missing',
      'table panel_grants is missing',
    ]);
  });
};
await onEveryPlace('schema-faults.test.ts', body, [IN_FILE, ON_POSTGRES]);
