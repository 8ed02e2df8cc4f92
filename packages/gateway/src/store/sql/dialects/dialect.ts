/** The differences between the databases. */
import type { Dialect, Kysely, RawBuilder } from 'kysely';
import type { PosId } from '../../../kernel/ids.ts';
import type { LoopLog } from '../../../kernel/task-loop.ts';
import type { Notifications } from '../../ports/notifications.ts';
import type { PosWatch } from '../../ports/pos-watch.ts';
import type { Tables } from '../tables.ts';

export interface SqlDialect {
  readonly name: 'sqlite' | 'postgres';
  readonly kysely: Dialect;
  /** Whether single rows can be locked. SQLite has only one writer at a time and needs no row locks. */
  readonly rowLocks: boolean;
  /** The time of the database in milliseconds since 1970, at the moment at which it is evaluated. */
  readonly timeMs: RawBuilder<number | string>;
  /** Names the timeline of the database, which changes when a replica is promoted and may have lost the last commits. */
  readonly timeline: RawBuilder<string>;
  /** Whether its driver runs a {@link RepeatedQuery} in one call. */
  readonly repeatsQueries: boolean;
  /** Whether an error of the driver means that a row with the same key exists. */
  isUniqueViolation(error: unknown): boolean;
  /**
   * Returns the schema of the tables, if the database has schemas. Without it, Kysely would confuse its migration tables of other
   * schemas with those of this one.
   */
  schema(db: Kysely<Tables>): Promise<string | undefined>;
  /** Watches for changes of POS over connections other than this store's. */
  watchPos(): Promise<PosWatch>;
  /**
   * Returns synchronously a number that changes when something may have changed over other connections; undefined if the database
   * cannot tell.
   */
  readonly commitsOfOthers: (() => number) | undefined;
  /** As the store's (`Store.lost`). */
  readonly lost: Promise<string> | undefined;
  /** Notifies other connections that watch POS of a change, when the transaction is committed. */
  announcePos(db: Kysely<Tables>, id: PosId): Promise<void>;
  /** Opens the notifications between processes; undefined where only one process serves. */
  readonly openNotifications: ((log: LoopLog) => Notifications) | undefined;
  /** What several processes of different versions need to change the tables; undefined where only one process serves. */
  readonly sharing: SchemaSharing | undefined;
  /** Prepares the connection before its first use. */
  prepare(db: Kysely<Tables>): Promise<void>;
}

export interface SchemaSharing {
  /** Waits until no other process looks at the migrations or changes the tables, until the transaction ends. */
  lockSchema(transaction: Kysely<Tables>): Promise<void>;
  /** Returns the processes that serve the database. */
  servers(db: Kysely<Tables>): Promise<readonly ServingProcess[]>;
  /** Lets a migration fail soon if it waits for a lock, behind which all others would have to wait. */
  limitLockWait(transaction: Kysely<unknown>): Promise<void>;
  /** Whether an error says that the limit was reached. */
  isLockWait(error: unknown): boolean;
}

export interface ServingProcess {
  /** Its major and minor version, such as `0.3`; undefined if it is unknown. */
  readonly version: string | undefined;
  /** Names it for a person. */
  readonly shown: string;
}
