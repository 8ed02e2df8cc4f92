/**
 * The text of a notification: the sender, the topic, and the ids that it is about. Processes of different versions read each other's,
 * so an unknown topic is no error.
 */
import { isUuidV4 } from '../../../../kernel/ids.ts';

export const TOPICS = ['orders', 'tip', 'callbacks', 'indexes', 'lease'] as const;
export type Topic = (typeof TOPICS)[number];

/** Empty for a topic without ids. */
export type TopicIds = ReadonlySet<string> | 'all';

/** PostgreSQL sends at most 7,999 bytes, and an id with a comma has 37. */
const MAX_IDS = 200;

export interface TopicNotification {
  readonly from: string;
  readonly topic: Topic;
  readonly ids: TopicIds;
}

export function notificationText({ from, topic, ids }: TopicNotification): string {
  return [from, topic, ids === 'all' ? '*' : [...ids].join(',')].join(' ');
}

/** Returns undefined if the text is not one of this version's. */
export function parseNotification(text: string): TopicNotification | undefined {
  const [from, name, ids = ''] = text.split(' ');
  const topic = TOPICS.find((known) => known === name);
  if (from === undefined || topic === undefined) return undefined;
  return { from, topic, ids: ids === '*' ? 'all' : new Set(ids.split(',').filter(isUuidV4)) };
}

/** Returns the ids of both. */
export function mergeIds(one: TopicIds | undefined, other: TopicIds): TopicIds {
  if (one === 'all' || other === 'all') return 'all';
  const merged = new Set([...(one ?? []), ...other]);
  return merged.size > MAX_IDS ? 'all' : merged;
}
