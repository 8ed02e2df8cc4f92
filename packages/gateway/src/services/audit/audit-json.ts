import { isoDate } from '../../kernel/clock.ts';
import type { AuditEntry } from '../../store/ports/audit-store.ts';

export interface AuditEntryJson extends Pick<AuditEntry, 'position' | 'actor' | 'action' | 'subject' | 'hash'> {
  readonly at: string;
  readonly details: unknown;
}

/** An entry of the audit log as JSON, with its hash, so that an exported log can be verified too. */
export function auditEntryJson({ position, at, actor, action, subject, details, hash }: AuditEntry): AuditEntryJson {
  return { position, at: isoDate(at), actor, action, subject, details: parsed(details), hash };
}

/** Details are JSON, unless the row was changed. */
function parsed(details: string): unknown {
  try {
    return JSON.parse(details);
  } catch {
    return details;
  }
}
