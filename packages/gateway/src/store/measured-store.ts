/**
 * A store that measures its transactions: how long they wait before they begin (for a lock, another process, or a free connection), and
 * how long they last from then to the end of their commit.
 */
import { currentStep, enterStep, type Step } from '../kernel/thread/steps.ts';
import type { Store } from './ports/store.ts';

export interface TransactionMeter {
  waited?(durationMs: number): void;
  /** @param step The step that began the transaction. */
  ended?(step: Step | undefined, durationMs: number): void;
}

/** @param nowMs Milliseconds of a monotonic clock. */
export function measuredStore<S extends Store>(store: S, nowMs: () => number, meter: TransactionMeter): S {
  return {
    ...store,
    transaction: async (work) => {
      const step = currentStep();
      const askedAtMs = nowMs();
      let begunAtMs: number | undefined;
      try {
        return await store.transaction((tx) => {
          begunAtMs = nowMs();
          meter.waited?.(begunAtMs - askedAtMs);
          enterStep(step);
          return work(tx);
        });
      } finally {
        if (begunAtMs !== undefined) meter.ended?.(step, nowMs() - begunAtMs);
        enterStep(step);
      }
    },
  };
}
