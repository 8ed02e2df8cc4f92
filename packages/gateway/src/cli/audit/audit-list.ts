import { actorName } from '../../people/actor.ts';
import { isoDate } from '../../kernel/clock.ts';
import type { AuditEntry } from '../../store/ports/audit-store.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { DEFAULT_LIMIT, LIMIT_RANGE, limitOption } from '../support/common-options.ts';
import { table } from '../support/table.ts';
import { withPeople } from '../support/with-people.ts';
import { auditEntryJson } from '../../services/audit/audit-json.ts';

/** `webpos audit list`: lists who changed what, the newest first. */
export const auditList: Command = defineCommand({
  name: 'audit list',
  summary: 'List who changed what, the newest first',
  usage: '',
  options: {
    limit: limitOption('entries'),
    before: { value: 'N', text: 'only entries before this position', allowed: 'a position', default: 'from the newest' },
  },
  example: '--limit 100',
  run: async (world, config, options) => {
    const limit = options.integer('limit', DEFAULT_LIMIT, LIMIT_RANGE);
    const before = options.optional('before') === undefined ? undefined : options.integer('before', 1, POSITIONS);
    const entries = await withPeople(world, config, ({ store }) => store.audit.list({ subject: undefined, before, limit }));
    if (options.json) return world.out(JSON.stringify(entries.map(auditEntryJson)));
    world.out(table(HEADS, entries.map(rowOf)));
  },
});

const POSITIONS = { min: 1, max: 2_147_483_647 } as const;
const HEADS = ['position', 'at', 'actor', 'action', 'subject', 'details'];

function rowOf({ position, at, actor, action, subject, details }: AuditEntry): (string | number | null)[] {
  return [position, isoDate(at), actorName(actor), action, `${subject.kind} ${subject.id ?? ''}`.trim(), details];
}
