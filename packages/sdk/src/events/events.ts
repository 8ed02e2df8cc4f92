import type { Client } from '../client.ts';
import { withDeadline } from '../deadline.ts';
import type { ApiError } from '../errors/api-error.ts';
import type { WebposError } from '../errors/webpos-error.ts';
import { mayPass } from '../may-pass.ts';
import { need } from '../need.ts';
import { type CallOptions, MAX_TIMEOUT_MS, parseDuration, parseInteger, parseSignal } from '../options.ts';
import { SESSION, type Session } from '../session.ts';
import { FEED, type FeedEvent, type FeedPage, readPage } from './read-page.ts';

export type { FeedEvent };

/** A read that failed while the feed was followed. */
export interface FailedRead {
  error: WebposError;
  /** After how many milliseconds the next one is made. */
  retryInMs: number;
}

/** Where to begin, and what to do at the end. `timeoutMs`, `maxRetries` and `headers` are those of each read. */
export interface EventsOptions extends CallOptions {
  /** The `cursor` of the last event that was acted upon. Default: from the first event on. */
  after?: string | undefined;
  /** Whether to wait at the end for what comes. Default: false, so that it ends where the feed ends now. */
  follow?: boolean | undefined;
  /** The time between two looks at the end, in milliseconds, a quarter more or less. Default: 5000. */
  intervalMs?: number | undefined;
  /** Events that are read at once, 1 to 100. Default: 100. */
  pageSize?: number | undefined;
  /** Hears of what is sat out while following, for a log. */
  onFailure?: ((failed: FailedRead) => void) | undefined;
}

// What fails for long is asked for this often.
const LONGEST_WAIT_MS = 60_000;

/**
 * Goes through what has happened to the orders of the POS, the oldest first: every event once, whether its callback arrived or
 * not, and the events of an order in their order. Keep the `cursor` of each event once it has been acted upon, and begin behind it
 * the next time; an event that was not acted upon to its end comes again.
 *
 * A read that fails is repeated as every call of the client is. Then the iteration fails; with `follow`, once a first read has
 * succeeded, it sits out whatever may pass by itself, for as long as it takes: broken connections, slow answers, 429 and 5xx, with
 * waits that grow to a minute and never end before a `Retry-After`.
 *
 * @param client a client of a WebPOS gateway.
 * @throws ConfigurationError that names the wrong option, at once. While iterating: NoEventFeedError where there is no feed, as on the
 *   public platform; ValidationError for a cursor that is not of this POS; AbortError once `signal` has ended it; and what every
 *   call may throw.
 * @example
 * for await (const { callback, cursor } of events(client, { after: await lastCursor() })) {
 *   await act(callback);
 *   await keepCursor(cursor);
 * }
 */
export function events(client: Client, options: EventsOptions = {}): AsyncGenerator<FeedEvent, void, undefined> {
  const { after, follow = false, intervalMs = 5000, pageSize = 100, onFailure, ...each } = options;
  const session = (Object(client) as Readonly<Record<symbol, Session | undefined>>)[SESSION];
  need(session !== undefined, 'client', 'a Client of @webpos/sdk', client);
  need(
    after === undefined || (typeof after === 'string' && /^[\x21-\x7e]+$/.test(after)),
    'after',
    'the cursor of an event',
    after,
  );
  need(typeof follow === 'boolean', 'follow', 'true or false', follow);
  need(onFailure === undefined || typeof onFailure === 'function', 'onFailure', 'a function', onFailure);
  parseDuration('intervalMs', intervalMs);
  parseInteger('pageSize', pageSize, 1, 100);
  parseSignal(each.signal);
  return eachEvent(session, { after, follow, intervalMs, pageSize, onFailure }, each);
}

/** Options that were checked. */
type Way = Pick<EventsOptions, 'after' | 'onFailure'> & { follow: boolean; intervalMs: number; pageSize: number };

async function* eachEvent(session: Session, way: Way, each: CallOptions): AsyncGenerator<FeedEvent, void, undefined> {
  const { follow, intervalMs, pageSize, onFailure } = way;
  /** Ends with an AbortError as soon as the caller ends it. */
  const pause = (delayMs: number): Promise<void> =>
    withDeadline(FEED, { timeoutMs: MAX_TIMEOUT_MS, signal: each.signal }, (deadline) => deadline.sleep(delayMs));
  let { after } = way;
  let failures = 0;
  for (let isFirst = true; ; isFirst = false) {
    let page: FeedPage | undefined;
    let waitMs = between(0.75 * intervalMs, 1.25 * intervalMs);
    try {
      page = await readPage(session, { after, pageSize }, each);
      failures = 0;
    } catch (error) {
      // Nothing has yet shown that this client and this server go together.
      if (isFirst || !follow || !mayPass(error)) throw error;
      const longestMs = Math.min(LONGEST_WAIT_MS, intervalMs * 2 ** failures);
      failures += 1;
      waitMs = ((error as Partial<ApiError>).retryAfterMs ?? 0) + between(longestMs / 2, longestMs);
      onFailure?.({ error: error as WebposError, retryInMs: waitMs });
    }
    for (const event of page?.events ?? []) {
      if (each.signal?.aborted) await pause(0);
      yield event;
    }
    after = page?.next ?? after;
    if (page?.has_more) continue;
    if (!follow) return;
    await pause(waitMs);
  }
}

/** So that clients which began together, or failed together, do not ask together. */
function between(leastMs: number, mostMs: number): number {
  return Math.round(leastMs + Math.random() * (mostMs - leastMs));
}
