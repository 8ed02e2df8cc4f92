/** A subscription of a person: which notices are sent where, and when. */
import type { EpochMs } from '../kernel/clock.ts';
import type { PersonId, PosId, SubscriptionId } from '../kernel/ids.ts';
import type { NoticeKind } from './notice-kind.ts';

export interface Subscription extends Wishes, Timetable {
  readonly id: SubscriptionId;
  readonly personId: PersonId;
  readonly channel: Channel;
  /** Whether the subjects of e-mails may contain amounts: they are shown on locked screens. */
  readonly hasAmountsInSubject: boolean;
  readonly createdAt: EpochMs;
  /** Null while messages are sent. */
  readonly stoppedAt: EpochMs | null;
}

export type Channel =
  /** Nothing but the request for confirmation is sent to an address that is not confirmed. */
  | { readonly kind: 'email'; readonly address: string; readonly confirmedAt: EpochMs | null }
  | { readonly kind: 'post'; readonly url: string };

/** Which notices a person wants. */
export interface Wishes {
  readonly kinds: readonly NoticeKind[];
  /** Only notices of these POS, and those that are about no POS; null: of all that the person sees. */
  readonly posIds: readonly PosId[] | null;
}

/** When a person wants them. Minutes count from midnight in the person's time zone. */
export interface Timetable {
  readonly timing: Timing;
  /** The hours without messages; null: none. `to` may be less than `from`: they then end on the next day. */
  readonly quiet: { readonly from: number; readonly to: number } | null;
  /** IANA, such as `Europe/Rome`. */
  readonly timeZone: string;
  /** Whether urgent notices are sent at once, whatever the quiet hours and the timing are. */
  readonly urgentBreaksThrough: boolean;
}

export type Timing =
  | { readonly kind: 'immediately' }
  /** At every full hour. */
  | { readonly kind: 'hourly' }
  | { readonly kind: 'daily'; readonly minute: number };

/** Whether messages are sent. */
export function isActive({ channel, stoppedAt }: Pick<Subscription, 'channel' | 'stoppedAt'>): boolean {
  return stoppedAt === null && (channel.kind === 'post' || channel.confirmedAt !== null);
}
