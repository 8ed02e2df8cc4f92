/**
 * Which endpoints of callbacks fail, and since when. One that has failed three times in a row is stored, told of in the log once, and
 * counted; its first acknowledgement ends that. What is stored outlives a restart, so that "failing since" is the truth and the log
 * does not tell of it again. While an endpoint answers, nothing is written.
 */
import { isoDate, plusMs, type EpochMs } from '../kernel/clock.ts';
import type { LoopLog } from '../kernel/task-loop.ts';
import type { FailingEndpoint, Store } from '../store/ports.ts';

export interface EndpointHealthOptions {
  readonly store: Pick<Store, 'endpoints'>;
  readonly log: LoopLog;
}

const FAILURES_TO_TELL = 3;
/** How old what is stored of the last failure may be. */
const SAVE_EVERY_MS = 60_000;
/** What is tried is tried at least once a day, so that nobody sends to it any more. */
const FORGET_AFTER_MS = 2 * 86_400_000;
/** Above so many, those who have failed only once or twice are forgotten. */
const MOST_KEPT = 10_000;

interface Known extends FailingEndpoint {
  readonly savedAt: EpochMs | undefined;
}

export class EndpointHealth {
  readonly #options: EndpointHealthOptions;
  readonly #known = new Map<string, Known>();
  #writing: Promise<void> = Promise.resolve();

  constructor(options: EndpointHealthOptions) {
    this.#options = options;
  }

  /** Takes up what was stored before. */
  async load(): Promise<void> {
    for (const one of await this.#options.store.endpoints.failing())
      this.#known.set(one.endpoint, { ...one, savedAt: one.lastAt });
  }

  /** An attempt has ended. @param error What was wrong; undefined: it was acknowledged. */
  ended(endpoint: string, { at, error }: { readonly at: EpochMs; readonly error: string | undefined }): void {
    const before = this.#known.get(endpoint);
    if (error === undefined) {
      if (before === undefined) return;
      this.#known.delete(endpoint);
      if (before.savedAt === undefined) return;
      this.#options.log.info({ endpoint, failing_since: isoDate(before.since) }, 'callbacks: an endpoint works again');
      this.#write(({ endpoints }) => endpoints.worksAgain(endpoint));
      return;
    }
    const failures = (before?.failures ?? 0) + 1;
    const since = before?.since ?? at;
    const savedAt = before?.savedAt;
    const isDue = savedAt === undefined ? failures >= FAILURES_TO_TELL : at - savedAt >= SAVE_EVERY_MS;
    const failing: FailingEndpoint = { endpoint, since, failures, lastError: error, lastAt: at };
    if (before === undefined && this.#known.size >= MOST_KEPT) this.#forgetUntold();
    this.#known.set(endpoint, { ...failing, savedAt: isDue ? at : savedAt });
    if (!isDue) return;
    if (savedAt === undefined)
      this.#options.log.warn({ endpoint, failures, error }, 'callbacks: an endpoint keeps failing; told again when it works');
    this.#write(({ endpoints }) => endpoints.fails(failing));
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
  async tidy(now: EpochMs): Promise<void> {
    const before = plusMs(now, -FORGET_AFTER_MS);
    for (const [endpoint, { lastAt }] of this.#known) if (lastAt < before) this.#known.delete(endpoint);
    await this.#options.store.endpoints.forget(before);
  }

  /** Settles when all has been stored. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /** One after the other, so that the last word is the last. */
  #write(work: (store: EndpointHealthOptions['store']) => Promise<void>): void {
    const { store, log } = this.#options;
    this.#writing = this.#writing
      .then(() => work(store))
      .catch((err: unknown) => log.warn({ err }, 'callbacks: which endpoint fails could not be stored'));
  }

  #forgetUntold(): void {
    for (const [endpoint, { savedAt }] of this.#known) if (savedAt === undefined) this.#known.delete(endpoint);
  }
}
