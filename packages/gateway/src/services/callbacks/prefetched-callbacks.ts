/**
 * Claimed callbacks that wait in memory for a slot of their queue, so that a fast endpoint never waits for the store. A callback that
 * has waited too long is released instead of sent, because its attempt could outlast its lease.
 */
import type { StoredCallback } from '../../callbacks/callback.ts';
import type { QueueKey } from '../../callbacks/queue-key.ts';
import type { EpochMs } from '../../kernel/clock.ts';

interface Prefetched {
  readonly callback: StoredCallback;
  /** The attempt must begin before this time. */
  readonly beginBefore: EpochMs;
}

export class PrefetchedCallbacks {
  /** By queue, in reverse order: taking the next one from the end costs the same however many there are. */
  readonly #byQueue = new Map<QueueKey, Prefetched[]>();
  #size = 0;

  /** The callbacks of all queues together. */
  get size(): number {
    return this.#size;
  }

  /** The queues that have any. */
  get queues(): readonly QueueKey[] {
    return [...this.#byQueue.keys()];
  }

  count(key: QueueKey): number {
    return this.#byQueue.get(key)?.length ?? 0;
  }

  add(key: QueueKey, callbacks: readonly StoredCallback[], beginBefore: EpochMs): void {
    if (callbacks.length === 0) return;
    const queue = this.#byQueue.get(key) ?? [];
    this.#byQueue.set(key, [...callbacks.map((callback) => ({ callback, beginBefore })).reverse(), ...queue]);
    this.#size += callbacks.length;
  }

  /** Takes the callback that has waited longest, unless it has waited too long. */
  takeNext(key: QueueKey, now: EpochMs): StoredCallback | undefined {
    const queue = this.#byQueue.get(key);
    const first = queue?.at(-1);
    if (queue === undefined || first === undefined || first.beginBefore <= now) return undefined;
    queue.pop();
    this.#size -= 1;
    if (queue.length === 0) this.#byQueue.delete(key);
    return first.callback;
  }

  /** Takes every callback that has waited too long. */
  takeLate(now: EpochMs): StoredCallback[] {
    const late: StoredCallback[] = [];
    for (const [key, queue] of this.#byQueue)
      if (queue.some(({ beginBefore }) => beginBefore <= now)) {
        const inTime = queue.filter(({ beginBefore }) => beginBefore > now);
        late.push(...queue.filter(({ beginBefore }) => beginBefore <= now).map(({ callback }) => callback));
        this.#size -= queue.length - inTime.length;
        if (inTime.length > 0) this.#byQueue.set(key, inTime);
        else this.#byQueue.delete(key);
      }
    return late;
  }

  /** Takes every callback of a queue. */
  takeAll(key: QueueKey): StoredCallback[] {
    const queue = this.#byQueue.get(key) ?? [];
    this.#byQueue.delete(key);
    this.#size -= queue.length;
    return queue.map(({ callback }) => callback);
  }
}
