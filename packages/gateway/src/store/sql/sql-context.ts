import type { Kysely } from 'kysely';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import type { SqlDialect } from './dialects/dialect.ts';
import type { ListMarks, OrderMove } from './order-lists/list-marks.ts';
import type { WalkQueues } from './order-lists/walk-queues.ts';
import type { FilledCache } from './read-cache.ts';
import type { WantedNotices } from './notifications/wanted-notices.ts';
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
  readonly wantedNotices: WantedNotices;
  /** Defined outside transactions. */
  readonly cache: FilledCache | undefined;
  /** Records that an order or the chain has changed. */
  readonly changed: () => void;
  /** Records that callbacks of orders have been claimed. */
  readonly claimed: (ids: readonly OrderId[]) => void;
  /** Records that a POS has changed, and notifies its watchers. */
  readonly posChanged: (id: PosId) => Promise<void>;
}
