/** Runs one task at a time, in the order of the calls. A failure rejects its own call only; the next task still runs. */
export class SerialQueue {
  #last: Promise<void> = Promise.resolve();

  /** Runs a task once all earlier ones have ended, and settles with its result. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work);
    this.#last = result.then(ignore, ignore);
    return result;
  }

  /** Resolves when all tasks queued so far have ended. Never rejects. */
  idle(): Promise<void> {
    return this.#last;
  }
}

/** One {@link SerialQueue} per key. A queue is dropped once it is empty. */
export class KeyedSerialQueues<Key> {
  readonly #queues = new Map<Key, { readonly queue: SerialQueue; pending: number }>();

  /** How many keys have unfinished tasks. */
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
