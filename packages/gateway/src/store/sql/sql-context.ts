import type { Kysely } from 'kysely';
import type { SqlDialect } from './dialects/dialect.ts';
import type { Tables } from './tables.ts';

/** What every part of the store works on: a connection or a transaction, and what is special about the database. */
export interface SqlContext {
  readonly db: Kysely<Tables>;
  readonly dialect: SqlDialect;
}
