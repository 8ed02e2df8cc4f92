/** The audit log in the panel's API. It is about all POS, so that a token that sees some of them may not read it. */
import { FieldReader } from '../../../http/field-reader.ts';
import { auditEntryJson } from '../../../services/audit/audit-json.ts';
import { parseAskedAction, parseAskedActor, parseAskedSubject } from '../../../services/audit/parse-filters.ts';
import { searchAudit } from '../../../services/audit/search-audit.ts';
import type { PeopleContext } from '../../../services/people/people-context.ts';
import type { ApiRequest, PanelRouter } from '../panel-router.ts';
import { requireAllPos } from '../scope.ts';

const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 200;

export function auditApiRoutes(panel: PanelRouter, context: PeopleContext): void {
  panel.api('/audit', {
    GET: {
      permission: 'audit.read',
      schema: async () => (await import('./audit-schemas.ts')).listAudit,
      handle: (request) => list(context, request),
    },
  });
}

async function list({ store }: PeopleContext, { query, viewer }: ApiRequest): Promise<unknown> {
  requireAllPos(viewer);
  const read = new FieldReader(query);
  const filters = {
    actor: read.checked('actor', parseAskedActor),
    action: read.checked('action', parseAskedAction),
    subject: read.checked('subject', parseAskedSubject),
    since: read.optionalTime('since'),
    until: read.optionalTime('until'),
    before: read.parsed('before', (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined), 'must be a position'),
    limit: read.integer('limit', DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE),
  };
  read.throwIfWrong();
  const { entries, next, isCutOff } = await searchAudit(store, filters);
  return { entries: entries.map(auditEntryJson), next: next ?? null, is_cut_off: isCutOff };
}
