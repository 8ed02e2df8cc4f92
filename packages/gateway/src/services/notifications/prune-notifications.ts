/** Deletes old notices and messages, in pages. */
import { plusMs, type Clock } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import { inPages } from '../../kernel/thread/in-pages.ts';
import type { Store } from '../../store/ports/store.ts';

/** How long messages are kept after they have ended. */
const MESSAGE_RETENTION_MS = 30 * DAY_MS;
/** Longer than a notice can wait: for quiet hours, a digest and all retries of its message. */
const NOTICE_RETENTION_MS = 40 * DAY_MS;
const PAGE = 200;

export async function pruneNotifications(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now();
  const messages = { before: plusMs(now, -MESSAGE_RETENTION_MS), limit: PAGE };
  await inPages(signal, () => store.transaction((tx) => tx.messages.prune(messages)));
  const notices = { before: plusMs(now, -NOTICE_RETENTION_MS), limit: PAGE };
  await inPages(signal, () => store.notices.prune(notices));
}
