/**
 * Does together what is asked for at the same time: one lot after the other, and whatever comes while one is under way waits for
 * the next. A lot begins with the first that comes, and takes in more until the event loop has gone round without another, some
 * times at most: so anyone who is alone waits for next to nothing, and many share what a lot costs.
 */
export type Work<Item, Result> = (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>;

/** More wait for the next lot, so that the first do not wait for all. */
const MAX_BATCH = 256;
/** While every round of the event loop brings more, so many are waited for. */
const MAX_ROUNDS = 4;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

export class Batcher<Item, Result> {
  readonly #work: Work<Item, Result>;
  #waiting: Waiting<Item, Result>[] = [];
  #underWay = false;

  /** @param work Answers how each item ended, in their order; when it throws, all have failed. */
  constructor(work: Work<Item, Result>) {
    this.#work = work;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#begin();
    });
  }

  #begin(): void {
    if (this.#underWay) return;
    this.#underWay = true;
    setImmediate(this.#roundEnded, 0, MAX_ROUNDS);
  }

  readonly #roundEnded = (before: number, roundsLeft: number): void => {
    const now = this.#waiting.length;
    if (now > before && now < MAX_BATCH && roundsLeft > 0) setImmediate(this.#roundEnded, now, roundsLeft - 1);
    else void this.#run();
  };

  async #run(): Promise<void> {
    const lot = this.#waiting.splice(0, MAX_BATCH);
    try {
      const results = await this.#work(lot.map(({ item }) => item));
      for (const [index, { resolve, reject }] of lot.entries()) {
        const result = results[index];
        if (result?.status === 'fulfilled') resolve(result.value);
        else reject(result?.reason ?? new Error('it was not said how this ended'));
      }
    } catch (error) {
      for (const { reject } of lot) reject(error);
    }
    this.#underWay = false;
    if (this.#waiting.length > 0) this.#begin();
  }
}
