/** Runs work one after the other, in the order of the calls. A failure is its caller's alone: what comes next runs all the same. */
export class SerialQueue {
  #last: Promise<void> = Promise.resolve();

  /** Runs work when all that was given before has ended, and settles as it does. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.then(ignore, ignore);
    return result;
  }

  /** Settles when all work given so far has ended. Never rejects. */
  idle(): Promise<void> {
    return this.#last;
  }
}

/** A {@link SerialQueue} for each key, which is dropped once its work has ended. */
export class KeyedSerialQueues<Key> {
  readonly #queues = new Map<Key, { readonly queue: SerialQueue; pending: number }>();

  /** How many keys have work that has not ended. */
  get size(): number {
    return this.#queues.size;
  }

  async run<Result>(key: Key, work: () => Promise<Result>): Promise<Result> {
    const entry = this.#queues.get(key) ?? { queue: new SerialQueue(), pending: 0 };
    this.#queues.set(key, entry);
    entry.pending += 1;
    try {
      return await entry.queue.run(work);
    } finally {
      entry.pending -= 1;
      if (entry.pending === 0) this.#queues.delete(key);
    }
  }
}

function ignore(): void {}
