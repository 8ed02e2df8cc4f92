import type { FailingEndpoint } from '../../callbacks/endpoint.ts';
import type { QueueId } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';

/** The endpoints that fail, and the queues that are paused. */
export interface EndpointStore {
  /** Returns the failing endpoints, the one that has failed for longest first. */
  failing(): Promise<FailingEndpoint[]>;
  /** Records a failing endpoint, or its latest failure. The time of the first failure is kept. */
  recordFailure(failing: FailingEndpoint): Promise<void>;
  recordSuccess(queue: QueueId): Promise<void>;
  /** Returns the paused queues. */
  pauses(): Promise<PausedQueue[]>;
  pause(paused: PausedQueue): Promise<void>;
  resume(queue: QueueId): Promise<void>;
  /** Ends all pauses, as at the start of the gateway. */
  resumeAll(): Promise<void>;
  /** Deletes endpoints whose last failure was before a time, and pauses that ended before it. */
  prune(before: EpochMs): Promise<void>;
}

export interface PausedQueue extends QueueId {
  readonly pausedUntil: EpochMs;
  /** Consecutive failures, which the next pause depends on. */
  readonly failures: number;
}
