import type { EpochMs } from '../../../kernel/clock.ts';
import type { Notice } from '../../../notifications/notice.ts';
import type { NoticeKind } from '../../../notifications/notice-kind.ts';

/**
 * The outbox of notices. A notice is stored in the transaction of what it reports, and turned into messages later. While nobody wants a
 * kind, its notices are not stored.
 */
export interface NoticeStore {
  /** Whether somebody may want notices of a kind. Reads nothing. */
  wants(kind: NoticeKind): boolean;
  /** Remembers in this process which kinds are wanted. Until it is called, all are. */
  setWanted(kinds: ReadonlySet<NoticeKind>): void;
  /** Stores those that may be wanted, except those that are stored already. */
  add(notices: readonly Notice[]): Promise<void>;
  /** Locks and returns notices that have not been assigned to subscriptions, the oldest first. */
  lockPending(limit: number): Promise<Notice[]>;
  /** Records that notices have been assigned to subscriptions. */
  assigned(ids: readonly string[], at: EpochMs): Promise<void>;
  /** Returns notices, the oldest first. */
  get(ids: readonly string[]): Promise<Notice[]>;
  /** Deletes at most `limit` notices that were assigned before a time, and returns whether there may be more. */
  prune(options: { readonly before: EpochMs; readonly limit: number }): Promise<boolean>;
  /** Returns what {@link putState} has stored under a name. */
  state(name: string): Promise<string | null>;
  /** Replaces a value that several processes share. Returns false if it is not `before` any more. */
  putState(name: string, before: string | null, after: string | null): Promise<boolean>;
}
