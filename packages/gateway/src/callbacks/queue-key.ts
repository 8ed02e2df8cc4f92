/**
 * A queue holds the callbacks of one POS to one endpoint (scheme, host and port), whatever their paths. It is not shared between POS:
 * anyone with an access token can name any endpoint, which must not delay the callbacks of another POS.
 */
import type { PosId } from '../kernel/ids.ts';

export interface QueueId {
  readonly posId: PosId;
  /** The origin of the callback URL. */
  readonly endpoint: string;
}

declare const brand: unique symbol;
/** Identifies a queue, as the key of a map. */
export type QueueKey = string & { readonly [brand]: 'QueueKey' };

export function queueKey({ posId, endpoint }: QueueId): QueueKey {
  return `${posId} ${endpoint}` as QueueKey;
}

/** Parses the key of a queue. A POS id contains no space. */
export function queueOf(key: QueueKey): QueueId {
  const space = key.indexOf(' ');
  return { posId: key.slice(0, space) as PosId, endpoint: key.slice(space + 1) };
}
