/**
 * Searches the audit log, for the panel, its API and `webpos audit list`. What entries are about has an index. Everything else is found by
 * reading entries from the newest on, a limited number for one page. Where a time is in the log is found by halving it, because positions
 * have no gaps and times hardly ever go back.
 */
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { HOUR_MS } from '../../kernel/durations.ts';
import { AUDIT_SUBJECTS } from '../../people/audit-subjects.ts';
import type { AuditEntry, AuditMatch, AuditStore, AuditSubject } from '../../store/ports/audit-store.ts';

/** A property that is undefined matches everything. */
export interface AuditFilters extends Pick<AuditMatch, 'actor' | 'action' | 'since' | 'until'> {
  readonly subject: AskedSubject | undefined;
  /** The position before which the page begins. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** At least one of the two. */
export interface AskedSubject {
  readonly kind: AuditSubject['kind'] | undefined;
  readonly id: string | undefined;
}

export interface AuditPage {
  /** The newest first. */
  readonly entries: readonly AuditEntry[];
  /** Begins the next page, as `before`; undefined on the last one. */
  readonly next: number | undefined;
  /** Whether the search was cut off before the page was full. It continues with the next page. */
  readonly isCutOff: boolean;
}

/** Read by one statement, in a few milliseconds. */
const STEP = 5_000;
const MAX_STEPS = 10;
/** How far the clocks of processes, or a clock that was set, may have gone back. */
const CLOCK_SLACK_MS = HOUR_MS;

export async function searchAudit({ audit }: { readonly audit: AuditStore }, filters: AuditFilters): Promise<AuditPage> {
  const { subject, limit, actor, action, since, until } = filters;
  const match = { actor, action, since, until, subjectKind: subject?.kind };
  if (subject?.id !== undefined) {
    const found = await about(audit, subject.kind, subject.id, { ...filters, match });
    return pageOf(found, limit, undefined);
  }
  const head = await audit.head();
  const newest = head?.position ?? 0;
  const end = until === undefined ? newest + 1 : await positionAt(audit, plusMs(until, CLOCK_SLACK_MS), newest);
  const start = since === undefined ? 1 : await positionAt(audit, plusMs(since, -CLOCK_SLACK_MS), newest);
  const found: AuditEntry[] = [];
  let at = Math.min(end, filters.before ?? end);
  for (let step = 0; step < MAX_STEPS && at > start && found.length <= limit; step += 1) {
    const from = Math.max(start, at - STEP);
    found.push(...(await audit.list({ subject: undefined, before: at, from, match, limit: limit + 1 - found.length })));
    at = from;
  }
  return pageOf(found, limit, at > start ? at : undefined);
}

/** @param found One more than the limit, if there are more. @param searchedTo Undefined if the search has reached the end. */
function pageOf(found: readonly AuditEntry[], limit: number, searchedTo: number | undefined): AuditPage {
  const entries = found.slice(0, limit);
  if (found.length > limit) return { entries, next: entries.at(-1)?.position, isCutOff: false };
  return { entries, next: searchedTo, isCutOff: searchedTo !== undefined };
}

async function about(
  audit: AuditStore,
  kind: AuditSubject['kind'] | undefined,
  id: string,
  { match, before, limit }: Pick<AuditFilters, 'before' | 'limit'> & { readonly match: AuditMatch },
): Promise<readonly AuditEntry[]> {
  const kinds = kind === undefined ? AUDIT_SUBJECTS : [kind];
  const found: AuditEntry[] = [];
  for (const each of kinds) found.push(...(await audit.list({ subject: { kind: each, id }, before, match, limit: limit + 1 })));
  return found.sort((one, other) => other.position - one.position).slice(0, limit + 1);
}

/** Returns the position of the first entry at a time or later; that after the newest if all are earlier. */
async function positionAt(audit: AuditStore, time: EpochMs, newest: number): Promise<number> {
  let [low, high] = [1, newest + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [entry] = await audit.after(middle - 1, 1);
    if (entry === undefined || entry.at >= time) high = middle;
    else low = middle + 1;
  }
  return low;
}
