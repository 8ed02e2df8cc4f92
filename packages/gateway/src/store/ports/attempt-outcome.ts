import type { AttemptRecord, StoredCallback } from '../../callbacks/callback.ts';
import type { EpochMs } from '../../kernel/clock.ts';

export type AttemptOutcome =
  | { readonly kind: 'delivered'; readonly at: EpochMs }
  | { readonly kind: 'retry'; readonly at: EpochMs; readonly error: string }
  | { readonly kind: 'failed'; readonly at: EpochMs; readonly error: string };

/** The outcome of an attempt and its log entry. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  readonly record: AttemptRecord;
}

export interface EndedAttempt {
  readonly callback: Pick<StoredCallback, 'id' | 'orderId'>;
  readonly end: AttemptEnd;
}
