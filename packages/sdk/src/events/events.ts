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
import { type Session, sessionOf } from '../calls/session.ts';
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

const RULES: Rules<EventsOptions> = {
  ...CALL_RULES,
  after: [(after) => typeof after === 'string' && /^[\x21-\x7e]+$/.test(after), 'the cursor of an event'],
  follow: typeRule('boolean'),
  intervalMs: DURATION_RULE,
  pageSize: integerRule(1, 100),
  onFailure: typeRule('function'),
};

// What fails for long is asked for this often.
const MAX_WAIT_MS = 60_000;

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
  const session = sessionOf(client);
  requireOption(session !== undefined, 'client', 'a Client of @webpos/sdk', client);
  checkOptions(options, RULES);
  const { after, follow = false, intervalMs = 5000, pageSize = 100, onFailure, ...each } = options;
  return eachEvent(session, { after, follow, intervalMs, pageSize, onFailure }, each);
}

/** Options that were checked. */
type FeedOptions = Pick<EventsOptions, 'after' | 'onFailure'> & { follow: boolean; intervalMs: number; pageSize: number };

async function* eachEvent(session: Session, feed: FeedOptions, each: CallOptions): AsyncGenerator<FeedEvent, void, undefined> {
  const { follow, intervalMs, pageSize, onFailure } = feed;
  /** Ends with an AbortError as soon as the caller ends it. */
  const pause = (delayMs: number): Promise<void> =>
    withDeadline(FEED, { timeoutMs: MAX_TIMEOUT_MS, signal: each.signal }, (deadline) => deadline.sleep(delayMs));
  let { after } = feed;
  let failures = 0;
  for (let isFirst = true; ; isFirst = false) {
    let page: FeedPage | undefined;
    let waitMs = between(0.75 * intervalMs, 1.25 * intervalMs);
    try {
      page = await readPage(session, { after, pageSize }, each);
      failures = 0;
    } catch (error) {
      // Nothing has yet shown that this client and this server go together.
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

/** So that clients which began together, or failed together, do not ask together. */
function between(minMs: number, maxMs: number): number {
  return Math.round(minMs + Math.random() * (maxMs - minMs));
}
