import type { ApiRequest } from '../calls/api-request.ts';
import { isCallback } from '../callbacks/is-callback.ts';
import type { ReceivedCallback } from '../callbacks/received-callback.ts';
import { unexpectedAnswer } from '../errors/unexpected-answer-error.ts';
import { hasBrand as isWebposError } from '../errors/webpos-error.ts';
import type { CallOptions } from '../options/call-options.ts';
import type { Session } from '../calls/session-of.ts';
import { EventsPrunedError } from './events-pruned-error.ts';
import { NoEventFeedError } from './no-event-feed-error.ts';

/** An event of an order of the POS. */
export interface FeedEvent {
  /** The `webhook-id` of its callback, which identifies the event in the feed and as a callback. */
  id: string;
  /** The value of `after` with which to continue after this event. Store it once you have handled the event. */
  cursor: string;
  /** The content of its callback, as a `CallbackHandler` returns it. */
  callback: ReceivedCallback;
}

/** The answer of `GET /events`. */
export interface FeedPage {
  events: FeedEvent[];
  next: string;
  has_more: boolean;
}

/** Replaces a cursor: the end of the feed. */
export const END = 'end';

// Each read makes the gateway number thousands of events.
const MAX_READS_OF_END = 10_000;

/** The request that errors name. */
export const FEED = { method: 'GET', path: '/events' } as const;

/**
 * Reads one page.
 *
 * @throws NoEventFeedError if the server has no feed; EventsPrunedError if later events are not stored any more; UnexpectedAnswerError if
 *   the page is malformed.
 */
export async function readPage(
  session: Session,
  { after, pageSize }: { after: string | undefined; pageSize: number },
  options: CallOptions,
): Promise<FeedPage> {
  const query = `?limit=${pageSize}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`;
  const answer: ApiRequest<FeedPage>['answer'] = { events: 'objects', next: 'string' };
  try {
    const { data } = await session.send<FeedPage>({ ...FEED, query, repeatable: true, answer }, options);
    const wrong = data.events.findIndex((event) => !isFeedEvent(event));
    if (wrong >= 0) throw unexpectedAnswer(FEED, `event ${wrong} of the page is malformed`);
    if (data.next === after && after !== END && (data.has_more || data.events.length > 0))
      throw unexpectedAnswer(FEED, 'the pages repeat');
    return data;
  } catch (error) {
    throw (isWebposError(error) && (noFeed(error) ?? pruned(error))) || error;
  }
}

/** Reads the cursor of the newest event. It takes several requests if the feed is long and was never read. */
export async function readEnd(session: Session, options: CallOptions): Promise<string> {
  for (let reads = 0; reads < MAX_READS_OF_END; reads += 1) {
    const { next, has_more: hasMore } = await readPage(session, { after: END, pageSize: 1 }, options);
    if (!hasMore) return next;
  }
  throw unexpectedAnswer(FEED, 'the feed has no end');
}

function isFeedEvent(event: Partial<FeedEvent> | null): boolean {
  return typeof event?.id === 'string' && typeof event.cursor === 'string' && isCallback(event.callback);
}

/** What these errors need of a refusal. */
interface Refusal {
  status?: number;
  errorCode?: string;
  requestId?: string;
  errors?: Readonly<Record<string, readonly string[]>>;
}

function noFeed({ status, errorCode, requestId }: Refusal): Error | undefined {
  if (status !== 404 && status !== 405) return undefined;
  const message = `this server has no event feed (${status}). Only a WebPOS gateway has one: elsewhere, use callbacks and getPaymentOrder`;
  return new NoEventFeedError(message, { ...FEED, status, errorCode, requestId });
}

function pruned({ status, errorCode, requestId, errors }: Refusal): Error | undefined {
  const resumeAfter = errors?.['resume_after']?.[0];
  if (errorCode === undefined || resumeAfter === undefined) return undefined;
  const message =
    'events after this cursor are not stored any more. Read the orders that may have changed since, then continue after resumeAfter';
  return new EventsPrunedError(message, { ...FEED, status, errorCode, requestId, resumeAfter });
}
