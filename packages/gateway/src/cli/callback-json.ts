/** A callback as the commands tell of it. */
import type { StoredCallback } from '../callbacks/callback.ts';
import { isoDate } from '../kernel/clock.ts';

export interface CallbackSummary {
  readonly uuid: string;
  readonly order: string;
  readonly pos: string;
  readonly event: string;
  /** Its place among the events of its order, from 0. */
  readonly sequence: number;
  readonly url: string | null;
  readonly created_at: string;
  readonly status: string;
  readonly attempts: number;
  readonly next_attempt_at: string | null;
  readonly ended_at: string | null;
  readonly last_error: string | null;
}

export function callbackSummary(callback: StoredCallback): CallbackSummary {
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
