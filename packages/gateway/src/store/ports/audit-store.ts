import type { EpochMs } from '../../kernel/clock.ts';
import type { Actor } from '../../people/actor.ts';

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
  readonly limit: number;
}

/** What an action was about. */
export interface AuditSubject {
  readonly kind:
    | 'order'
    | 'callback'
    | 'refund'
    | 'link'
    | 'pos'
    | 'account'
    | 'merchant'
    | 'person'
    | 'session'
    | 'token'
    | 'report'
    | 'gateway';
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
