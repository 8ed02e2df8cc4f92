/** The columns of `subscriptions`. What a person has chosen is one value, which is always read and written as a whole. */
import type { Selectable } from 'kysely';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { PersonId, SubscriptionId } from '../../../kernel/ids.ts';
import type { Channel, Subscription } from '../../../notifications/subscription.ts';
import { readersOf, type TableOf } from '../columns.ts';
import { CorruptRowError } from '../corrupt-row-error.ts';

type Settings = Pick<
  Subscription,
  'kinds' | 'posIds' | 'timing' | 'quiet' | 'timeZone' | 'urgentBreaksThrough' | 'hasAmountsInSubject'
>;

export const subscriptionColumns = {
  id: { kind: 'text', of: ({ id }: Subscription): string => id },
  person_id: { kind: 'text', of: ({ personId }: Subscription): string => personId },
  channel: { kind: 'text', of: ({ channel }: Subscription): string => channel.kind },
  recipient: { kind: 'text', of: ({ channel }: Subscription): string => recipientOf(channel) },
  confirmed_at: {
    kind: 'timeOrNull',
    of: ({ channel }: Subscription): EpochMs | null => (channel.kind === 'email' ? channel.confirmedAt : null),
  },
  settings: { kind: 'text', of: (subscription: Subscription): string => JSON.stringify(settingsOf(subscription)) },
  created_at: { kind: 'time', of: ({ createdAt }: Subscription): EpochMs => createdAt },
  stopped_at: { kind: 'timeOrNull', of: ({ stoppedAt }: Subscription): EpochMs | null => stoppedAt },
} as const;

export type SubscriptionsTable = TableOf<typeof subscriptionColumns>;

const read = readersOf(subscriptionColumns);

export function subscriptionFrom(row: Selectable<SubscriptionsTable>): Subscription {
  return {
    id: row.id as SubscriptionId,
    personId: row.person_id as PersonId,
    channel: channelOf(row),
    ...(JSON.parse(row.settings) as Settings),
    createdAt: read.created_at(row.created_at),
    stoppedAt: read.stopped_at(row.stopped_at),
  };
}

function channelOf({ id, channel, recipient, confirmed_at: confirmedAt }: Selectable<SubscriptionsTable>): Channel {
  switch (channel) {
    case 'email':
      return { kind: channel, address: recipient, confirmedAt: read.confirmed_at(confirmedAt) };
    case 'post':
      return { kind: channel, url: recipient };
    default:
      throw new CorruptRowError(`subscriptions ${id}: expected a channel, got ${JSON.stringify(channel)}`);
  }
}

function recipientOf(channel: Channel): string {
  return channel.kind === 'email' ? channel.address : channel.url;
}

function settingsOf(subscription: Subscription): Settings {
  const { kinds, posIds, timing, quiet, timeZone, urgentBreaksThrough, hasAmountsInSubject } = subscription;
  return { kinds, posIds, timing, quiet, timeZone, urgentBreaksThrough, hasAmountsInSubject };
}
