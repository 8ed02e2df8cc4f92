/** What those who run the gateway must learn of skipped addresses: that the database was older than what had been handed out. */
import { isoDate, plusMs } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import type { SkipReason } from '../../merchants/account.ts';
import { describeSkip } from '../../merchants/describe-skip.ts';
import type { StoreContext } from '../context.ts';

/** For so long it is worth a notice: the operator has looked by then. */
const NOTICE_MS = 30 * DAY_MS;
/** What else is skipped is as it should be. */
const WORTH_A_NOTICE: ReadonlySet<SkipReason> = new Set(['older_database', 'mark']);
const MAX_NOTICES = 5;

/** Sentences, the newest first. */
export async function skipNotices({ store, clock }: StoreContext): Promise<readonly string[]> {
  const since = plusMs(clock.now(), -NOTICE_MS);
  const names = new Map((await store.accounts.list()).map(({ id, name }) => [id, name]));
  const ranges = (await store.accounts.skippedRanges())
    .filter(({ reason, createdAt }) => createdAt >= since && WORTH_A_NOTICE.has(reason))
    .sort((a, b) => b.createdAt - a.createdAt)
    .slice(0, MAX_NOTICES)
    .map((range) => `Account ${names.get(range.accountId)}, ${isoDate(range.createdAt)}: ${describeSkip(range)}.`);
  const missingAt = (await store.marksPlace.get())?.missingAt ?? null;
  if (missingAt === null || missingAt < since) return ranges;
  return [`${isoDate(missingAt)}: ${MARKS_WERE_MISSING}`, ...ranges];
}

const MARKS_WERE_MISSING =
  'the marks file of this database was missing. If the database is an older copy, addresses that were handed out since may be handed ' +
  'out again: webpos account skip skips them.';
