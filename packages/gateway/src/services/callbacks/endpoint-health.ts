/**
 * Which endpoints of callbacks fail for a POS, and since when. One that has failed three times in a row is stored, reported in the log once, and
 * counted; its first acknowledgement ends that. What is stored outlives a restart, so that "failing since" is the truth and the log
 * does not tell of it again. While an endpoint answers, nothing is written.
 */
import type { FailingEndpoint } from '../../callbacks/endpoint.ts';
import { queueKey, type QueueId, type QueueKey } from '../../callbacks/queue-key.ts';
import { isoDate, plusMs, type EpochMs } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import { FailureBursts, failureText } from '../../kernel/failure-bursts.ts';
import { SerialQueue } from '../../kernel/serial.ts';
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { Store } from '../../store/ports/store.ts';
import { isStoreDown } from '../../store/store-down.ts';

export interface EndpointHealthOptions {
  readonly store: Pick<Store, 'endpoints'>;
  readonly log: LoopLog;
}

const FAILURES_TO_REPORT = 3;
/** How old what is stored of the last failure may be. */
const SAVE_EVERY_MS = 60_000;
/** What is tried is tried at least once a day, so that nobody sends to it any more. */
const RETENTION_MS = 2 * DAY_MS;
/** Above so many, those who have failed only once or twice are forgotten. */
const MAX_ENTRIES = 10_000;

interface Known extends FailingEndpoint {
  readonly savedAt: EpochMs | undefined;
}

export class EndpointHealth {
  readonly #options: EndpointHealthOptions;
  readonly #known = new Map<QueueKey, Known>();
  /** As they are stored. */
  readonly #pauses = new Map<QueueKey, EpochMs>();
  readonly #storeFailures: FailureBursts;
  readonly #writes = new SerialQueue();

  constructor(options: EndpointHealthOptions) {
    this.#options = options;
    this.#storeFailures = new FailureBursts((fields, message) => options.log.warn(fields, message));
  }

  /** Takes up what was stored before. */
  async load(): Promise<void> {
    // Nobody is paused by a gateway that has just started.
    await this.#options.store.endpoints.resumeAll();
    for (const one of await this.#options.store.endpoints.failing())
      this.#known.set(queueKey(one), { ...one, savedAt: one.lastAt });
  }

  /** An attempt has ended. @param error What was wrong; undefined: it was acknowledged. */
  ended(queue: QueueId, { at, error }: { readonly at: EpochMs; readonly error: string | undefined }): void {
    const key = queueKey(queue);
    const { posId, endpoint } = queue;
    const before = this.#known.get(key);
    if (error === undefined) {
      if (before === undefined) return;
      this.#known.delete(key);
      if (before.savedAt === undefined) return;
      this.#options.log.info(
        { pos: posId, endpoint, failing_since: isoDate(before.since) },
        'callbacks: an endpoint works again',
      );
      this.#write(({ endpoints }) => endpoints.recordSuccess(queue));
      return;
    }
    const failures = (before?.failures ?? 0) + 1;
    const since = before?.since ?? at;
    const savedAt = before?.savedAt;
    const isDue = savedAt === undefined ? failures >= FAILURES_TO_REPORT : at - savedAt >= SAVE_EVERY_MS;
    const failing: FailingEndpoint = { posId, endpoint, since, failures, lastError: error, lastAt: at };
    if (before === undefined && this.#known.size >= MAX_ENTRIES) this.#pruneUnreported();
    this.#known.set(key, { ...failing, savedAt: isDue ? at : savedAt });
    if (!isDue) return;
    if (savedAt === undefined)
      this.#options.log.warn(
        { pos: posId, endpoint, failures, error },
        'callbacks: an endpoint keeps failing; told again when it works',
      );
    this.#write(({ endpoints }) => endpoints.recordFailure(failing));
  }

  /** Stores until when a queue is left alone; undefined: it no longer is. Only those who look from outside read it. */
  paused(queue: QueueId, until: EpochMs | undefined): void {
    const key = queueKey(queue);
    if (this.#pauses.get(key) === until) return;
    if (until === undefined) this.#pauses.delete(key);
    else this.#pauses.set(key, until);
    this.#write(({ endpoints }) =>
      until === undefined ? endpoints.resume(queue) : endpoints.pause({ ...queue, pausedUntil: until }),
    );
  }

  /** How many endpoints fail, and since when the first of them. */
  failing(): { readonly endpoints: number; readonly since: EpochMs | undefined } {
    let endpoints = 0;
    let since: EpochMs | undefined;
    for (const one of this.#known.values()) {
      if (one.savedAt === undefined) continue;
      endpoints += 1;
      if (since === undefined || one.since < since) since = one.since;
    }
    return { endpoints, since };
  }

  /** Forgets endpoints that nobody sends to any more. */
  async prune(now: EpochMs): Promise<void> {
    const before = plusMs(now, -RETENTION_MS);
    for (const [key, until] of this.#pauses) if (until < before) this.#pauses.delete(key);
    for (const [key, { lastAt }] of this.#known) if (lastAt < before) this.#known.delete(key);
    await this.#options.store.endpoints.prune(before);
  }

  /** Settles when all has been stored. */
  async settled(): Promise<void> {
    await this.#writes.idle();
    this.#storeFailures.stop();
  }

  /** One after the other, so that the last word is the last. */
  #write(work: (store: EndpointHealthOptions['store']) => Promise<void>): void {
    const { store, log } = this.#options;
    void this.#writes.run(async () => {
      try {
        await work(store);
      } catch (err) {
        const message = 'callbacks: which endpoint fails could not be stored';
        if (isStoreDown(err)) this.#storeFailures.add(message, { reason: failureText(err) });
        else log.warn({ err }, message);
      }
    });
  }

  #pruneUnreported(): void {
    for (const [key, { savedAt }] of this.#known) if (savedAt === undefined) this.#known.delete(key);
  }
}
