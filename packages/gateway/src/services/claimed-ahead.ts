/**
 * Callbacks that are claimed already and wait in memory for a place at their endpoint, so that a fast endpoint never waits for the
 * store. One that has waited for too long is not begun: its attempt could outlive its claim.
 */
import type { StoredCallback } from '../callbacks/callback.ts';
import type { EpochMs } from '../kernel/clock.ts';

interface Waiting {
  readonly callback: StoredCallback;
  /** From then on it is not begun any more. */
  readonly until: EpochMs;
}

export class ClaimedAhead {
  readonly #waiting = new Map<string, Waiting[]>();
  #size = 0;

  /** Of all endpoints. */
  get size(): number {
    return this.#size;
  }

  /** For which any wait. */
  get endpoints(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  count(endpoint: string): number {
    return this.#waiting.get(endpoint)?.length ?? 0;
  }

  add(endpoint: string, callbacks: readonly StoredCallback[], until: EpochMs): void {
    if (callbacks.length === 0) return;
    const queue = this.#waiting.get(endpoint) ?? [];
    // Taken from the end, which costs the same however many there are.
    this.#waiting.set(endpoint, [...callbacks.map((callback) => ({ callback, until })).reverse(), ...queue]);
    this.#size += callbacks.length;
  }

  /** The one that has waited longest, unless that is too long. */
  next(endpoint: string, now: EpochMs): StoredCallback | undefined {
    const queue = this.#waiting.get(endpoint);
    const first = queue?.at(-1);
    if (queue === undefined || first === undefined || first.until <= now) return undefined;
    queue.pop();
    this.#size -= 1;
    if (queue.length === 0) this.#waiting.delete(endpoint);
    return first.callback;
  }

  /** Takes out all that have waited for too long. */
  takeLate(now: EpochMs): StoredCallback[] {
    const late: StoredCallback[] = [];
    for (const [endpoint, queue] of this.#waiting)
      if (queue.some(({ until }) => until <= now)) {
        const inTime = queue.filter(({ until }) => until > now);
        late.push(...queue.filter(({ until }) => until <= now).map(({ callback }) => callback));
        this.#size -= queue.length - inTime.length;
        if (inTime.length > 0) this.#waiting.set(endpoint, inTime);
        else this.#waiting.delete(endpoint);
      }
    return late;
  }

  /** Takes out all of an endpoint. */
  takeAll(endpoint: string): StoredCallback[] {
    const queue = this.#waiting.get(endpoint) ?? [];
    this.#waiting.delete(endpoint);
    this.#size -= queue.length;
    return queue.map(({ callback }) => callback);
  }
}
