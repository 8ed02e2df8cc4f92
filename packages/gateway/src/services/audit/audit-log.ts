/**
 * The audit log: who changed what, and when. An entry is stored in the transaction of the change that it describes. Each entry has the
 * SHA-256 of the one before it, so that no entry can be changed, removed or inserted without changing all later hashes; the last hash is
 * authenticated with a key of the key file, so that nobody who can only write to the database can compute them anew.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { EpochMs } from '../../kernel/clock.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import type { Actor } from '../../people/actor.ts';
import type { AuditEntry, AuditHead, AuditSubject } from '../../store/ports/audit-store.ts';
import type { StoreReads } from '../../store/ports/store.ts';

/** An action to record. */
export interface Action {
  /** What was done, such as `order.settle`. */
  readonly action: string;
  readonly subject: AuditSubject;
  /** The values that changed. Only values that JSON can hold; no secret. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** What else describes the action, such as its reason. */
  readonly note?: string;
}

/** What records actions. */
export interface AuditContext {
  readonly clock: { now(): EpochMs };
  readonly keys: Pick<GatewayKeys, 'audit'>;
}

/** Records an action in the transaction that does it. */
export async function recordAction(
  { clock, keys }: AuditContext,
  tx: Pick<StoreReads, 'audit'>,
  actor: Actor,
  { action, subject, before, after, note }: Action,
): Promise<void> {
  const last = await tx.audit.lockHead();
  const entry = {
    position: (last?.position ?? 0) + 1,
    at: clock.now(),
    actor,
    action,
    subject,
    details: JSON.stringify({ before, after, note }),
  };
  const hash = hashOf(entry, last?.hash ?? '');
  await tx.audit.append({ ...entry, hash }, signedHead(entry.position, hash, keys.audit));
}

/** Authenticates the head of the log. */
export function signedHead(position: number, hash: string, key: Uint8Array): AuditHead {
  return { position, hash, mac: createHmac('sha256', key).update(`${position} ${hash}`).digest('base64url') };
}

/** The first fault of a log; undefined if it has none. */
export type AuditFault =
  | { readonly kind: 'changed'; readonly position: number }
  /** An entry is missing, or was inserted. */
  | { readonly kind: 'gap'; readonly position: number }
  /** The log ends before or after its head. */
  | { readonly kind: 'end'; readonly position: number }
  /** The head was not written with this key. */
  | { readonly kind: 'head'; readonly position: number };

const PAGE_SIZE = 500;

export interface AuditVerification {
  readonly entries: number;
  readonly fault: AuditFault | undefined;
}

/** Verifies the whole log, in pages. */
export async function verifyAuditLog({ audit }: Pick<StoreReads, 'audit'>, key: Uint8Array): Promise<AuditVerification> {
  // Entries that are added meanwhile come after the head that was read first.
  const head = await audit.head();
  if (head !== undefined && !hasMac(head, key)) return { entries: 0, fault: { kind: 'head', position: head.position } };
  let [position, hash] = [0, ''];
  for (;;) {
    const page = await audit.after(position, PAGE_SIZE);
    for (const entry of page) {
      if (entry.position !== position + 1) return { entries: position, fault: { kind: 'gap', position: position + 1 } };
      if (hashOf(entry, hash) !== entry.hash) return { entries: position, fault: { kind: 'changed', position: entry.position } };
      ({ position, hash } = entry);
      if (position === head?.position && hash !== head.hash) return { entries: position, fault: { kind: 'changed', position } };
    }
    if (page.length < PAGE_SIZE) break;
  }
  const isWhole = head === undefined ? position === 0 : position >= head.position;
  return { entries: position, fault: isWhole ? undefined : { kind: 'end', position } };
}

function hashOf({ position, at, actor, action, subject, details }: Omit<AuditEntry, 'hash'>, previous: string): string {
  const { kind, id = null, name = null } = actor as { kind: string; id?: string; name?: string };
  const values = [previous, position, at, kind, id, name, action, subject.kind, subject.id, details];
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

function hasMac({ position, hash, mac }: AuditHead, key: Uint8Array): boolean {
  const [expected, actual] = [Buffer.from(signedHead(position, hash, key).mac), Buffer.from(mac)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
