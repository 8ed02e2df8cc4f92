/** The columns of `audit_log` and `audit_head`. */
import type { Selectable } from 'kysely';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { PersonId } from '../../../kernel/ids.ts';
import type { Actor } from '../../../people/actor.ts';
import type { AuditEntry, AuditHead, AuditSubject } from '../../ports/audit-store.ts';
import type { Int } from '../columns.ts';
import { readersOf, type TableOf } from '../columns.ts';
import { CorruptRowError } from '../corrupt-row-error.ts';

export const auditColumns = {
  position: { kind: 'integer', of: ({ position }: AuditEntry): number => position },
  at: { kind: 'time', of: ({ at }: AuditEntry): EpochMs => at },
  actor_kind: { kind: 'text', of: ({ actor }: AuditEntry): string => actor.kind },
  actor_id: { kind: 'textOrNull', of: ({ actor }: AuditEntry): string | null => ('id' in actor ? actor.id : null) },
  actor_name: { kind: 'textOrNull', of: ({ actor }: AuditEntry): string | null => ('name' in actor ? actor.name : null) },
  action: { kind: 'text', of: ({ action }: AuditEntry): string => action },
  subject_kind: { kind: 'text', of: ({ subject }: AuditEntry): string => subject.kind },
  subject_id: { kind: 'textOrNull', of: ({ subject }: AuditEntry): string | null => subject.id },
  details: { kind: 'text', of: ({ details }: AuditEntry): string => details },
  hash: { kind: 'text', of: ({ hash }: AuditEntry): string => hash },
} as const;

export type AuditLogTable = TableOf<typeof auditColumns>;

/** One row. */
export interface AuditHeadTable {
  id: Int;
  position: Int;
  hash: string;
  mac: string;
}

const read = readersOf(auditColumns);

export function auditEntryFrom(row: Selectable<AuditLogTable>): AuditEntry {
  return {
    position: read.position(row.position),
    at: read.at(row.at),
    actor: actorOf(row),
    action: row.action,
    subject: { kind: row.subject_kind as AuditSubject['kind'], id: row.subject_id },
    details: row.details,
    hash: row.hash,
  };
}

function actorOf({ position, actor_kind: kind, actor_id: id, actor_name: name }: Selectable<AuditLogTable>): Actor {
  switch (kind) {
    case 'person':
      return { kind, id: (id ?? '') as PersonId, name: name ?? '' };
    case 'token':
      return { kind, id: id ?? '', name: name ?? '' };
    case 'operator':
    case 'command':
    case 'buyer':
    case 'gateway':
      return { kind };
    default:
      throw new CorruptRowError(`audit_log ${position}: expected a kind of actor, got ${JSON.stringify(kind)}`);
  }
}

export function auditHeadFrom(row: Selectable<AuditHeadTable>): AuditHead {
  return { position: Number(row.position), hash: row.hash, mac: row.mac };
}
