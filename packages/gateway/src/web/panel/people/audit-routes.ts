/** The pages of the audit log: its entries, its verification, and its download. */
import { Readable } from 'node:stream';
import { renderAuditPage, type AuditView } from '@webpos/web';
import { isoDate } from '../../../kernel/clock.ts';
import { actorName } from '../../../people/actor.ts';
import { auditEntryJson } from '../../../services/audit/audit-json.ts';
import { verifyAuditLog } from '../../../services/audit/audit-log.ts';
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
  const { before = '' } = page.query;
  const entries = await store.audit.list({
    subject: undefined,
    before: /^\d{1,15}$/.test(before) ? Number(before) : undefined,
    limit: PAGE_SIZE,
  });
  return renderAuditPage(await page.frame(), {
    entries: entries.map(({ position, at, actor, action, subject, details }) => ({
      position,
      at: isoDate(at),
      actor: actorName(actor),
      action,
      subject: subject.id === null ? subject.kind : `${subject.kind} ${subject.id}`,
      details,
    })),
    next: entries.length === PAGE_SIZE ? `before=${entries.at(-1)?.position ?? 0}` : null,
    verification,
  });
}
