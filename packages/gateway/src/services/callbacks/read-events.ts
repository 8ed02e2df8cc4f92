/**
 * A page of the events of a POS in the order of its feed, so that a shop that was down can read what it missed.
 *
 * A cursor stands for one event: it tells its place and the end of its id. A cursor of another POS, or one from before the
 * database was put back to an earlier state, is thereby refused instead of leading past events in silence.
 */
import type { CallbackBody } from '@webpos/sdk/wire';
import { validationError } from '../../contract/contract-error.ts';
import type { PosId } from '../../kernel/ids.ts';
import type { FeedEvent } from '../../store/ports/callback-store.ts';
import type { StoreContext } from '../context.ts';

export interface EventFeed {
  events: { id: string; cursor: string; callback: CallbackBody }[];
  next: string;
  has_more: boolean;
}

/** The last event that was read. */
export interface FeedCursor {
  /** Its place; 0 before the first. */
  readonly position: number;
  /** The end of its id, which is its random part. */
  readonly tag: string;
}

export const CURSOR_EXPECTED = 'must be the `next` of a page, or the `cursor` of an event, of this POS';

/** In place of a cursor: the end of the feed. */
export const END = 'end';
/** How many events get their positions in one transaction, which others wait for. */
const POSITIONS_PER_TRANSACTION = 1_000;
/** How many such transactions one request may cause; the client sends another request for the rest. */
const MAX_TRANSACTIONS = 10;

/** A page ends behind so much text, for clients that read only so much: the published one takes 1 MiB. */
const MAX_PAGE_CHARACTERS = 512 * 1024;
const TAG_LENGTH = 8;

/**
 * @param after Undefined: from the beginning.
 * @throws ContractError 0001 when the cursor is not one of this feed.
 */
export async function readEvents(
  { store }: Pick<StoreContext, 'store'>,
  posId: PosId,
  { after = BEGINNING, limit }: { readonly after?: FeedCursor | undefined; readonly limit: number },
): Promise<EventFeed> {
  // From the event that was read last on, to see that it is the one that the cursor stands for.
  const first = Math.max(0, after.position - 1);
  const found = await store.transaction((tx) => tx.callbacks.feed(posId, first, limit + 2));
  const last = after.position === 0 ? undefined : found.shift();
  if (after.position > 0 && (last === undefined || cursorOf(last) !== textOf(after)))
    throw validationError({ after: [CURSOR_EXPECTED] });
  const page = shortEnough(found.slice(0, limit));
  const newest = page.at(-1);
  return {
    // Frozen by ourselves when the event happened.
    events: page.map((event) => ({
      id: event.callback.id,
      cursor: cursorOf(event),
      callback: JSON.parse(event.callback.body) as CallbackBody,
    })),
    next: newest === undefined ? textOf(after) : cursorOf(newest),
    has_more: found.length > page.length,
  };
}

/**
 * Reads the end of the feed, for a client that wants only what happens from now on: no events, and the cursor of the newest one. Events
 * that were stored before the request are not after that cursor, and events that are stored after the answer are.
 *
 * @returns `has_more`, and {@link END} as `next`, if so many events were never read that their positions take another request.
 */
export async function readEventsEnd({ store }: Pick<StoreContext, 'store'>, posId: PosId): Promise<EventFeed> {
  for (let transactions = 0; transactions < MAX_TRANSACTIONS; transactions += 1) {
    const end = await store.transaction((tx) => tx.callbacks.feedEnd(posId, POSITIONS_PER_TRANSACTION));
    if (end.isReached) return { events: [], next: end.newest ? cursorOf(end.newest) : textOf(BEGINNING), has_more: false };
  }
  return { events: [], next: END, has_more: true };
}

/** Undefined when it is not ours. */
export function parseCursor(text: string): FeedCursor | undefined {
  const [, digits, tag = ''] =
    /^1:(0|[1-9]\d{0,14})(?::([\da-f]{8}))?$/.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  if (digits === undefined || (digits === '0') !== (tag === '')) return undefined;
  const cursor = { position: Number(digits), tag };
  return textOf(cursor) === text ? cursor : undefined;
}

const BEGINNING: FeedCursor = { position: 0, tag: '' };

/** Opaque to clients, so that it may come to hold more. */
function textOf({ position, tag }: FeedCursor): string {
  return Buffer.from(position === 0 ? '1:0' : `1:${position}:${tag}`).toString('base64url');
}

function cursorOf({ position, callback }: FeedEvent): string {
  return textOf({ position, tag: callback.id.slice(-TAG_LENGTH) });
}

/** At least one event, however long. */
function shortEnough(events: readonly FeedEvent[]): readonly FeedEvent[] {
  let characters = 0;
  const tooMany = events.findIndex(({ callback }) => (characters += callback.body.length) > MAX_PAGE_CHARACTERS);
  return tooMany === -1 ? events : events.slice(0, Math.max(1, tooMany));
}
