import type { AttemptRecord, Delivery, PendingCallback, StoredCallback } from '../../callbacks/callback.ts';
import type { QueueId } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { CallbackId, OrderId, PosId } from '../../kernel/ids.ts';
import type { EndedAttempt } from './attempt-outcome.ts';

export interface CallbackStore {
  /** Adds events of one order, in their order; in a transaction that has locked the order. */
  insert(callbacks: readonly PendingCallback[]): Promise<void>;
  /** The queues in which anything waits, and when the first of each may be claimed, sorted by POS and endpoint. */
  queues(): Promise<CallbackQueue[]>;
  /**
   * Takes callbacks of one queue that are due: each for one claimant only, until `until`, and never one whose order has an earlier
   * one still to be delivered.
   */
  claim(claim: CallbackClaim): Promise<StoredCallback[]>;
  /**
   * The claimant says how attempts ended; answers those whose claims it still held, and not those that had run out and that another took.
   * Each attempt is logged in any case, and the next event of an order may be claimed when the one before it has come to its end. In a
   * transaction.
   */
  finish(ended: readonly EndedAttempt[], claimant: string): Promise<ReadonlySet<CallbackId>>;
  /** The claimant takes back claims of which it has begun no attempt: what it has not lost meanwhile is due at once. */
  release(ids: readonly CallbackId[], claimant: string, now: EpochMs): Promise<void>;
  /**
   * Ends what has been wanted since before a time and is not under way, as many as `limit`, and answers how many: what stands behind
   * a dead endpoint would else never come to its turn. In a transaction.
   */
  giveUp(end: { readonly wantedBefore: EpochMs; readonly now: EpochMs; readonly limit: number }): Promise<number>;
  /** The attempts to deliver a callback that have not been forgotten, the first first. */
  attempts(id: CallbackId): Promise<AttemptRecord[]>;
  /** Forgets attempts from before a time, some of the oldest at once; answers whether there are more. */
  pruneAttempts(before: EpochMs): Promise<boolean>;
  ofOrder(id: OrderId): Promise<StoredCallback[]>;
  get(id: CallbackId): Promise<StoredCallback | undefined>;
  /** The newest first. */
  list(query: CallbackQuery): Promise<StoredCallback[]>;
  /** How many orders have a callback waiting in a queue, counted up to a bound. */
  countQueue(queue: QueueId, bound: number): Promise<number>;
  /** Callbacks that were given up, by their id, behind one of them. */
  failedSince(query: FailedQuery): Promise<StoredCallback[]>;
  /** Sends a callback of an order, and all of it that wait, to another URL; noted in its log. In a transaction that has locked the order. */
  repoint(callback: Pick<StoredCallback, 'id' | 'orderId' | 'url'>, url: string, now: EpochMs): Promise<void>;
  /**
   * Makes a callback due, as if it had never been tried; answers false when it has no URL, or an event of its order is claimed
   * just now: two of them are never under way at once. In a transaction that has locked the order.
   */
  makeDue(id: CallbackId, now: EpochMs): Promise<boolean>;
  /**
   * A POS's events behind a place in its feed, in their order. What has been stored since it was last read gets its place now, so
   * that a place, once passed, is never given to another, however transactions overlap. In a transaction.
   */
  feed(posId: PosId, after: number, limit: number): Promise<FeedEvent[]>;
}

export interface CallbackQueue extends QueueId {
  /** When the first event that was never tried may be claimed; undefined: none exists. */
  readonly freshAt: EpochMs | undefined;
  /** The same for those that were tried, or are claimed. */
  readonly retryAt: EpochMs | undefined;
}

export interface CallbackClaim extends QueueId {
  readonly now: EpochMs;
  readonly until: EpochMs;
  readonly claimant: string;
  /** Those that were never tried, or those that were. */
  readonly kind: 'fresh' | 'retries';
  /** Those due last rather than those due first. */
  readonly newest?: boolean;
  readonly limit: number;
}

/** What is undefined may be any. */
export interface CallbackQuery {
  readonly orderId: OrderId | undefined;
  readonly posId: PosId | undefined;
  readonly status: Delivery['status'] | undefined;
  readonly endpoint?: string | undefined;
  /** Those older than this one, newest first. */
  readonly before?: CallbackId | undefined;
  readonly limit: number;
}

export interface FailedQuery {
  readonly endedSince: EpochMs;
  readonly posId: PosId | undefined;
  readonly endpoint: string | undefined;
  readonly after: CallbackId | undefined;
  readonly limit: number;
}

export interface FeedEvent {
  /** From 1. */
  readonly position: number;
  readonly callback: StoredCallback;
}
