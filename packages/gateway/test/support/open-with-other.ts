import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { onTestFinished } from 'vitest';
import { sqliteDialect } from '../../src/store/sql/dialects/sqlite/sqlite.ts';
import { openSqlStore, type SqlStore } from '../../src/store/sql/sql-store.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface OpenedWithOther {
  /** Holds the database, `webpos.db`. */
  readonly folder: string;
  readonly store: SqlStore;
  /** Stands for another process, because SQLite's locks belong to connections. It does not wait for locks. */
  readonly other: InstanceType<typeof DatabaseSync>;
}

/** Opens a new SQLite file twice. Both connections are closed after the current test. Call it in a test or in `beforeEach`. */
export async function openWithOther(): Promise<OpenedWithOther> {
  const folder = await temporaryFolder();
  const path = join(folder, 'webpos.db');
  const store = await openSqlStore(sqliteDialect(path));
  const other = new DatabaseSync(path, { timeout: 0 });
  onTestFinished(async () => {
    other.close();
    await store.close();
  });
  return { folder, store, other };
}
