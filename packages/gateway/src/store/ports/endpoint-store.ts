import type { FailingEndpoint } from '../../callbacks/endpoint.ts';
import type { QueueId } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';

/** The endpoints that do not take the callbacks of a POS. */
export interface EndpointStore {
  /** Those that have failed last, the longest first. */
  failing(): Promise<FailingEndpoint[]>;
  /** Stores that an endpoint fails, or how it failed last; when it began is kept from the first time. */
  recordFailure(failing: FailingEndpoint): Promise<void>;
  recordSuccess(queue: QueueId): Promise<void>;
  /** Queues that are left alone, and until when. */
  pauses(): Promise<PausedQueue[]>;
  pause(paused: PausedQueue): Promise<void>;
  resume(queue: QueueId): Promise<void>;
  /** As a gateway does that has just started. */
  resumeAll(): Promise<void>;
  /** Forgets those whose last failure, or whose pause, ended before a time. */
  forget(before: EpochMs): Promise<void>;
}

export interface PausedQueue extends QueueId {
  readonly pausedUntil: EpochMs;
}
