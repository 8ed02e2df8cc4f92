/** Ends callbacks whose time is over though their turn never came, and forgets attempts that are old. */
import { plusMs } from '../kernel/clock.ts';
import type { LoopLog } from '../kernel/task-loop.ts';
import type { AttemptOutcome } from '../store/ports.ts';
import type { ServiceContext } from './context.ts';

/** How many are ended in one transaction. */
const PAGE = 100;
/** What has its turn makes a last attempt at the end of its time, and ends by it. */
const LAST_ATTEMPT_MS = 600_000;

export interface Tidying {
  readonly context: Pick<ServiceContext, 'store' | 'clock'>;
  readonly log: LoopLog;
  readonly giveUpAfterMs: number;
  readonly attemptsKeptMs: number;
  readonly attempted?: (outcome: AttemptOutcome['kind']) => void;
}

export async function tidyCallbacks({ context, log, attempted, ...ages }: Tidying, signal: AbortSignal): Promise<void> {
  const { store, clock } = context;
  const now = clock.now();
  const wantedBefore = plusMs(now, -ages.giveUpAfterMs - LAST_ATTEMPT_MS);
  let ended = PAGE;
  while (ended === PAGE && !signal.aborted) {
    ended = await store.transaction((tx) => tx.callbacks.giveUp({ wantedBefore, now, limit: PAGE }));
    for (let n = 0; n < ended; n += 1) attempted?.('failed');
    if (ended > 0) log.warn({ count: ended }, 'callbacks: given up, since their endpoints answered nobody until it was too late');
  }
  while (!signal.aborted && (await store.callbacks.forgetAttempts(plusMs(now, -ages.attemptsKeptMs))));
}
