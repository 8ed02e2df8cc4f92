import type { AccountId } from '../../../kernel/ids.ts';

/**
 * The indexes of accounts that the leader has made ready: their addresses are watched and clear, and they are below a mark on disk. All
 * processes on the database take indexes from these alone, so no address is handed out that the leader does not watch.
 *
 * What is ready is bound to the leader's term and to the database's timeline. It ends a while after the lease has ended, so a database
 * that was restored from a backup has nothing ready. A failover begins another timeline, and may have lost indexes that were handed out:
 * nothing is ready then until the leader has started over above them (docs/adr/0063).
 */
export interface ReadyIndexStore {
  list(): Promise<ReadyIndexes[]>;
  /** Takes the account's next indexes and returns the first of them; undefined if they are not ready. Call it in a transaction. */
  take(id: AccountId, count: number): Promise<number | undefined>;
  /** Asks the leader to make this many indexes ready beyond the account's next one. */
  want(id: AccountId, count: number): Promise<void>;
  /**
   * Makes all indexes below `to` ready in a term, and never fewer than before in that term.
   *
   * @returns Whether it did; false if the timeline has changed.
   */
  publish(id: AccountId, to: number, term: number): Promise<boolean>;
  /** Keeps ready in a term what was ready in the term before. */
  succeed(term: number): Promise<void>;
  /** Makes no index ready any more, and returns the account's next one. */
  withdraw(id: AccountId): Promise<number>;
  /** Accepts the current timeline, in which no index is ready yet. Call it in a transaction that has raised the account's index. */
  startOver(id: AccountId): Promise<void>;
}

/** How long the indexes of a leader stay ready after its lease has expired: enough for another process to take over. */
export const READY_AFTER_LEASE_MS = 20_000;

export interface ReadyIndexes {
  readonly accountId: AccountId;
  readonly nextIndex: number;
  /** The indexes from `nextIndex` up to this one, exclusive, are ready in {@link ReadyIndexes.term}. */
  readonly readyTo: number;
  readonly term: number;
  /** The index up to which some process needs them, exclusive. */
  readonly wantedTo: number;
  /** Whether they were made ready before a failover. */
  readonly isOtherTimeline: boolean;
}
