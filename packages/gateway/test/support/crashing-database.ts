import { afterAll } from 'vitest';
import { sqliteDialect } from '../../src/store/sql/dialects/sqlite/sqlite.ts';
import { crashing, type CrashPlan } from './crashing-store.ts';
import { openDatabase, type TestDatabase } from './every-database.ts';

/** What follows a crash: the same process continues with a new connection, or a new process is started. */
export type Recovery = 'continues' | 'is restarted';

/** A point that no history reaches. */
export const NEVER = 1_000_000;

/** Opens a database for the tests of a file, with a store of it that can crash. */
export async function openCrashing(): Promise<{ readonly database: TestDatabase; readonly plan: CrashPlan }> {
  const database = await openDatabase(sqliteDialect(':memory:'));
  afterAll(() => database.store.close());
  return { database, plan: crashing(database.store) };
}
