/** Searches the audit log of a large database with every filter, with and without a match, and in several pages. */
import { plusMs } from '../../src/kernel/clock.ts';
import { HOUR_MS } from '../../src/kernel/durations.ts';
import { searchAudit, type AuditFilters } from '../../src/services/audit/search-audit.ts';
import type { AuditStore } from '../../src/store/ports/audit-store.ts';
import { AUDITED_PERSON, createdAt, orderIdOf } from './large-database.ts';

const ANY: AuditFilters = {
  actor: undefined,
  action: undefined,
  since: undefined,
  until: undefined,
  subject: undefined,
  before: undefined,
  limit: 50,
};

export async function searchEveryWay(store: { readonly audit: AuditStore }, entries: number): Promise<void> {
  const middle = createdAt(Math.floor(entries / 2));
  const times = [{}, { since: plusMs(middle, -HOUR_MS), until: middle }];
  const filters: readonly Partial<AuditFilters>[] = [
    {},
    { actor: AUDITED_PERSON },
    { actor: 'nobody' },
    { action: 'order' },
    { action: 'refund' },
    { subject: { kind: 'refund', id: undefined } },
    { subject: { kind: 'order', id: orderIdOf(7) } },
    { subject: { kind: undefined, id: orderIdOf(7) } },
    { subject: { kind: 'order', id: 'unknown' }, actor: 'nobody' },
  ];
  for (const time of times)
    for (const filter of filters) {
      let before: number | undefined;
      for (let page = 0; page < 2; page += 1) {
        const { next } = await searchAudit(store, { ...ANY, ...time, ...filter, before });
        before = next;
        if (next === undefined) break;
      }
    }
}
