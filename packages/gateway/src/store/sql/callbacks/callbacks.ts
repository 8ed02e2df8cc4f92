import type { AttemptRecord, ListedCallback, PendingCallback, StoredCallback } from '../../../callbacks/callback.ts';
import type { QueueId } from '../../../callbacks/queue-key.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { CallbackId, OrderId, PosId } from '../../../kernel/ids.ts';
import type { EndedAttempt } from '../../ports/attempt-outcome.ts';
import type {
  CallbackClaim,
  CallbackQuery,
  CallbackQueue,
  CallbackSlice,
  CallbackStore,
  ClaimsOfOthers,
  EventPruning,
  FailedQuery,
  FeedEnd,
  FeedEvent,
  FeedPlace,
  MadeDue,
} from '../../ports/callback-store.ts';
import { pruneRows, type PrunedTable } from '../prune-rows.ts';
import type { SqlContext } from '../sql-context.ts';
import { claimCallbacks, releaseClaims } from './claim-callbacks.ts';
import { claimsOfOthers } from './claims-of-others.ts';
import { countQueue } from './count-queue.ts';
import { readFeed, readFeedEnd, readPrunedEvent } from './event-feed.ts';
import { finishClaims } from './finish-claims.ts';
import { giveUpLate } from './give-up-late.ts';
import { insertCallbacks } from './insert-callbacks.ts';
import { listCallbacks, listFailed } from './list-callbacks.ts';
import { makeDue } from './make-due.ts';
import { pruneEvents } from './prune-events.ts';
import { callbacksOfOrder, listedOfOrder, readAttempts, readCallback, readListed } from './read-callbacks.ts';
import { readQueues } from './read-queues.ts';
import { repointCallbacks } from './repoint-callbacks.ts';

const ATTEMPTS: PrunedTable = { table: 'callback_attempts', column: 'started_at' };

/**
 * Only the first pending event of an order has a `next_attempt_at`, so a queue holds only callbacks that may be sent. A transaction that
 * changes which event is the first must lock the order.
 */
export class SqlCallbacks implements CallbackStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  insert(callbacks: readonly PendingCallback[]): Promise<void> {
    return insertCallbacks(this.#sql, callbacks);
  }

  queues(): Promise<CallbackQueue[]> {
    return readQueues(this.#sql);
  }

  claim(claim: CallbackClaim): Promise<StoredCallback[]> {
    return claimCallbacks(this.#sql, claim);
  }

  claimsOfOthers(which: Parameters<CallbackStore['claimsOfOthers']>[0]): Promise<ClaimsOfOthers> {
    return claimsOfOthers(this.#sql, which);
  }

  finish(ended: readonly EndedAttempt[], claimant: string): Promise<ReadonlySet<CallbackId>> {
    return finishClaims(this.#sql, ended, claimant);
  }

  release(ids: readonly CallbackId[], claimant: string, now: EpochMs): Promise<void> {
    return releaseClaims(this.#sql, ids, claimant, now);
  }

  giveUp(end: Parameters<CallbackStore['giveUp']>[0]): Promise<number> {
    return giveUpLate(this.#sql, end);
  }

  attempts(id: CallbackId): Promise<AttemptRecord[]> {
    return readAttempts(this.#sql, id);
  }

  pruneAttempts(which: Parameters<CallbackStore['pruneAttempts']>[0]): Promise<boolean> {
    return pruneRows(this.#sql, ATTEMPTS, which);
  }

  pruneEvents(posId: PosId, pruning: EventPruning): Promise<boolean> {
    return pruneEvents(this.#sql, posId, pruning);
  }

  prunedEvent(posId: PosId): Promise<FeedPlace | undefined> {
    return readPrunedEvent(this.#sql, posId);
  }

  ofOrder(id: OrderId): Promise<StoredCallback[]> {
    return callbacksOfOrder(this.#sql, id);
  }

  listedOfOrder(id: OrderId): Promise<ListedCallback[]> {
    return listedOfOrder(this.#sql, id);
  }

  listed(id: CallbackId): Promise<ListedCallback | undefined> {
    return readListed(this.#sql, id);
  }

  get(id: CallbackId): Promise<StoredCallback | undefined> {
    return readCallback(this.#sql, id);
  }

  list(query: CallbackQuery): Promise<CallbackSlice> {
    return listCallbacks(this.#sql, query);
  }

  countQueue(queue: QueueId, bound: number): Promise<number> {
    return countQueue(this.#sql, queue, bound);
  }

  failedSince(query: FailedQuery): Promise<CallbackSlice> {
    return listFailed(this.#sql, query);
  }

  repoint(callback: Parameters<CallbackStore['repoint']>[0], url: string, now: EpochMs): Promise<void> {
    return repointCallbacks(this.#sql, callback, url, now);
  }

  makeDue(orderIds: readonly OrderId[], isWanted: (callback: ListedCallback) => boolean, now: EpochMs): Promise<MadeDue> {
    return makeDue(this.#sql, orderIds, isWanted, now);
  }

  feed(posId: PosId, after: number, limit: number): Promise<FeedEvent[]> {
    return readFeed(this.#sql, posId, after, limit);
  }

  feedEnd(posId: PosId, limit: number): Promise<FeedEnd> {
    return readFeedEnd(this.#sql, posId, limit);
  }
}
