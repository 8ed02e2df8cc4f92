/** The endpoints that callbacks are sent to, and their health. */
import type { EpochMs } from '../kernel/clock.ts';
import type { QueueId } from './queue-key.ts';

/** Returns the endpoint of a callback URL: its scheme, host and port. */
export function endpointOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

/** An endpoint to which the callbacks of a POS have failed several times in a row. */
export interface FailingEndpoint extends QueueId {
  readonly since: EpochMs;
  /** Consecutive failures. */
  readonly failures: number;
  readonly lastError: string;
  readonly lastAt: EpochMs;
}

/** The state of an endpoint for one POS. */
export interface EndpointState extends QueueId {
  /** Undefined while it accepts callbacks. */
  readonly failing: FailingEndpoint | undefined;
  /** How many orders have a pending callback to it, counted up to a limit. */
  readonly waiting: number;
  /** Undefined if no callback is pending. */
  readonly nextAttemptAt: EpochMs | undefined;
}
