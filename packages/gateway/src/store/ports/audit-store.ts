import type { EpochMs } from '../../kernel/clock.ts';
import type { Actor } from '../../people/actor.ts';
import type { AUDIT_SUBJECTS } from '../../people/audit-subjects.ts';

/** The audit log. Entries are only ever added. */
export interface AuditStore {
  /** Reads the head and locks it until the transaction ends; undefined while the log is empty. */
  lockHead(): Promise<AuditHead | undefined>;
  /** Adds an entry and stores the head that it makes. Call it in a transaction that has locked the head. */
  append(entry: AuditEntry, head: AuditHead): Promise<void>;
  /** Replaces the head's MAC, when the key file is renewed. Call it in a transaction that has locked the head. */
  putHead(head: AuditHead): Promise<void>;
  head(): Promise<AuditHead | undefined>;
  /** Returns at most `limit` entries after a position, the oldest first. */
  after(position: number, limit: number): Promise<AuditEntry[]>;
  /** Returns one page of entries, the newest first. */
  list(query: AuditQuery): Promise<AuditEntry[]>;
}

export interface AuditQuery {
  /** Only entries about this subject; undefined: all. */
  readonly subject: AuditSubject | undefined;
  /** Only entries before this position; undefined: from the newest. */
  readonly before: number | undefined;
  /** Only entries from this position on. The database reads every entry between the two, unless there is a subject. */
  readonly from?: number;
  readonly match?: AuditMatch;
  readonly limit: number;
}

/** What entries have in common. A property that is undefined matches everything. */
export interface AuditMatch {
  /** The kind, id or name of the actor. */
  readonly actor?: string | undefined;
  /** An action such as `order.settle`, or the group of actions before the dot. */
  readonly action?: string | undefined;
  readonly subjectKind?: AuditSubject['kind'] | undefined;
  readonly since?: EpochMs | undefined;
  readonly until?: EpochMs | undefined;
}

/** What an action was about. */
export interface AuditSubject {
  readonly kind: (typeof AUDIT_SUBJECTS)[number];
  readonly id: string | null;
}

export interface AuditEntry {
  /** From 1, without gaps. */
  readonly position: number;
  readonly at: EpochMs;
  readonly actor: Actor;
  /** What was done, such as `order.settle`. */
  readonly action: string;
  readonly subject: AuditSubject;
  /** JSON: the values before and after, and what else describes the action. It holds no secret. */
  readonly details: string;
  /** SHA-256 in hex of the previous entry's hash and of all other properties. */
  readonly hash: string;
}

export interface AuditHead {
  readonly position: number;
  readonly hash: string;
  /** HMAC-SHA256 of position and hash, in base64url. */
  readonly mac: string;
}
