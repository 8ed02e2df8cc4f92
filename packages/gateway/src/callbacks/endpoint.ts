/** Where callbacks go, and how it does. */
import type { EpochMs } from '../kernel/clock.ts';
import type { QueueId } from './queue-key.ts';

/** Where a URL leads to: its origin, that is scheme, host and port. */
export function endpointOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

/** An endpoint that has failed several times in a row, for a POS. */
export interface FailingEndpoint extends QueueId {
  readonly since: EpochMs;
  /** In a row. */
  readonly failures: number;
  readonly lastError: string;
  readonly lastAt: EpochMs;
}

/** How an endpoint does for a POS. */
export interface EndpointState extends QueueId {
  /** Undefined while it takes what is sent to it. */
  readonly failing: FailingEndpoint | undefined;
  /** How many orders have a callback that waits for it, up to a bound. */
  readonly waiting: number;
  /** Undefined when nothing waits. */
  readonly nextAttemptAt: EpochMs | undefined;
}
