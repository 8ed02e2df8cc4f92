/**
 * Handles items together that are added at the same time: one batch after the other. An item that is added while a batch runs waits
 * for the next batch. A batch begins with the first item and takes in more for as long as every round of the event loop brings some,
 * up to a maximum. So a lone item hardly waits, and many items share the cost of a batch. With `waitMs` a batch waits for that long
 * instead, unless it is full or `flush` is called.
 */
export type Work<Item, Result> = (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>;

/** The largest batch. More items wait for the next one, so that the first do not wait for all. */
export const MAX_BATCH = 256;
/** How many more rounds of the event loop a batch waits while every round brings more items. */
export const MAX_ROUNDS = 4;

export interface BatcherOptions {
  /** How long a batch waits for more items. Default: by rounds of the event loop. */
  readonly waitMs?: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

export class Batcher<Item, Result> {
  readonly #work: Work<Item, Result>;
  readonly #waitMs: number | undefined;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #countsRounds = false;
  #isRunning = false;
  /** Whether what waits is to be handled as soon as the running batch has ended. */
  #isFlushed = false;

  /** @param work Returns how each item ended, in their order; when it throws, all have failed. */
  constructor(work: Work<Item, Result>, { waitMs }: BatcherOptions = {}) {
    this.#work = work;
    this.#waitMs = waitMs;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isRunning || this.#waitMs !== undefined) this.#schedule();
    });
  }

  /** Begins with what waits: in this very turn, or when the running batch has ended. */
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
    } else if (!this.#countsRounds) {
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
    this.flush();
  };

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
    try {
      const results = await this.#work(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const result = results[index];
        if (result?.status === 'fulfilled') resolve(result.value);
        else reject(result?.reason ?? new Error('the batch returned no result for this item'));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
