/** Makes the panel's notices of skipped addresses that point to a problem, such as a database older than the marks file. */
import { isoDate, plusMs } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import type { SkipReason } from '../../merchants/account.ts';
import { describeSkip } from '../../merchants/describe-skip.ts';
import type { StoreContext } from '../context.ts';

/** How long a notice is shown. */
const NOTICE_MS = 30 * DAY_MS;
/** The other reasons are part of normal operation. */
const NOTICED_REASONS: ReadonlySet<SkipReason> = new Set(['older_database', 'failover', 'mark']);
const MAX_NOTICES = 5;

/** Returns sentences, newest first. */
export async function skipNotices({ store, clock }: StoreContext): Promise<readonly string[]> {
  const since = plusMs(clock.now(), -NOTICE_MS);
  const names = new Map((await store.accounts.list()).map(({ id, name }) => [id, name]));
  const ranges = (await store.accounts.skippedRanges())
    .filter(({ reason, createdAt }) => createdAt >= since && NOTICED_REASONS.has(reason))
    .sort((a, b) => b.createdAt - a.createdAt)
    .slice(0, MAX_NOTICES)
    .map((range) => `Account ${names.get(range.accountId)}, ${isoDate(range.createdAt)}: ${describeSkip(range)}.`);
  const missingAt = (await store.marksPlace.get())?.missingAt ?? null;
  if (missingAt === null || missingAt < since) return ranges;
  return [`${isoDate(missingAt)}: ${MARKS_WERE_MISSING}`, ...ranges];
}

const MARKS_WERE_MISSING =
  'the marks file of this database was missing. If the database is an older copy, addresses that were handed out since may be handed ' +
  'out again: use webpos account skip to skip them.';
