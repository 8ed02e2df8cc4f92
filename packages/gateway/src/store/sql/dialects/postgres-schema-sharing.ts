/** How processes of different versions change the tables of one PostgreSQL while others serve. */
import { sql, type Kysely } from 'kysely';
import { errorCode } from '../../../kernel/error-message.ts';
import type { Tables } from '../tables.ts';
import type { SchemaSharing } from './dialect.ts';
import { describeHolder, HOLDERS, versionOfHolder } from './postgres-serving-lock.ts';

/** The first half of the lock's key: `wpsc` in ASCII. The second half is the hash of the schema. */
const KEY = 0x77707363;
/** While a migration waits for a lock on a table, everything that others want of this table waits behind it. */
const LOCK_WAIT_MS = 2_000;
const LOCK_NOT_AVAILABLE = '55P03';

interface HolderRow {
  readonly name: string | null;
  readonly address: string | null;
  readonly since: Date | null;
}

export const postgresSchemaSharing: SchemaSharing = {
  lockSchema: async (transaction: Kysely<Tables>) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(KEY)}, hashtext(coalesce(current_schema(), '')))`.execute(transaction);
  },
  servers: async (db) => {
    const { rows } = await sql.raw<HolderRow>(HOLDERS).execute(db);
    return rows.map((row) => ({ version: versionOfHolder(row.name), shown: describeHolder(row) ?? 'another process' }));
  },
  limitLockWait: async (transaction) => {
    await sql`set local lock_timeout = ${sql.lit(LOCK_WAIT_MS)}`.execute(transaction);
  },
  isLockWait: (error) => errorCode(error) === LOCK_NOT_AVAILABLE,
};
