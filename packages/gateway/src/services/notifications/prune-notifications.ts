/** Deletes old notices and messages, and gives up e-mails that nothing sends, in pages. */
import { plusMs, type Clock } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import { inPages } from '../../kernel/thread/in-pages.ts';
import type { Store } from '../../store/ports/store.ts';
import { GIVE_UP_AFTER_MS } from './message-delivery.ts';

/** How long messages are kept after they have ended. */
const MESSAGE_RETENTION_MS = 30 * DAY_MS;
/** Longer than a notice can wait: for quiet hours, a digest and all retries of its message. */
const NOTICE_RETENTION_MS = 40 * DAY_MS;
const PAGE = 200;
/** Why an e-mail was given up without an attempt. */
const NO_MAIL = 'no server for e-mail is set (WEBPOS_SMTP_URL)';

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

/** Gives up the e-mails that have waited for as long as others are retried. Call it where no server is set that sends them. */
export async function giveUpMail(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  signal: AbortSignal,
): Promise<number> {
  const now = clock.now();
  const end = { channel: 'email', dueBefore: plusMs(now, -GIVE_UP_AFTER_MS), at: now, error: NO_MAIL, limit: PAGE } as const;
  let givenUp = 0;
  await inPages(signal, async () => {
    const count = await store.messages.giveUp(end);
    givenUp += count;
    return count === PAGE;
  });
  return givenUp;
}
