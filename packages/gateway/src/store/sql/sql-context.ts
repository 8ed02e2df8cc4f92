import type { Kysely } from 'kysely';
import type { PosId } from '../../kernel/ids.ts';
import type { SqlDialect } from './dialects/dialect.ts';
import type { ListMarks, OrderMove } from './order-lists/list-marks.ts';
import type { WalkQueues } from './order-lists/walk-queues.ts';
import type { ReadCache } from './read-cache.ts';
import type { Tables } from './tables.ts';

/** What every part of the store works with: a connection or a transaction, and the dialect of the database. */
export interface SqlContext {
  readonly db: Kysely<Tables>;
  readonly dialect: SqlDialect;
  readonly inTransaction: boolean;
  /** Records that an order is new, or has another status. */
  readonly orderMoved: (move: OrderMove) => Promise<void>;
  readonly marks: ListMarks;
  readonly walks: WalkQueues;
  /** Defined outside transactions, and only on a database that reports the commits of other connections. */
  readonly cache: ReadCache | undefined;
  /** Records that an order or the chain has changed. */
  readonly changed: () => void;
  /** Records that a POS has changed, and notifies its watchers. */
  readonly posChanged: (id: PosId) => Promise<void>;
}
