import type { AttemptRecord, Delivery, ListedCallback, PendingCallback, StoredCallback } from '../../callbacks/callback.ts';
import type { QueueId } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { CallbackId, OrderId, PosId } from '../../kernel/ids.ts';
import type { EndedAttempt } from './attempt-outcome.ts';

export interface CallbackStore {
  /** Stores events of one order, in the given order. Call it in a transaction that has locked the order. */
  insert(callbacks: readonly PendingCallback[]): Promise<void>;
  /** Returns the queues with pending callbacks and when the first of each may be claimed, sorted by POS and endpoint. */
  queues(): Promise<CallbackQueue[]>;
  /**
   * Claims due callbacks of one queue until `until`. A callback has at most one claimant, and is not claimed while an earlier one of
   * its order is still to be delivered.
   */
  claim(claim: CallbackClaim): Promise<StoredCallback[]>;
  /**
   * Counts the claims of other processes for some endpoints. Until the transaction ends, none of them claims for these endpoints. On
   * SQLite, which only one process serves, the count is 0. Call it in a transaction.
   *
   * @param which.endpoints Sorted.
   */
  claimsOfOthers(which: {
    readonly endpoints: readonly string[];
    readonly claimant: string;
    readonly now: EpochMs;
  }): Promise<ClaimsOfOthers>;
  /**
   * Stores the outcomes of attempts. Returns the callbacks whose claims the claimant still held; a claim that another claimant has
   * taken after the lease expired is not among them. Every attempt is logged. When the delivery of an event has ended, the next event
   * of its order may be claimed. Call it in a transaction.
   */
  finish(ended: readonly EndedAttempt[], claimant: string): Promise<ReadonlySet<CallbackId>>;
  /** Releases claims for which no attempt was begun. The callbacks that the claimant still held are due at once. */
  release(ids: readonly CallbackId[], claimant: string, now: EpochMs): Promise<void>;
  /**
   * Gives up at most `limit` callbacks whose delivery began before a time and that are not claimed, and returns how many. Callbacks
   * to a dead endpoint would otherwise wait for ever. Call it in a transaction.
   */
  giveUp(end: { readonly wantedBefore: EpochMs; readonly now: EpochMs; readonly limit: number }): Promise<number>;
  /** Returns the attempts of a callback that are still stored, the oldest first. */
  attempts(id: CallbackId): Promise<AttemptRecord[]>;
  /** Deletes at most `limit` attempts from before a time, the oldest first, and returns whether there may be more. */
  pruneAttempts(which: { readonly before: EpochMs; readonly limit: number }): Promise<boolean>;
  /**
   * Deletes at most `limit` of the oldest events of a POS, with their bodies and attempts, in the order of its feed and up to the first
   * that must stay. Returns whether there may be more. Call it in a transaction.
   */
  pruneEvents(posId: PosId, pruning: EventPruning): Promise<boolean>;
  /** Returns the last event of the feed that was pruned, if any. All later ones are stored. */
  prunedEvent(posId: PosId): Promise<FeedPlace | undefined>;
  ofOrder(id: OrderId): Promise<StoredCallback[]>;
  get(id: CallbackId): Promise<StoredCallback | undefined>;
  /** As `ofOrder` and `get`, without the bodies. */
  listedOfOrder(id: OrderId): Promise<ListedCallback[]>;
  listed(id: CallbackId): Promise<ListedCallback | undefined>;
  /**
   * Searches a bounded part of the callbacks, the newest first: those that wait by when that began, those of a POS in the order of its
   * feed, and all others by their creation.
   */
  list(query: CallbackQuery): Promise<CallbackSlice>;
  /** Counts the orders with a pending callback in a queue, up to a bound. */
  countQueue(queue: QueueId, bound: number): Promise<number>;
  /** Searches a bounded part of the callbacks that were given up, the oldest first. */
  failedSince(query: FailedQuery): Promise<CallbackSlice>;
  /**
   * Redirects a callback, and all pending callbacks of its order, to another URL, and logs that. Call it in a transaction that has
   * locked the order.
   */
  repoint(callback: Pick<StoredCallback, 'id' | 'orderId' | 'url'>, url: string, now: EpochMs): Promise<void>;
  /**
   * Makes the wanted callbacks of some orders due, as if they had never been attempted; those without a URL stay as they are. Call it
   * in a transaction that has locked the orders.
   */
  makeDue(orderIds: readonly OrderId[], isWanted: (callback: ListedCallback) => boolean, now: EpochMs): Promise<MadeDue>;
  /**
   * Returns the events of a POS after a position in its feed. Events that were stored since the last read get their positions now, so
   * no event can appear at a position that a reader has passed, however transactions overlap. Call it in a transaction.
   */
  feed(posId: PosId, after: number, limit: number): Promise<FeedEvent[]>;
  /**
   * Assigns positions to at most `limit` events of a POS that have none. Once every event has a position, returns the newest one, and
   * events stored later get later positions. Must run in a transaction.
   */
  feedEnd(posId: PosId, limit: number): Promise<FeedEnd>;
}

