/** The columns of `notices`. */
import type { Selectable } from 'kysely';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { PersonId, PosId } from '../../../kernel/ids.ts';
import type { Notice, NoticeFacts } from '../../../notifications/notice.ts';
import { readersOf, type NullableInt, type TableOf } from '../columns.ts';

export const noticeColumns = {
  id: { kind: 'text', of: ({ id }: Notice): string => id },
  at: { kind: 'time', of: ({ at }: Notice): EpochMs => at },
  kind: { kind: 'text', of: ({ facts }: Notice): string => facts.kind },
  pos_id: { kind: 'textOrNull', of: ({ posId }: Notice): string | null => posId },
  person_id: { kind: 'textOrNull', of: ({ personId }: Notice): string | null => personId },
  facts: { kind: 'text', of: ({ facts }: Notice): string => JSON.stringify(facts) },
} as const;

/** `assigned_at` is null until the notice has been assigned to subscriptions. */
export type NoticesTable = TableOf<typeof noticeColumns> & { assigned_at: NullableInt };

/** Values that several processes share. */
export interface NoticeStatesTable {
  name: string;
  value: string | null;
}

const read = readersOf(noticeColumns);

export function noticeFrom(row: Selectable<TableOf<typeof noticeColumns>>): Notice {
  return {
    id: row.id,
    at: read.at(row.at),
    posId: row.pos_id as PosId | null,
    personId: row.person_id as PersonId | null,
    facts: JSON.parse(row.facts) as NoticeFacts,
  };
}
