/**
 * Follows the feed of a gateway and forwards its events to the receiver, in their order and one at a time. The gateway notices nothing of
 * it: it goes on sending its own callbacks, and none counts as delivered because it was forwarded here.
 *
 * The position moves past an event once the receiver has answered. Where the gateway is away the feed is waited for, where the receiver is
 * away the event is; both go on from the same position.
 */
import { Client } from '@webpos/sdk';
import { endCursor, events, type FeedEvent } from '@webpos/sdk/events';
import { forward } from './forward.ts';
import { positionFile } from './position-file.ts';
import { type ListenOptions, readOptions, type StartPosition } from './read-options.ts';
import { createReport, type Output, type Report } from './report.ts';
import { eventSigner } from './sign-event.ts';
import { trigger } from './trigger.ts';
import { UsageError } from './usage-error.ts';

/** What the command needs of the process. */
export interface ListenWorld extends Output {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** All of the standard input. */
  readonly readStdin: () => Promise<string>;
  /** Ends it in order. */
  readonly signal: AbortSignal;
}

/** How often the feed is looked at. A gateway allows a POS a thousand requests a second. */
const INTERVAL_MS = 1_000;

/**
 * Runs until the signal.
 *
 * @throws UsageError when the words are wrong; what the gateway refuses.
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
    if (!signal.aborted) throw error;
  }
  report.stopped(position.cursor);
}

interface Position {
  cursor: string | undefined;
  /** Keeps it too, where it is to be kept. */
  moveTo: (cursor: string | undefined) => Promise<void>;
}

async function openPosition(position: Position, client: Client, options: ListenOptions, signal: AbortSignal): Promise<void> {
  const { start } = options;
  const file = start.kind === 'file' ? positionFile(start.path, options) : undefined;
  position.moveTo = async (cursor) => {
    position.cursor = cursor;
    await file?.write(cursor ?? null);
  };
  const kept = await file?.read();
  // Kept at once: what happens before the next start is then not passed over.
  await position.moveTo(kept === undefined ? await startCursor(client, start, signal) : (kept ?? undefined));
}

/** Without a stored position, earlier events are not forwarded. */
async function startCursor(client: Client, start: StartPosition, signal: AbortSignal): Promise<string | undefined> {
  if (start.kind === 'after') return start.cursor;
  return start.kind === 'first event' ? undefined : await endCursor(client, { signal });
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
        if (made === 1) report.receiverAway(failed, to.origin);
      },
    });
    report.forwarded(event, outcome, attempts);
  };
  const feed = events(client, {
    after: position.cursor,
    follow: true,
    intervalMs: INTERVAL_MS,
    signal,
    onFailure: (failed) => report.gatewayAway(failed),
  });
  for await (const event of feed) {
    if (options.events?.has(event.callback.event) !== false) await deliver(event);
    await position.moveTo(event.cursor);
  }
}

async function secretFromStdin({ readStdin }: ListenWorld): Promise<string> {
  const [secret = ''] = (await readStdin()).split(/\r?\n/);
  if (secret.trim() === '') throw new UsageError('--secret-stdin: expected the secret on the standard input, got nothing');
  return secret.trim();
}
