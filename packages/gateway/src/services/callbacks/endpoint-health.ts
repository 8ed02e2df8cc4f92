/**
 * Records which endpoints fail for a POS, and since when. An endpoint counts as failing after three failures in a row: it is stored,
 * counted and logged once. Its first acknowledgement ends that. The record survives a restart, so that "failing since" stays right and
 * nothing is logged twice. While an endpoint works, nothing is written.
 *
 * If several processes deliver, each reads every second what the others have stored: a queue that one of them has paused is paused for all.
 */
import type { FailingEndpoint } from '../../callbacks/endpoint.ts';
import { queueKey, type QueueId, type QueueKey } from '../../callbacks/queue-key.ts';
import { isoDate, plusMs, type EpochMs } from '../../kernel/clock.ts';
import { DAY_MS, SECOND_MS } from '../../kernel/durations.ts';
import { FailureBursts, failureText } from '../../kernel/failure-bursts.ts';
import { SerialQueue } from '../../kernel/serial.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { PausedQueue } from '../../store/ports/endpoint-store.ts';
import type { Store } from '../../store/ports/store.ts';
import { isStoreDown } from '../../store/store-down.ts';
import { recordEndpoint } from './record-endpoint.ts';

export interface EndpointHealthOptions {
  readonly store: Pick<Store, 'endpoints' | 'transaction'>;
  readonly log: LoopLog;
  /** Whether other processes deliver too. Default: false. */
  readonly isShared?: boolean;
  /** How often the records of other processes are read. Default: a second. */
  readonly intervalMs?: number;
}

/** Called when another process has paused a queue; undefined: when it has ended the pause. */
export type AdoptPause = (key: QueueKey, pause: { readonly until: EpochMs; readonly failures: number } | undefined) => void;

const FAILURES_TO_REPORT = 3;
/** How far the stored record of a failing endpoint may lag behind. */
const SAVE_INTERVAL_MS = 60_000;
/** Longer than any backoff: an endpoint without an attempt for so long has no callbacks left. */
const RETENTION_MS = 2 * DAY_MS;
/** Above this number, endpoints that do not count as failing yet are dropped. */
const MAX_ENTRIES = 10_000;

interface FailureRecord extends FailingEndpoint {
  /** Undefined while the endpoint does not count as failing. */
  readonly savedAt: EpochMs | undefined;
}

export class EndpointHealth {
  readonly #options: EndpointHealthOptions;
  readonly #records = new Map<QueueKey, FailureRecord>();
  /** The end of each stored pause. */
  readonly #pauses = new Map<QueueKey, EpochMs>();
  readonly #storeFailures: FailureBursts;
  readonly #writes = new SerialQueue();
  readonly #sharing: TaskLoop | undefined;
  #adoptPause: AdoptPause | undefined;

  constructor(options: EndpointHealthOptions) {
    this.#options = options;
    const { log, isShared = false, intervalMs = SECOND_MS } = options;
    this.#storeFailures = new FailureBursts((fields, message) => log.warn(fields, message));
    const task = (): Promise<undefined> => this.#readOthers();
    if (isShared)
      this.#sharing = new TaskLoop({ name: 'endpoints of others', idleMs: intervalMs, retryMs: intervalMs, log, task });
  }

  /** Begins to read the pauses of other processes. */
  start(adoptPause: AdoptPause): void {
    this.#adoptPause = adoptPause;
    this.#sharing?.start();
  }

  async stop(): Promise<void> {
    await this.#sharing?.stop();
    await this.settled();
  }

  /** Loads the failing endpoints. A process that delivers alone removes pauses: those of the previous one ended with it. */
  async load(): Promise<void> {
    if (this.#sharing === undefined) await this.#options.store.endpoints.resumeAll();
    for (const failing of await this.#options.store.endpoints.failing())
      this.#records.set(queueKey(failing), { ...failing, savedAt: failing.lastAt });
  }

  /** Records an attempt. @param error Why it failed; undefined if the endpoint acknowledged it. */
  attempted(queue: QueueId, { at, error }: { readonly at: EpochMs; readonly error: string | undefined }): void {
    if (error === undefined) this.#succeeded(queue, at);
    else this.#failed(queue, at, error);
  }

  #succeeded(queue: QueueId, at: EpochMs): void {
    const key = queueKey(queue);
    const before = this.#records.get(key);
    this.#records.delete(key);
    if (before?.savedAt === undefined) return;
    const fields = { pos: queue.posId, endpoint: queue.endpoint, failing_since: isoDate(before.since) };
    this.#options.log.info(fields, 'callbacks: endpoint works again');
    this.#write((store) => recordEndpoint(store, { queue, failing: undefined, since: before.since, at }));
  }

  #failed(queue: QueueId, at: EpochMs, error: string): void {
    const key = queueKey(queue);
    const { posId, endpoint } = queue;
    const before = this.#records.get(key);
    const failures = (before?.failures ?? 0) + 1;
    const since = before?.since ?? at;
    const savedAt = before?.savedAt;
    const isDue = savedAt === undefined ? failures >= FAILURES_TO_REPORT : at - savedAt >= SAVE_INTERVAL_MS;
    const failing: FailingEndpoint = { posId, endpoint, since, failures, lastError: error, lastAt: at };
    if (before === undefined && this.#records.size >= MAX_ENTRIES) this.#dropUnsaved();
    this.#records.set(key, { ...failing, savedAt: isDue ? at : savedAt });
    if (!isDue) return;
    if (savedAt === undefined)
      this.#options.log.warn(
        { pos: posId, endpoint, failures, error },
        'callbacks: endpoint keeps failing; logged again when it works',
      );
    if (savedAt !== undefined) return this.#write(({ endpoints }) => endpoints.recordFailure(failing));
    this.#write((store) => recordEndpoint(store, { queue, failing, since, at }));
  }

