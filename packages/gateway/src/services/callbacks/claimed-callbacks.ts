/**
 * Callbacks that are claimed already and wait in memory for a slot of their queue, so that a fast endpoint never waits for the
 * store. One that has waited for too long is not begun: its attempt could outlive its claim.
 */
import type { StoredCallback } from '../../callbacks/callback.ts';
import type { QueueKey } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';

interface Waiting {
  readonly callback: StoredCallback;
  /** From then on it is not begun any more. */
  readonly until: EpochMs;
}

export class ClaimedCallbacks {
  readonly #waiting = new Map<QueueKey, Waiting[]>();
  #size = 0;

  /** Of all queues. */
  get size(): number {
    return this.#size;
  }

  /** For which any wait. */
  get queues(): readonly QueueKey[] {
    return [...this.#waiting.keys()];
  }

  count(key: QueueKey): number {
    return this.#waiting.get(key)?.length ?? 0;
  }

  add(key: QueueKey, callbacks: readonly StoredCallback[], until: EpochMs): void {
    if (callbacks.length === 0) return;
    const queue = this.#waiting.get(key) ?? [];
    // Taken from the end, which costs the same however many there are.
    this.#waiting.set(key, [...callbacks.map((callback) => ({ callback, until })).reverse(), ...queue]);
    this.#size += callbacks.length;
  }

  /** The one that has waited longest, unless that is too long. */
  next(key: QueueKey, now: EpochMs): StoredCallback | undefined {
    const queue = this.#waiting.get(key);
    const first = queue?.at(-1);
    if (queue === undefined || first === undefined || first.until <= now) return undefined;
    queue.pop();
    this.#size -= 1;
    if (queue.length === 0) this.#waiting.delete(key);
    return first.callback;
  }

  /** Takes out all that have waited for too long. */
  takeLate(now: EpochMs): StoredCallback[] {
    const late: StoredCallback[] = [];
    for (const [key, queue] of this.#waiting)
      if (queue.some(({ until }) => until <= now)) {
        const inTime = queue.filter(({ until }) => until > now);
        late.push(...queue.filter(({ until }) => until <= now).map(({ callback }) => callback));
        this.#size -= queue.length - inTime.length;
        if (inTime.length > 0) this.#waiting.set(key, inTime);
        else this.#waiting.delete(key);
      }
    return late;
  }

  /** Takes out all of a queue. */
  takeAll(key: QueueKey): StoredCallback[] {
    const queue = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    this.#size -= queue.length;
    return queue.map(({ callback }) => callback);
  }
}
