/** A callback: one event of one order, frozen when it happened, and what became of its delivery. */
import type { CallbackEvent } from '@webpos/sdk/wire';
import type { EpochMs } from '../kernel/clock.ts';
import type { CallbackId, OrderId, PosId } from '../kernel/ids.ts';

/** An event that is to be reported. */
export interface PendingCallback {
  readonly id: CallbackId;
  readonly orderId: OrderId;
  readonly posId: PosId;
  readonly event: CallbackEvent;
  /** Where it goes, or null when nobody asked for it: the event is then only recorded. */
  readonly url: string | null;
  /** The JSON body, exactly as it will be sent and signed. */
  readonly body: string;
  readonly createdAt: EpochMs;
}

/** A stored callback with its delivery. */
export interface StoredCallback extends PendingCallback {
  /** Its place among the events of its order, from 0. */
  readonly sequence: number;
  /** Since when it is to be delivered: when it happened, or when it was asked for again. */
  readonly wantedAt: EpochMs;
  readonly attempts: number;
  readonly delivery: Delivery;
}

export type Delivery =
  | { readonly status: 'not_wanted' }
  /** Without a next attempt it waits for an earlier event of its order; while it is under way, that is when its claim runs out. */
  | { readonly status: 'waiting'; readonly nextAttemptAt: EpochMs | null; readonly lastError: string | null }
  | { readonly status: 'delivered'; readonly at: EpochMs }
  | { readonly status: 'failed'; readonly at: EpochMs; readonly lastError: string | null };

/** What one attempt to deliver came to. */
export interface AttemptRecord {
  readonly startedAt: EpochMs;
  readonly durationMs: number;
  /** The HTTP status, or null when there was no answer. */
  readonly status: number | null;
  /** The start of the answer, or what went wrong. */
  readonly responseExcerpt: string;
}
