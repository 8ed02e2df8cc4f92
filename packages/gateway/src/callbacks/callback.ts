/** A callback: one event of one order, with the body as it was at the time of the event, and the state of its delivery. */
import type { CallbackEvent } from '@webpos/sdk/wire';
import type { EpochMs } from '../kernel/clock.ts';
import type { CallbackId, OrderId, PosId } from '../kernel/ids.ts';

/** A callback that is to be stored and sent. */
export interface PendingCallback {
  readonly id: CallbackId;
  readonly orderId: OrderId;
  readonly posId: PosId;
  readonly event: CallbackEvent;
  /** Where it is sent, or null if the order has no callback URL: the event is then only recorded. */
  readonly url: string | null;
  /** The JSON body, exactly as it is sent and signed. */
  readonly body: string;
  readonly createdAt: EpochMs;
}

/** A stored callback with its delivery. */
export interface StoredCallback extends PendingCallback {
  /** Position among the events of its order, from 0. */
  readonly sequence: number;
  /** Start of the delivery, from which the retry period counts: when the event happened, or when it was last redelivered. */
  readonly wantedAt: EpochMs;
  readonly attempts: number;
  readonly delivery: Delivery;
}

/** A stored callback without its body: lists need none, and a damaged body must not stop them. */
export type ListedCallback = Omit<StoredCallback, 'body'>;

export type Delivery =
  | { readonly status: 'not_wanted' }
  /**
   * `nextAttemptAt` is null while an earlier event of the order is still to be delivered. During an attempt, it is the time at which
   * the lease expires.
   */
  | { readonly status: 'waiting'; readonly nextAttemptAt: EpochMs | null; readonly lastError: string | null }
  | { readonly status: 'delivered'; readonly at: EpochMs }
  | { readonly status: 'failed'; readonly at: EpochMs; readonly lastError: string | null };

/** The log entry of an attempt. */
export interface AttemptRecord {
  readonly startedAt: EpochMs;
  readonly durationMs: number;
  /** The HTTP status, or null if the endpoint did not answer. */
  readonly status: number | null;
  /** The beginning of the answer, or the error. */
  readonly responseExcerpt: string;
}
