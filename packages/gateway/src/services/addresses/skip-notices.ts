/** Notices of skipped addresses that point to a problem, such as a database older than the marks file. */
import { isoDate, plusMs, type EpochMs } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import type { SkippedRange, SkipReason } from '../../merchants/account.ts';
import { describeSkip } from '../../merchants/describe-skip.ts';
import type { StoreContext } from '../context.ts';

/** The other reasons are part of normal operation. */
export type NoticedReason = Extract<SkipReason, 'older_database' | 'failover' | 'mark'>;
const NOTICED_REASONS: readonly NoticedReason[] = ['older_database', 'failover', 'mark'];

export type SkipNotice =
  | { readonly kind: 'marks_missing'; readonly at: EpochMs }
  | {
      readonly kind: 'skipped';
      readonly at: EpochMs;
      readonly accountName: string;
      readonly range: Pick<SkippedRange, 'from' | 'to'>;
      readonly reason: NoticedReason;
    };

/** How long a notice is shown. */
const NOTICE_MS = 30 * DAY_MS;
const MAX_NOTICES = 5;

/** Returns the notices, newest first. */
export async function skipNotices({ store, clock }: StoreContext): Promise<readonly SkipNotice[]> {
  const since = plusMs(clock.now(), -NOTICE_MS);
  const names = new Map((await store.accounts.list()).map(({ id, name }) => [id, name]));
  const ranges = (await store.accounts.skippedRanges())
    .flatMap(({ accountId, from, to, reason, createdAt }): Extract<SkipNotice, { kind: 'skipped' }>[] =>
      createdAt >= since && isNoticed(reason)
        ? [{ kind: 'skipped', at: createdAt, accountName: names.get(accountId) ?? accountId, range: { from, to }, reason }]
        : [],
    )
    .sort((a, b) => b.at - a.at)
    .slice(0, MAX_NOTICES);
  const missingAt = (await store.marksPlace.get())?.missingAt ?? null;
  return missingAt === null || missingAt < since ? ranges : [{ kind: 'marks_missing', at: missingAt }, ...ranges];
}

/** Describes a notice for commands, in sentences. */
export function describeSkipNotice(notice: SkipNotice): string {
  const at = isoDate(notice.at);
  if (notice.kind === 'marks_missing') return `${at}: ${MARKS_WERE_MISSING}`;
  return `Account ${notice.accountName}, ${at}: ${describeSkip({ ...notice.range, reason: notice.reason })}.`;
}

function isNoticed(reason: SkipReason): reason is NoticedReason {
  return NOTICED_REASONS.some((one) => one === reason);
}

const MARKS_WERE_MISSING =
  'the marks file of this database was missing. If the database is an older copy, addresses that were handed out since may be handed ' +
  'out again: use webpos account skip to skip them.';
