/** A store that measures how long its transactions wait before they begin: for a lock, another process, or a free connection. */
import type { Store } from './ports/store.ts';

/** @param nowMs Milliseconds of a monotonic clock. */
export function measuredStore(store: Store, nowMs: () => number, waited: (durationMs: number) => void): Store {
  return {
    ...store,
    transaction: (work) => {
      const askedAtMs = nowMs();
      return store.transaction((tx) => {
        waited(nowMs() - askedAtMs);
        return work(tx);
      });
    },
  };
}
