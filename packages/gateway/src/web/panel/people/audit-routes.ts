/**
 * The pages of the audit log: its entries, its verification, and its download. Its days
 * are those of the merchants if all POS have the same time zone, and of UTC otherwise. Its times are in UTC.
 */
import { Readable } from 'node:stream';
import { renderAuditPage, type AuditView } from '@webpos/web';
import { isoDate } from '../../../kernel/clock.ts';
import { parseDay, plusDays, type Day } from '../../../kernel/time/day.ts';
import type { Zone } from '../../../kernel/time/zone.ts';
import { actorName } from '../../../people/actor.ts';
import { auditEntryJson } from '../../../services/audit/audit-json.ts';
import { verifyAuditLog } from '../../../services/audit/audit-log.ts';
import { parseAskedAction, parseAskedActor, parseAskedSubject } from '../../../services/audit/parse-filters.ts';
import { searchAudit, type AuditFilters, type AuditPage } from '../../../services/audit/search-audit.ts';
import { PosDays } from '../../../services/merchants/pos-days.ts';
import type { PeopleContext } from '../../../services/people/people-context.ts';
import type { PageRequest, PanelRouter } from '../panel-router.ts';

const PAGE_SIZE = 50;
const EXPORT_PAGE = 200;

export function auditRoutes(panel: PanelRouter, context: PeopleContext): void {
  panel.page('/panel/audit', 'audit.read', async (page) => (seesAll(page) ? auditPage(context, page, null) : undefined));
  panel.form(
    '/panel/audit/verify',
    'audit.read',
    async (form) => {
      if (!seesAll(form)) return undefined;
      const { entries, fault } = await verifyAuditLog(context.store, context.keys.audit);
      return { html: await auditPage(context, form, { entries, faultAt: fault?.position ?? null }) };
    },
    { staleTo: '/panel/audit' },
  );
  panel.raw('/panel/audit/export', 'audit.read', async (page, _request, reply) => {
    if (!seesAll(page)) return reply.code(404).send();
    reply.headers({
      'content-type': 'application/jsonl; charset=utf-8',
      'content-disposition': 'attachment; filename="audit.jsonl"',
      'cache-control': 'no-store',
    });
    return reply.send(Readable.from(entryLines(context)));
  });
}

/** The log is about all POS. */
function seesAll({ viewer }: PageRequest): boolean {
  return viewer.posIds === undefined;
}

async function* entryLines({ store }: PeopleContext): AsyncGenerator<string> {
  for (let last = 0; ;) {
    const page = await store.audit.after(last, EXPORT_PAGE);
    yield page.map((entry) => `${JSON.stringify(auditEntryJson(entry))}\n`).join('');
    last = page.at(-1)?.position ?? last;
    if (page.length < EXPORT_PAGE) return;
  }
}

async function auditPage({ store }: PeopleContext, page: PageRequest, verification: AuditView['verification']): Promise<string> {
  const zone = (await PosDays.read(store)).commonZone(undefined);
  const { filters, asked } = readFilters(page.query, zone);
  const found = asked === undefined ? NOTHING : await searchAudit(store, asked);
  return renderAuditPage(await page.frame(), {
    entries: found.entries.map(({ position, at, actor, action, subject, details }) => ({
      position,
      at: isoDate(at),
      actor: actorName(actor),
      action,
      subject: subject.id === null ? subject.kind : `${subject.kind} ${subject.id}`,
      details,
    })),
    filters,
    timeZone: zone.name,
    next: found.next ?? null,
    isCutOff: found.isCutOff,
    verification,
  });
}

const NOTHING: AuditPage = { entries: [], next: undefined, isCutOff: false };
const MAX_FILTER_CHARACTERS = 200;

/** Reads the filters in the query of the page; `asked` is undefined if one is impossible, which matches nothing. */
function readFilters(
  query: PageRequest['query'],
  zone: Zone,
): { readonly filters: AuditView['filters']; readonly asked?: AuditFilters } {
  const text = (name: string): string => {
    const value: unknown = query[name];
    return typeof value === 'string' ? value.trim().slice(0, MAX_FILTER_CHARACTERS) : '';
  };
  const filters = { actor: text('actor'), action: text('action'), subject: text('subject'), from: text('from'), to: text('to') };
  const before = text('before');
  const given = <T>(value: string, parse: (text: string) => T): T | undefined => (value === '' ? undefined : parse(value));
  try {
    const [firstDay, lastDay] = [given(filters.from, dayIn), given(filters.to, dayIn)];
    const asked = {
      actor: given(filters.actor, parseAskedActor),
      action: given(filters.action, parseAskedAction),
      subject: given(filters.subject, parseAskedSubject),
      since: firstDay === undefined ? undefined : zone.startOf(firstDay),
      until: lastDay === undefined ? undefined : zone.startOf(plusDays(lastDay, 1)),
      before: /^\d{1,15}$/.test(before) ? Number(before) : undefined,
      limit: PAGE_SIZE,
    };
    return { filters, asked };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { filters };
  }
}

function dayIn(text: string): Day {
  const day = parseDay(text);
  if (day === undefined) throw new RangeError('expected a day such as 2026-11-23');
  return day;
}
