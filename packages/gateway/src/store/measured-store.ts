/** A store that tells how long its transactions had to wait for their turn: a lock, another process, a free connection. */
import type { Store } from './ports/store.ts';

/** @param nowMs Milliseconds of a clock that never goes back. */
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
