/** Ends callbacks whose time is over though their turn never came, and forgets attempts that are old. */
import { setTimeout as sleep } from 'node:timers/promises';
import { plusMs } from '../../kernel/clock.ts';
import type { LoopLog } from '../../kernel/task-loop.ts';
import type { AttemptOutcome } from '../../store/ports/attempt-outcome.ts';
import type { StoreContext } from '../context.ts';

/** How many are ended in one transaction. */
const PAGE = 100;
/** What has its turn makes a last attempt at the end of its time, and ends by it. */
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
      const ended = await store.transaction((tx) => tx.callbacks.giveUp({ wantedBefore, now, limit: PAGE }));
      for (let n = 0; n < ended; n += 1) attempted?.('failed');
      count += ended;
      return ended === PAGE;
    });
  } finally {
    // One line, however many they are: after a long time off it may be the whole backlog.
    if (count > 0) log.warn({ count }, 'callbacks: given up, since their endpoints answered nobody until it was too late');
  }
  await inPages(signal, () => store.callbacks.pruneAttempts(plusMs(now, -ages.attemptRetentionMs)));
}

/** Leaves the store to others for as long as each page took: what is late may be late a little longer, what is new may not wait. */
async function inPages(signal: AbortSignal, page: () => Promise<boolean>): Promise<void> {
  while (!signal.aborted) {
    const beganMs = performance.now();
    if (!(await page())) return;
    await sleep(performance.now() - beganMs, undefined, { signal }).catch(() => undefined);
  }
}