  /**
   * Stores the pause of a queue, for other processes, commands and the panel.
   *
   * @param until Undefined ends the pause.
   */
  paused(queue: QueueId, until: EpochMs | undefined, failures = 0): void {
    const key = queueKey(queue);
    if (this.#pauses.get(key) === until) return;
    if (until === undefined) this.#pauses.delete(key);
    else this.#pauses.set(key, until);
    this.#write(({ endpoints }) =>
      until === undefined ? endpoints.resume(queue) : endpoints.pause({ ...queue, pausedUntil: until, failures }),
    );
  }

  /** How many endpoints are failing, and since when the first of them has been. */
  failing(): { readonly endpoints: number; readonly since: EpochMs | undefined } {
    let endpoints = 0;
    let since: EpochMs | undefined;
    for (const record of this.#records.values()) {
      if (record.savedAt === undefined) continue;
      endpoints += 1;
      if (since === undefined || record.since < since) since = record.since;
    }
    return { endpoints, since };
  }

  /** Deletes the records of endpoints that nothing is sent to any more. */
  async prune(now: EpochMs): Promise<void> {
    const before = plusMs(now, -RETENTION_MS);
    for (const [key, until] of this.#pauses) if (until < before) this.#pauses.delete(key);
    for (const [key, { lastAt }] of this.#records) if (lastAt < before) this.#records.delete(key);
    await this.#options.store.endpoints.prune(before);
  }

  /** Resolves when every write so far has ended. */
  async settled(): Promise<void> {
    await this.#writes.idle();
    this.#storeFailures.stop();
  }

  /** Adopts what other processes have stored, unless this process has changed the same meanwhile. */
  async #readOthers(): Promise<undefined> {
    // After the writes of this process, so that it reads its own changes.
    await this.#writes.run(async () => {
      const { endpoints } = this.#options.store;
      const [pausesBefore, recordsBefore] = [new Map(this.#pauses), new Map(this.#records)];
      const pauses = new Map((await endpoints.pauses()).map((pause) => [queueKey(pause), pause]));
      const failing = new Map((await endpoints.failing()).map((one) => [queueKey(one), one]));
      for (const key of new Set([...pauses.keys(), ...pausesBefore.keys()]))
        if (this.#pauses.get(key) === pausesBefore.get(key)) this.#adopt(key, pauses.get(key));
      for (const [key, record] of recordsBefore)
        if (record.savedAt !== undefined && !failing.has(key) && this.#records.get(key) === record) this.#records.delete(key);
      for (const [key, one] of failing)
        if (this.#records.get(key) === recordsBefore.get(key) && recordsBefore.get(key)?.savedAt === undefined)
          this.#records.set(key, { ...one, savedAt: one.lastAt });
    });
  }

  #adopt(key: QueueKey, stored: PausedQueue | undefined): void {
    if (this.#pauses.get(key) === stored?.pausedUntil) return;
    if (stored === undefined) this.#pauses.delete(key);
    else this.#pauses.set(key, stored.pausedUntil);
    this.#adoptPause?.(key, stored && { until: stored.pausedUntil, failures: stored.failures });
  }

  /** Writes one after the other, so that the last change is the one stored. */
  #write(work: (store: EndpointHealthOptions['store']) => Promise<void>): void {
    const { store, log } = this.#options;
    void this.#writes.run(async () => {
      try {
        await work(store);
      } catch (err) {
        const message = 'callbacks: endpoint health not stored';
        if (isStoreDown(err)) this.#storeFailures.add(message, { reason: failureText(err) });
        else log.warn({ err }, message);
      }
    });
  }

  #dropUnsaved(): void {
    for (const [key, { savedAt }] of this.#records) if (savedAt === undefined) this.#records.delete(key);
  }
}
