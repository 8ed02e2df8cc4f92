/** Gives up callbacks that were never attempted in time, and deletes old attempts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { plusMs } from '../../kernel/clock.ts';
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { AttemptOutcome } from '../../store/ports/attempt-outcome.ts';
import type { StoreContext } from '../context.ts';

/** How many callbacks are given up in one transaction. */
const PAGE = 100;
/** A callback that gets a slot ends with a last attempt at the end of its retry period. This long after, it did not get one. */
const LAST_ATTEMPT_MS = 600_000;

export interface PruneCallbacksOptions {
  readonly context: StoreContext;
  readonly log: LoopLog;
  readonly giveUpAfterMs: number;
  readonly attemptRetentionMs: number;
  readonly attempted?: (outcome: AttemptOutcome['kind']) => void;
}

export async function pruneCallbacks(
  { context, log, attempted, ...ages }: PruneCallbacksOptions,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock } = context;
  const now = clock.now();
  const wantedBefore = plusMs(now, -ages.giveUpAfterMs - LAST_ATTEMPT_MS);
  let count = 0;
  try {
    await inPages(signal, async () => {
      const givenUp = await store.transaction((tx) => tx.callbacks.giveUp({ wantedBefore, now, limit: PAGE }));
      for (let n = 0; n < givenUp; n += 1) attempted?.('failed');
      count += givenUp;
      return givenUp === PAGE;
    });
  } finally {
    // One line for all of them: after a long downtime it may be the whole backlog.
    if (count > 0)
      log.warn({ count }, 'callbacks: given up without an attempt in time, because their endpoints were unavailable');
  }
  await inPages(signal, () => store.callbacks.pruneAttempts(plusMs(now, -ages.attemptRetentionMs)));
}

/** Pauses after each page for as long as the page took: this work can wait, new work must not. */
async function inPages(signal: AbortSignal, page: () => Promise<boolean>): Promise<void> {
  while (!signal.aborted) {
    const beganMs = performance.now();
    if (!(await page())) return;
    await sleep(performance.now() - beganMs, undefined, { signal }).catch(() => undefined);
  }
}
