import type { Kysely } from 'kysely';
import type { PosId } from '../../kernel/ids.ts';
import type { SqlDialect } from './dialects/dialect.ts';
import type { ReadCache } from './read-cache.ts';
import type { Tables } from './tables.ts';

/** What every part of the store works on: a connection or a transaction, and what is special about the database. */
export interface SqlContext {
  readonly db: Kysely<Tables>;
  readonly dialect: SqlDialect;
  readonly inTransaction: boolean;
  /** Notes that a POS has one order more in a state, or one fewer. */
  readonly orderCounted: (posId: string, blockchainStatus: string, change: 1 | -1) => Promise<void>;
  /** What was read before, where that may be used: outside a transaction, on a database that tells what has changed. */
  readonly kept: ReadCache | undefined;
  /** Notes that a stored order or the chain was changed. */
  readonly changed: () => void;
  /** Notes that a POS was written, for anyone who watches them. */
  readonly posChanged: (id: PosId) => Promise<void>;
}