/** What came of callbacks that were to become due. */
export interface MadeDue {
  readonly due: readonly ListedCallback[];
  /** Unchanged, because an event of their order is claimed: two attempts for one order never overlap. */
  readonly busy: readonly ListedCallback[];
  /** Unchanged, because their stored bodies cannot be read. Their last error says so. */
  readonly damaged: readonly ListedCallback[];
}

export interface CallbackQueue extends QueueId {
  /** When the first event that was never attempted may be claimed; undefined if no such event exists. */
  readonly freshAt: EpochMs | undefined;
  /** When the first event that was attempted, or is claimed, may be claimed; undefined if no such event exists. */
  readonly retryAt: EpochMs | undefined;
}

export interface ClaimsOfOthers {
  /** Those of the given endpoints for which no other process is claiming at this moment. */
  readonly endpoints: ReadonlySet<string>;
  readonly claims: readonly (QueueId & { readonly claims: number })[];
}

export interface CallbackClaim extends QueueId {
  readonly now: EpochMs;
  readonly until: EpochMs;
  readonly claimant: string;
  /** `fresh`: never attempted. `retries`: attempted before. */
  readonly kind: 'fresh' | 'retries';
  /** Claims the callbacks that became due last instead of those that became due first. */
  readonly newest?: boolean;
  readonly limit: number;
}

/** A property that is undefined matches everything. */
export interface CallbackQuery {
  readonly orderId: OrderId | undefined;
  readonly posId: PosId | undefined;
  readonly status: Delivery['status'] | undefined;
  readonly endpoint?: string | undefined;
  /** Only callbacks after this one in the list. It need not match. */
  readonly before?: CallbackId | undefined;
  readonly limit: number;
}

/** What a search has found so far. */
export interface CallbackSlice {
  readonly callbacks: readonly ListedCallback[];
  /** The last callback that was searched, with which to continue; undefined if no other callback can match. */
  readonly searchedTo: CallbackId | undefined;
}

export interface FailedQuery {
  readonly endedSince: EpochMs;
  readonly posId: PosId | undefined;
  readonly endpoint: string | undefined;
  /** Only callbacks created after this one. It need not match. */
  readonly after: CallbackId | undefined;
  readonly limit: number;
}

/** `isReached`: whether every event has a position. `newest` is undefined if there were no events; it may be pruned. */
export type FeedEnd = { readonly isReached: false } | { readonly isReached: true; readonly newest: FeedPlace | undefined };

/** Where an event is in the feed of its POS. */
export interface FeedPlace {
  /** From 1. */
  readonly position: number;
  readonly id: CallbackId;
}

export interface EventPruning {
  /** Events stay if they happened, or if their delivery ended, at this time or later. */
  readonly before: EpochMs;
  readonly limit: number;
}

export interface FeedEvent {
  /** From 1. */
  readonly position: number;
  readonly callback: StoredCallback;
}
