/**
 * Reads a page of a POS's event feed, so that a shop that was down can read what it missed.
 *
 * A cursor stands for one event: it holds the event's position and the end of its id. So a cursor of another POS, or from before the
 * database was restored to an earlier state, is refused instead of silently skipping events. So is one from before the events that are
 * still stored; the error has the cursor after which all events are stored.
 */
import type { CallbackBody } from '@webpos/sdk/wire';
import { validationError } from '../../contract/contract-error.ts';
import type { PosId } from '../../kernel/ids.ts';
import type { FeedEvent, FeedPlace } from '../../store/ports/callback-store.ts';
import type { GuardedContext, StoreContext } from '../context.ts';
import { checkedCallbacks } from './checked-body.ts';

export interface EventFeed {
  events: { id: string; cursor: string; callback: CallbackBody }[];
  next: string;
  has_more: boolean;
}

/** The last event that was read. */
export interface FeedCursor {
  /** From 1; 0 is before the first event. */
  readonly position: number;
  /** The end of its id, which is random. */
  readonly tag: string;
}

export const CURSOR_EXPECTED = 'must be the `next` of a page, or the `cursor` of an event, of this POS';

const PRUNED =
  'is from before the time for which this gateway keeps events: later events are not stored any more. Read the orders that may have changed since, then continue after `resume_after`, or start without `after` at the first event that is stored';

/** Stands for the end of the feed instead of a cursor. */
export const END = 'end';
/** How many events get their positions in one transaction, for which others wait. */
const POSITIONS_PER_TRANSACTION = 1_000;
/** Bounds these transactions for one request. The client sends another request for the rest. */
const MAX_TRANSACTIONS = 10;

/** Bounds the size of a page, because clients bound what they read: the published one reads at most 1 MiB. */
const MAX_PAGE_CHARACTERS = 512 * 1024;
const TAG_LENGTH = 8;

/**
 * @param after Default: the first event that is stored.
 * @throws ContractError 0001 if the cursor is not one of this feed, or if later events have been pruned.
 */
export async function readEvents(
  context: Pick<StoreContext, 'store'> & GuardedContext,
  posId: PosId,
  { after, limit }: { readonly after?: FeedCursor | undefined; readonly limit: number },
): Promise<EventFeed> {
  const { store } = context;
  const { found, pruned } = await store.transaction(async ({ callbacks }) => {
    // Includes the event that was read last, to check that it is the one that the cursor stands for.
    const events = await callbacks.feed(posId, Math.max(0, (after?.position ?? 0) - 1), limit + 2);
    const isKnown = after === undefined || (events[0] !== undefined && cursorOf(placeOf(events[0])) === textOf(after));
    return isKnown ? { found: events, pruned: undefined } : { found: events, pruned: await callbacks.prunedEvent(posId) };
  });
  if (after !== undefined) checkCursor(after, found[0], pruned);
  const page = fitPage(found.filter(({ position }) => position > (after?.position ?? 0)).slice(0, limit));
  const newest = page.at(-1);
  const bodies = await checkedCallbacks(
    context,
    store,
    page.map(({ callback }) => callback),
  );
  return {
    // We wrote these bodies when the events happened.
    events: page.map((event, nth) => ({
      id: event.callback.id,
      cursor: cursorOf(placeOf(event)),
      callback: JSON.parse(bodies[nth]?.body ?? event.callback.body) as CallbackBody,
    })),
    next: newest === undefined ? textOf(after ?? BEGINNING) : cursorOf(placeOf(newest)),
    has_more: (found.at(-1)?.position ?? 0) > (newest?.position ?? after?.position ?? 0),
  };
}

/**
 * Reads the end of the feed, for a client that wants only later events. Returns no events, and the cursor of the newest one: events that
 * were stored before the request are not after it, and events that are stored after the response are.
 *
 * @returns `has_more`, and {@link END} as `next`, if the client must repeat the request because too many events had no position yet.
 */
export async function readEventsEnd({ store }: Pick<StoreContext, 'store'>, posId: PosId): Promise<EventFeed> {
  for (let transactions = 0; transactions < MAX_TRANSACTIONS; transactions += 1) {
    const end = await store.transaction((tx) => tx.callbacks.feedEnd(posId, POSITIONS_PER_TRANSACTION));
    if (end.isReached) return { events: [], next: end.newest ? cursorOf(end.newest) : textOf(BEGINNING), has_more: false };
  }
  return { events: [], next: END, has_more: true };
}

/** Returns undefined if the text is not a cursor. */
export function parseCursor(text: string): FeedCursor | undefined {
  const [, digits, tag = ''] =
    /^1:(0|[1-9]\d{0,14})(?::([\da-f]{8}))?$/.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  if (digits === undefined || (digits === '0') !== (tag === '')) return undefined;
  const cursor = { position: Number(digits), tag };
  return textOf(cursor) === text ? cursor : undefined;
}

const BEGINNING: FeedCursor = { position: 0, tag: '' };

/** Opaque to clients, so that it can hold more one day. */
function textOf({ position, tag }: FeedCursor): string {
  return Buffer.from(position === 0 ? '1:0' : `1:${position}:${tag}`).toString('base64url');
}

function cursorOf({ position, id }: FeedPlace): string {
  return textOf({ position, tag: id.slice(-TAG_LENGTH) });
}

const placeOf = ({ position, callback: { id } }: FeedEvent): FeedPlace => ({ position, id });

/**
 * @param first The first event at the cursor's position or after it.
 * @param pruned The last event that was pruned.
 * @throws ContractError 0001 if the cursor stands for no event, or if later events have been pruned.
 */
function checkCursor(after: FeedCursor, first: FeedEvent | undefined, pruned: FeedPlace | undefined): void {
  if (pruned !== undefined && after.position < pruned.position)
    throw validationError({ after: [PRUNED], resume_after: [cursorOf(pruned)] });
  const known = [first && placeOf(first), pruned].some((place) => place !== undefined && cursorOf(place) === textOf(after));
  if (!known && after.position > 0) throw validationError({ after: [CURSOR_EXPECTED] });
}

/** Keeps the first events that fit into a page: at least one, however long. */
function fitPage(events: readonly FeedEvent[]): readonly FeedEvent[] {
  let characters = 0;
  const tooMany = events.findIndex(({ callback }) => (characters += callback.body.length) > MAX_PAGE_CHARACTERS);
  return tooMany === -1 ? events : events.slice(0, Math.max(1, tooMany));
}
