/** Callbacks and endpoints as JSON, for the commands and the panel's API. */
import type { AttemptRecord, ListedCallback, StoredCallback } from '../callbacks/callback.ts';
import type { EndpointState } from '../callbacks/endpoint.ts';
import { isoDate } from '../kernel/clock.ts';

export interface CallbackSummary {
  readonly uuid: string;
  readonly order: string;
  readonly pos: string;
  readonly event: string;
  /** Its position among the events of its order, from 0. */
  readonly sequence: number;
  readonly url: string | null;
  readonly created_at: string;
  readonly status: string;
  readonly attempts: number;
  readonly next_attempt_at: string | null;
  readonly ended_at: string | null;
  readonly last_error: string | null;
}

export function callbackSummary(callback: ListedCallback): CallbackSummary {
  const { delivery } = callback;
  return {
    uuid: callback.id,
    order: callback.orderId,
    pos: callback.posId,
    event: callback.event,
    sequence: callback.sequence,
    url: callback.url,
    created_at: isoDate(callback.createdAt),
    status: delivery.status,
    attempts: callback.attempts,
    next_attempt_at: delivery.status === 'waiting' && delivery.nextAttemptAt !== null ? isoDate(delivery.nextAttemptAt) : null,
    ended_at: 'at' in delivery ? isoDate(delivery.at) : null,
    last_error: 'lastError' in delivery ? delivery.lastError : null,
  };
}

export interface AttemptSummary {
  readonly at: string;
  readonly duration_ms: number;
  /** The HTTP status; null if there was no answer. */
  readonly status: number | null;
  /** The beginning of the answer, or the error. */
  readonly response_excerpt: string;
}

/** A callback with its body, exactly as it is sent, and its attempts. */
export function callbackDetails(
  callback: StoredCallback,
  attempts: readonly AttemptRecord[],
): CallbackSummary & { readonly body: string; readonly log: readonly AttemptSummary[] } {
  const log = attempts.map(({ startedAt, durationMs, status, responseExcerpt }) => ({
    at: isoDate(startedAt),
    duration_ms: durationMs,
    status,
    response_excerpt: responseExcerpt,
  }));
  return { ...callbackSummary(callback), body: callback.body, log };
}

export interface EndpointSummary {
  /** The POS whose callbacks go there. An endpoint may fail for one POS and work for another. */
  readonly pos: string;
  readonly endpoint: string;
  readonly failing_since: string | null;
  /** Consecutive failures. */
  readonly failures: number;
  /** Orders that have a callback waiting, counted up to 1,000. */
  readonly waiting: number;
  readonly next_attempt_at: string | null;
  readonly last_error: string | null;
}

export function endpointSummary({ posId, endpoint, failing, waiting, nextAttemptAt }: EndpointState): EndpointSummary {
  return {
    pos: posId,
    endpoint,
    failing_since: failing === undefined ? null : isoDate(failing.since),
    failures: failing?.failures ?? 0,
    waiting,
    next_attempt_at: nextAttemptAt === undefined ? null : isoDate(nextAttemptAt),
    last_error: failing?.lastError ?? null,
  };
}
