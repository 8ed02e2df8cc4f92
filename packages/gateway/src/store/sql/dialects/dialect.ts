/** Everything in which the databases differ, in one place. */
import type { Dialect, Kysely } from 'kysely';
import type { PosId } from '../../../kernel/ids.ts';
import type { PosWatch } from '../../ports/pos-watch.ts';
import type { Tables } from '../tables.ts';

export interface SqlDialect {
  readonly name: 'sqlite' | 'postgres';
  readonly kysely: Dialect;
  /** Whether rows can be locked one by one; SQLite has one writer at a time, and needs it not. */
  readonly rowLocks: boolean;
  /** Whether its driver runs a {@link RepeatedQuery} as one. */
  readonly repeatsQueries: boolean;
  /** What the driver's own errors mean: whether a row with the same key is there already. */
  isUniqueViolation(error: unknown): boolean;
  /**
   * The schema that the tables lie in, where the database has such: Kysely would take its own tables of any other schema
   * for those of this one.
   */
  schema(db: Kysely<Tables>): Promise<string | undefined>;
  /** Begins to watch for POS that others have changed, over other connections than this store's. */
  watchPos(): Promise<PosWatch>;
  /**
   * Answers at once another number than before when something may have been changed over other connections; undefined where
   * the database cannot tell.
   */
  readonly commitsOfOthers: (() => number) | undefined;
  /** Tells those who watch over other connections that a POS was changed; they hear of it when the transaction is stored. */
  announcePos(db: Kysely<Tables>, id: PosId): Promise<void>;
  /** Sets the connection up, before the first use. */
  prepare(db: Kysely<Tables>): Promise<void>;
}
