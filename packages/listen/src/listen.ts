/**
 * Follows the event feed of a gateway and forwards its events to the receiver, in sequence and one at a time. The gateway does not know:
 * it still sends its own callbacks, and a forwarded event does not count as delivered.
 *
 * The position moves past an event once the receiver has answered. While the gateway or the receiver is unavailable, the listener retries
 * from the same position.
 */
import { Client, isWebposError } from '@webpos/sdk';
import { endCursor, events, type EventsPrunedError, type FeedEvent } from '@webpos/sdk/events';
import { forward } from './forward.ts';
import { positionFile } from './position-file.ts';
import { type ListenOptions, readOptions, type StartPosition } from './read-options.ts';
import { createReport, type Output, type Report } from './report.ts';
import { eventSigner } from './sign-event.ts';
import { trigger } from './trigger.ts';
import { UsageError } from './usage-error.ts';

/** What the command needs from its process. */
export interface ListenWorld extends Output {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reads standard input to its end. */
  readonly readStdin: () => Promise<string>;
  /** Stops the command cleanly. */
  readonly signal: AbortSignal;
}

/** How often the feed is read. A gateway allows a POS a thousand requests per second by default. */
const INTERVAL_MS = 1_000;

/**
 * Runs until the signal aborts.
 *
 * @throws UsageError for wrong options; the client's error when the gateway refuses a request.
 */
export async function listen(world: ListenWorld): Promise<void> {
  const { signal } = world;
  const options = readOptions(world.words, world.environment);
  const secret = options.secret.kind === 'given' ? options.secret.secret : await secretFromStdin(world);
  const { url: baseUrl, mode, clientId } = options;
  const client = new Client({ mode, clientId, secret, baseUrl });
  const report = createReport(world, options.json);
  const position: Position = { cursor: undefined, moveTo: () => Promise.resolve() };
  try {
    await openPosition(position, client, options, signal);
    report.listening(options.forwardTo.href);
    if (options.trigger !== undefined) report.triggered(options.trigger.event, await trigger(client, options.trigger, signal));
    await followFeed({ client, options, secret, position, report, world });
  } catch (error) {
    if (!signal.aborted)
      throw isWebposError(error) && error.name === 'EventsPrunedError' ? prunedEvents(error, options.start) : error;
  }
  report.stopped(position.cursor);
}

/** Says how to go on: which events were missed cannot be known here, so nothing is skipped without being asked. */
function prunedEvents({ message, resumeAfter }: EventsPrunedError, start: StartPosition): Error {
  const goOn =
    start.kind === 'file'
      ? `remove ${start.path} to begin with the events from now on, or start once with --after ${resumeAfter} instead of --position`
      : `start with --after ${resumeAfter}, or with --from-start`;
  return new Error(`${message}. To forward what is stored, ${goOn}`);
}

interface Position {
  cursor: string | undefined;
  /** Moves the position, and stores it if it has a file. */
  moveTo: (cursor: string | undefined) => Promise<void>;
}

async function openPosition(position: Position, client: Client, options: ListenOptions, signal: AbortSignal): Promise<void> {
  const { start } = options;
  const file = start.kind === 'file' ? positionFile(start.path, options) : undefined;
  position.moveTo = async (cursor) => {
    position.cursor = cursor;
    await file?.write(cursor ?? null);
  };
  const stored = await file?.read();
  // Stored at once, so that the next run does not miss the events in between.
  await position.moveTo(stored === undefined ? await startCursor(client, start, signal) : (stored ?? undefined));
}

/** Returns the cursor to start after if none is stored: by default the end of the feed, so that earlier events are not forwarded. */
async function startCursor(client: Client, start: StartPosition, signal: AbortSignal): Promise<string | undefined> {
  if (start.kind === 'after') return start.cursor;
  return start.kind === 'beginning' ? undefined : await endCursor(client, { signal });
}

interface Following {
  readonly client: Client;
  readonly options: ListenOptions;
  readonly secret: string;
  readonly position: Position;
  readonly report: Report;
  readonly world: ListenWorld;
}

async function followFeed({ client, options, secret, position, report, world }: Following): Promise<void> {
  const { signal, now } = world;
  const { forwardTo: to } = options;
  const sign = eventSigner(secret);
  const deliver = async (event: FeedEvent): Promise<void> => {
    let attempts = 1;
    const outcome = await forward({
      to,
      signal,
      makeRequest: () => sign(event, now()),
      onRetry: (failed, made) => {
        attempts = made + 1;
        if (made === 1) report.receiverUnavailable(failed, to.origin);
      },
    });
    report.forwarded(event, outcome, attempts);
  };
  const feed = events(client, {
    after: position.cursor,
    follow: true,
    intervalMs: INTERVAL_MS,
    signal,
    onFailure: (failed) => report.gatewayUnavailable(failed),
  });
  for await (const event of feed) {
    if (options.events?.has(event.callback.event) !== false) await deliver(event);
    await position.moveTo(event.cursor);
  }
}

async function secretFromStdin({ readStdin }: ListenWorld): Promise<string> {
  const [secret = ''] = (await readStdin()).split(/\r?\n/);
  if (secret.trim() === '') throw new UsageError('--secret-stdin: expected the secret on standard input, got nothing');
  return secret.trim();
}
