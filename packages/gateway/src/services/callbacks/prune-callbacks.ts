/** Gives up callbacks that were never attempted in time, and deletes old attempts and events. */
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { inPages } from '../../kernel/thread/in-pages.ts';
import { MINUTE_MS } from '../../kernel/durations.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import type { AttemptOutcome } from '../../store/ports/attempt-outcome.ts';
import type { StoreContext } from '../context.ts';
import type { EndpointHealth } from './endpoint-health.ts';

const INTERVAL_MS = 10 * MINUTE_MS;
/** How many callbacks are given up, and how many events are deleted, in one transaction. */
const PAGE = 100;
/** How many attempts are deleted in one transaction. */
const ATTEMPTS_PAGE = 500;
/** A callback that gets a slot ends with a last attempt at the end of its retry period. This long after, it did not get one. */
const LAST_ATTEMPT_MS = 600_000;

export interface PruneCallbacksOptions {
  readonly context: StoreContext;
  readonly log: LoopLog;
  readonly giveUpAfterMs: number;
  readonly attemptRetentionMs: number;
  readonly eventRetentionMs?: number | undefined;
  readonly attempted?: (outcome: AttemptOutcome['kind']) => void;
  readonly health?: Pick<EndpointHealth, 'prune'> | undefined;
}

/** Prunes again and again. */
export function callbackPruning(options: PruneCallbacksOptions): TaskLoop {
  const { context, health, log } = options;
  return new TaskLoop({
    name: 'callbacks: pruning',
    idleMs: INTERVAL_MS,
    retryMs: MINUTE_MS,
    log,
    task: async (signal) => {
      await pruneCallbacks(options, signal);
      await health?.prune(context.clock.now());
      return undefined;
    },
  });
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
  const attempts = { before: plusMs(now, -ages.attemptRetentionMs), limit: ATTEMPTS_PAGE };
  await inPages(signal, () => store.callbacks.pruneAttempts(attempts));
  if (ages.eventRetentionMs !== undefined) await pruneEvents(context, plusMs(now, -ages.eventRetentionMs), signal);
}

async function pruneEvents({ store }: StoreContext, before: EpochMs, signal: AbortSignal): Promise<void> {
  for (const { id } of await store.pos.list())
    await inPages(signal, () => store.transaction((tx) => tx.callbacks.pruneEvents(id, { before, limit: PAGE })));
}
