import type { ApiRequest } from '../calls/api-request.ts';
import { isCallback } from '../callbacks/is-callback.ts';
import type { ReceivedCallback } from '../callbacks/received-callback.ts';
import { unexpectedAnswer } from '../errors/unexpected-answer-error.ts';
import { hasBrand as isWebposError } from '../errors/webpos-error.ts';
import type { CallOptions } from '../options/call-options.ts';
import type { Session } from '../calls/session.ts';
import { NoEventFeedError } from './no-event-feed-error.ts';

/** Something that happened to an order of the POS. */
export interface FeedEvent {
  /** The `webhook-id` of its callback, by which what came both ways is known to be the same. */
  id: string;
  /** What to give as `after` to go on behind this event. Keep it once the event has been acted upon. */
  cursor: string;
  /** What its callback reported it, or would have; just as a `CallbackHandler` gives it. */
  callback: ReceivedCallback;
}

/** What `GET /events` answers. */
export interface FeedPage {
  events: FeedEvent[];
  next: string;
  has_more: boolean;
}

/** What the errors of a read name. */
export const FEED = { method: 'GET', path: '/events' } as const;

/** Reads one page. @throws NoEventFeedError where there is no feed; UnexpectedAnswerError when the page is invalid. */
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
    if (wrong >= 0) throw unexpectedAnswer(FEED, `the event ${wrong} of the page is not one`);
    if (data.next === after && (data.has_more || data.events.length > 0))
      throw unexpectedAnswer(FEED, 'the pages bring nothing new');
    return data;
  } catch (error) {
    throw (isWebposError(error) && noFeed(error)) || error;
  }
}

function isFeedEvent(event: Partial<FeedEvent> | null): boolean {
  return typeof event?.id === 'string' && typeof event.cursor === 'string' && isCallback(event.callback);
}

function noFeed({
  status,
  errorCode,
  requestId,
}: {
  status?: number;
  errorCode?: string;
  requestId?: string;
}): Error | undefined {
  if (status !== 404 && status !== 405) return undefined;
  const message =
    `this server has no feed of events (${status}). It is an addition of the WebPOS gateway: elsewhere, go by ` +
    'callbacks and getPaymentOrder';
  return new NoEventFeedError(message, { ...FEED, status, errorCode, requestId });
}
