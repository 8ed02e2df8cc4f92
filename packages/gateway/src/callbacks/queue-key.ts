/**
 * What stands in one queue: the callbacks of one POS to one origin (scheme, host and port), however their paths differ. Not by origin
 * alone: anyone with an access token names any origin, and whatever comes of that must delay no other POS.
 */
import type { PosId } from '../kernel/ids.ts';

export interface QueueId {
  readonly posId: PosId;
  /** Origin of the URL. */
  readonly endpoint: string;
}

declare const brand: unique symbol;
/** A queue as the key of a map. */
export type QueueKey = string & { readonly [brand]: 'QueueKey' };

export function queueKey({ posId, endpoint }: QueueId): QueueKey {
  return `${posId} ${endpoint}` as QueueKey;
}

/** The queue of a key. An id holds no space. */
export function queueOf(key: QueueKey): QueueId {
  const space = key.indexOf(' ');
  return { posId: key.slice(0, space) as PosId, endpoint: key.slice(space + 1) };
}
