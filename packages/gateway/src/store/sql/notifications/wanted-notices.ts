import type { NoticeKind } from '../../../notifications/notice-kind.ts';

/** The kinds of notices that somebody may want: shared by all transactions of a process. */
export interface WantedNotices {
  /** Undefined until it is known: then all are. */
  kinds: ReadonlySet<NoticeKind> | undefined;
}
