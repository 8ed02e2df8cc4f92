/** A page of the events of a POS in the order of its feed, so that a shop that was down can read what it missed. */
import type { CallbackBody } from '@webpos/sdk/wire';
import type { PosId } from '../kernel/ids.ts';
import type { ServiceContext } from './context.ts';

export interface EventFeed {
  events: { id: string; callback: CallbackBody }[];
  next: string;
  has_more: boolean;
}

/** @param after The position of the last event that was read; 0 from the beginning. */
export async function readEvents(
  { store }: Pick<ServiceContext, 'store'>,
  posId: PosId,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<EventFeed> {
  const found = await store.transaction((tx) => tx.callbacks.feed(posId, after, limit + 1));
  const page = found.slice(0, limit);
  return {
    // Frozen by ourselves when the event happened.
    events: page.map(({ callback: { id, body } }) => ({ id, callback: JSON.parse(body) as CallbackBody })),
    next: cursorOf(page.at(-1)?.position ?? after),
    has_more: found.length > limit,
  };
}

/** Opaque to clients, so that it may come to hold more. */
function cursorOf(position: number): string {
  return Buffer.from(`1:${position}`).toString('base64url');
}

/** The position that a cursor stands for; undefined when it is none of ours. */
export function positionOf(cursor: string): number | undefined {
  const [, digits] = /^1:(0|[1-9]\d{0,14})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return digits === undefined || cursorOf(Number(digits)) !== cursor ? undefined : Number(digits);
}
