/**
 * Collects items that are added at about the same time and handles them in batches, one batch at a time.
 *
 * A batch opens with its first item and stays open while each turn of the event loop adds more, up to a limit. A lone item therefore
 * hardly waits, and many items share the cost of one batch. Items added while a batch runs wait for the next one. With `waitMs`, a
 * batch stays open for that time instead, unless it is full or `flush` is called. With `spacingMs`, batches begin that far apart while
 * several callers add items; a single one, who waits for each result, is not delayed.
 *
 * The callers of a large batch continue in several turns, in the order of their items, and the next batch begins after them.
 */
import { nextTurn } from './thread/turns.ts';

export type Work<Item, Result> = (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>;

/** Items in the largest batch. The rest waits for the next batch, so the first results do not wait for the last items. */
export const MAX_BATCH = 256;
/** How many more turns of the event loop a batch stays open while each turn adds items. */
export const MAX_ROUNDS = 4;

export interface BatcherOptions {
  /** How long a batch stays open, in milliseconds. Default: as long as turns of the event loop add items. */
  readonly waitMs?: number;
  /** The time from the start of one batch to that of the next while there are several callers, in milliseconds. Default 0. */
  readonly spacingMs?: number;
}

/** The callers of a turn continue together, and each may take a good part of a millisecond. */
const RESULTS_PER_TURN = 16;
/** So many items share the cost of a batch well enough: they do not wait for the time between two batches. */
const ENOUGH_ITEMS = 16;
/** A batch with several items shows that there are several callers, for so long. */
const SEVERAL_CALLERS_MS = 500;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

export class Batcher<Item, Result> {
  readonly #work: Work<Item, Result>;
  readonly #waitMs: number | undefined;
  readonly #spacingMs: number;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #countsRounds = false;
  #isRunning = false;
  /** Whether to start the next batch as soon as the running one ends. */
  #isFlushed = false;
  #startedAtMs = Number.NEGATIVE_INFINITY;
  /** When a batch with several items last started. */
  #severalAtMs = Number.NEGATIVE_INFINITY;

  /** @param work Handles a batch and returns a result for each item, in order. If it throws, every item of the batch fails. */
  constructor(work: Work<Item, Result>, { waitMs, spacingMs = 0 }: BatcherOptions = {}) {
    this.#work = work;
    this.#waitMs = waitMs;
    this.#spacingMs = spacingMs;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isRunning || this.#waitMs !== undefined) this.#schedule();
    });
  }

  /** Starts a batch of the waiting items: synchronously, or as soon as the running batch ends. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isRunning) this.#isFlushed = true;
    else if (this.#waiting.length > 0) void this.#run();
  }

  #schedule(): void {
    if (this.#waitMs !== undefined) {
      if (this.#waiting.length >= MAX_BATCH) this.flush();
      else this.#timer ??= setTimeout(() => this.flush(), this.#waitMs);
    } else if (!this.#countsRounds && (this.#timer === undefined || this.#waiting.length >= ENOUGH_ITEMS)) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#countsRounds = true;
      setImmediate(this.#roundEnded, 0, MAX_ROUNDS);
    }
  }

  readonly #roundEnded = (before: number, roundsLeft: number): void => {
    const now = this.#waiting.length;
    if (now > before && now < MAX_BATCH && roundsLeft > 0) {
      setImmediate(this.#roundEnded, now, roundsLeft - 1);
      return;
    }
    this.#countsRounds = false;
    const leftMs = this.#spacingLeftMs();
    if (leftMs > 0) this.#timer = setTimeout(() => this.flush(), leftMs);
    else this.flush();
  };

  #spacingLeftMs(): number {
    if (this.#spacingMs === 0 || this.#waiting.length >= ENOUGH_ITEMS) return 0;
    const nowMs = performance.now();
    return nowMs - this.#severalAtMs < SEVERAL_CALLERS_MS ? this.#startedAtMs + this.#spacingMs - nowMs : 0;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    do {
      this.#isFlushed = false;
      await this.#runBatch(this.#waiting.splice(0, MAX_BATCH));
    } while (this.#waiting.length >= MAX_BATCH || (this.#isFlushed && this.#waiting.length > 0));
    this.#isRunning = false;
    if (this.#waiting.length > 0) this.#schedule();
  }

  async #runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    if (this.#spacingMs > 0) {
      this.#startedAtMs = performance.now();
      if (batch.length > 1) this.#severalAtMs = this.#startedAtMs;
    }
    const results = await this.#resultsOf(batch.map(({ item }) => item));
    for (const [index, { resolve, reject }] of batch.entries()) {
      if (index > 0 && index % RESULTS_PER_TURN === 0) await nextTurn(true);
      const result = results[index];
      if (result?.status === 'fulfilled') resolve(result.value);
      else reject(result?.reason ?? new Error('the batch returned no result for this item'));
    }
  }

  async #resultsOf(items: readonly Item[]): Promise<readonly PromiseSettledResult<Result>[]> {
    try {
      return await this.#work(items);
    } catch (error) {
      return items.map(() => ({ status: 'rejected', reason: error }));
    }
  }
}
