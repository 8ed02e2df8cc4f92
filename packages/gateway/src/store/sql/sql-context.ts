import type { Kysely } from 'kysely';
import type { PosId } from '../../kernel/ids.ts';
import type { SqlDialect } from './dialects/dialect.ts';
import type { ReadCache } from './read-cache.ts';
import type { Tables } from './tables.ts';

/** What every part of the store works with: a connection or a transaction, and the dialect of the database. */
export interface SqlContext {
  readonly db: Kysely<Tables>;
  readonly dialect: SqlDialect;
  readonly inTransaction: boolean;
  /** Records that a POS has one order more with a status, or one fewer. */
  readonly orderCounted: (posId: string, blockchainStatus: string, change: 1 | -1) => Promise<void>;
  /** Defined outside transactions, and only on a database that reports the commits of other connections. */
  readonly cache: ReadCache | undefined;
  /** Records that an order or the chain has changed. */
  readonly changed: () => void;
  /** Records that a POS has changed, and notifies its watchers. */
  readonly posChanged: (id: PosId) => Promise<void>;
}
