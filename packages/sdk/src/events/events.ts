import { withCallerFrames } from '#runtime';
import { checkOptions } from '../checks/check-options.ts';
import type { Client } from '../client.ts';
import { MAX_TIMEOUT_MS } from '../http/max-timeout.ts';
import { withDeadline } from '../http/deadline.ts';
import type { WebposError } from '../errors/webpos-error.ts';
import { isTransientFailure } from '../http/transient-failure.ts';
import { requireOption } from '../checks/require-option.ts';
import { CALL_RULES, type CallOptions } from '../options/call-options.ts';
import { DURATION_RULE, integerRule, type Rules, typeRule } from '../checks/value-rules.ts';
import { type Session, sessionOf } from '../calls/session-of.ts';
import { END, FEED, type FeedEvent, type FeedPage, readEnd, readPage } from './read-page.ts';

export type { FeedEvent };

/** A failed read while following the feed. */
export interface FailedRead {
  error: WebposError;
  /** The time until the next read, in milliseconds. */
  retryInMs: number;
}

/** Where to begin, and what to do at the end. `timeoutMs`, `maxRetries` and `headers` apply to each read. */
export interface EventsOptions extends CallOptions {
  /**
   * The `cursor` of the last event that you handled, or `end` to begin with the events from now on. Default: begin with the first
   * event.
   */
  after?: string | undefined;
  /** Whether to wait for new events at the end of the feed. Default: false, so the iteration ends there. */
  follow?: boolean | undefined;
  /** The time between two reads at the end of the feed, in milliseconds, randomised by a quarter. Default: 5000. */
  intervalMs?: number | undefined;
  /** Events per read, 1 to 100. Default: 100. */
  pageSize?: number | undefined;
  /** Called for each failure that is tolerated while following, for a log. */
  onFailure?: ((failed: FailedRead) => void) | undefined;
}

const RULES: Rules<EventsOptions> = {
  ...CALL_RULES,
  after: [(after) => typeof after === 'string' && /^[\x21-\x7e]+$/.test(after), 'the cursor of an event'],
  follow: typeRule('boolean'),
  intervalMs: DURATION_RULE,
  pageSize: integerRule(1, 100),
  onFailure: typeRule('function'),
};

// The maximum wait between reads during a long outage.
const MAX_WAIT_MS = 60_000;

/**
 * Iterates over the events of the POS's orders, oldest first: each event once, whether or not its callback arrived, and the
 * events of an order in their order. Store the `cursor` of each event once you have handled it, and begin after it the next time;
 * an event whose cursor was not stored is yielded again.
 *
 * A failed read is retried like any call of the client; after that, the iteration fails. With `follow`, once a first read has
 * succeeded, transient failures (broken connections, slow answers, 429, 5xx) are tolerated for any length of time, with waits
 * that grow to a minute and never end before a `Retry-After`.
 *
 * @param client a client of a WebPOS gateway.
 * @throws ConfigurationError naming the wrong option, at once. During the iteration: NoEventFeedError if the server has no
 *   feed, as the public platform; EventsPrunedError if the events after the cursor are not stored any more; ValidationError for a
 *   cursor of another POS; AbortError once `signal` is aborted; and what
 *   every call may throw.
 * @example
 * for await (const { callback, cursor } of events(client, { after: await readCursor() })) {
 *   await handle(callback);
 *   await storeCursor(cursor);
 * }
 */
export function events(client: Client, options: EventsOptions = {}): AsyncGenerator<FeedEvent, void, undefined> {
  const session = requireSession(client);
  checkOptions(options, RULES);
  const { after, follow = false, intervalMs = 5000, pageSize = 100, onFailure, ...each } = options;
  return eachEvent(session, { after, follow, intervalMs, pageSize, onFailure }, each);
}

/**
 * Returns the cursor of the newest event, without reading the events before it: for a client that begins now and stores its
 * position.
 *
 * @returns a cursor for `after` of {@link events}: only events later than this call follow it.
 * @throws NoEventFeedError if the server has no feed, as the public platform; and what every call may throw.
 * @example
 * let cursor = await endCursor(client);
 * for await (const event of events(client, { after: cursor, follow: true })) cursor = event.cursor;
 */
export async function endCursor(client: Client, options: CallOptions = {}): Promise<string> {
  try {
    return await readEnd(requireSession(client), options);
  } catch (error) {
    throw withCallerFrames(error);
  }
}

function requireSession(client: Client): Session {
  const session = sessionOf(client);
  requireOption(session !== undefined, 'client', 'a Client of @webpos/sdk', client);
  return session;
}

/** Checked options. */
type FeedOptions = Pick<EventsOptions, 'after' | 'onFailure'> & { follow: boolean; intervalMs: number; pageSize: number };

async function* eachEvent(session: Session, feed: FeedOptions, each: CallOptions): AsyncGenerator<FeedEvent, void, undefined> {
  const { follow, intervalMs, pageSize, onFailure } = feed;
  /** Waits, and fails with an AbortError as soon as the caller aborts. */
  const pause = (delayMs: number): Promise<void> =>
    withDeadline(FEED, { timeoutMs: MAX_TIMEOUT_MS, signal: each.signal }, (deadline) => deadline.sleep(delayMs));
  let { after } = feed;
  let failures = 0;
  let isFirst = after !== END;
  try {
    if (after === END) after = await readEnd(session, each);
  } catch (error) {
    throw withCallerFrames(error);
  }
  for (; ; isFirst = false) {
    let page: FeedPage | undefined;
    let waitMs = between(0.75 * intervalMs, 1.25 * intervalMs);
    try {
      page = await readPage(session, { after, pageSize }, each);
      failures = 0;
    } catch (error) {
      // At first, nothing has shown that this client and this server work together.
      if (isFirst || !follow || !isTransientFailure(error)) throw withCallerFrames(error);
      const maxDelayMs = Math.min(MAX_WAIT_MS, intervalMs * 2 ** failures);
      failures += 1;
      waitMs = ((error as WebposError).retryAfterMs ?? 0) + between(maxDelayMs / 2, maxDelayMs);
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

/** Random, so that clients that began or failed together do not read together. */
function between(minMs: number, maxMs: number): number {
  return Math.round(minMs + Math.random() * (maxMs - minMs));
}
