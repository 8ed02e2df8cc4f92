import { actorName } from '../../people/actor.ts';
import { isoDate } from '../../kernel/clock.ts';
import { AUDIT_SUBJECTS } from '../../people/audit-subjects.ts';
import type { AuditEntry } from '../../store/ports/audit-store.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { DEFAULT_LIMIT, filterOption, LIMIT_RANGE, limitOption, TIME_FORMAT } from '../support/common-options.ts';
import { CURSORS_OPTION, readCursors } from '../support/cursors-option.ts';
import { namingOption } from '../support/naming-option.ts';
import { readTime } from '../support/read-time.ts';
import { table } from '../support/table.ts';
import { withPeople } from '../support/with-people.ts';
import { auditEntryJson } from '../../services/audit/audit-json.ts';
import { parseAskedAction, parseAskedActor, parseAskedSubject } from '../../services/audit/parse-filters.ts';
import { searchAudit } from '../../services/audit/search-audit.ts';

/** `webpos audit list`: lists who changed what, the newest first. */
export const auditList: Command = defineCommand({
  name: 'audit list',
  summary: 'List who changed what, the newest first',
  usage: '',
  options: {
    limit: limitOption('entries'),
    actor: filterOption('ACTOR', 'only what this actor did', 'a kind such as command, an id or a name'),
    action: filterOption('ACTION', 'only this action, or this group of actions', 'such as order.settle or order'),
    subject: filterOption('SUBJECT', 'only what was done to this', `${AUDIT_SUBJECTS.join(', ')}, or an id`),
    since: filterOption('TIME', 'only entries of this time or later', TIME_FORMAT),
    until: filterOption('TIME', 'only entries before this time', TIME_FORMAT),
    cursors: CURSORS_OPTION,
    before: { value: 'N', text: 'only entries before this position', allowed: 'a position', default: 'from the newest' },
  },
  notes: [
    'With --json --cursors, prints {"entries": [...], "next": POSITION or null, "is_cut_off": true or false}: pass next as --before, until ' +
      'it is null.',
  ],
  example: '--action order --since 2026-11-23',
  run: async (world, config, options) => {
    const limit = options.integer('limit', DEFAULT_LIMIT, LIMIT_RANGE);
    const before = options.optional('before') === undefined ? undefined : options.integer('before', 1, POSITIONS);
    const asked = <T>(name: 'actor' | 'action' | 'subject', parse: (text: string) => T): T | undefined =>
      options.optional(name) === undefined ? undefined : namingOption(name, () => parse(options.required(name)));
    const filters = {
      actor: asked('actor', parseAskedActor),
      action: asked('action', parseAskedAction),
      subject: asked('subject', parseAskedSubject),
      since: readTime(options, 'since'),
      until: readTime(options, 'until'),
      before,
      limit,
    };
    const withCursors = readCursors(options);
    const { entries, next, isCutOff } = await withPeople(world, config, ({ store }) => searchAudit(store, filters));
    const shown = entries.map(auditEntryJson);
    if (withCursors) return world.out(JSON.stringify({ entries: shown, next: next ?? null, is_cut_off: isCutOff }));
    if (options.json) return world.out(JSON.stringify(shown));
    world.out(table(HEADS, entries.map(rowOf)));
    if (isCutOff) world.out('The search was cut off after very many entries; it continues with the next page.');
    if (next !== undefined) world.out(`More entries: --before ${next}`);
  },
});

const POSITIONS = { min: 1, max: 2_147_483_647 } as const;
const HEADS = ['position', 'at', 'actor', 'action', 'subject', 'details'];

function rowOf({ position, at, actor, action, subject, details }: AuditEntry): (string | number | null)[] {
  return [position, isoDate(at), actorName(actor), action, `${subject.kind} ${subject.id ?? ''}`.trim(), details];
}
