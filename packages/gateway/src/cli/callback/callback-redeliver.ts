import type { Config } from '../../config/config.ts';
import { isoDate, systemClock, type EpochMs } from '../../kernel/clock.ts';
import type { CallbackId, PosId } from '../../kernel/ids.ts';
import { SECOND_MS } from '../../kernel/durations.ts';
import { redeliverCallback } from '../../services/callbacks/redeliver-callback.ts';
import {
  PAUSE_BESIDE_GATEWAY_MS,
  redeliverFailed,
  type ManyOptions,
  type ManyRedelivered,
} from '../../services/callbacks/redeliver-failed.ts';
import type { RedeliveryContext } from '../../services/context.ts';
import type { Store } from '../../store/ports/store.ts';
import type { CliWorld, Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { filterOption, TIME_FORMAT, UUID_FORMAT } from '../support/common-options.ts';
import type { Options } from '../support/options.ts';
import { CALLBACK_URL_FORMAT, readCallbackUrl } from '../support/read-callback-url.ts';
import { ENDPOINT_FORMAT, readEndpoint } from '../support/read-endpoint.ts';
import { readTime } from '../support/read-time.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

const PROGRESS_MS = 10 * SECOND_MS;

type RedeliveryOptions = Options<'failed-since' | 'pos' | 'endpoint' | 'url'>;

/** `webpos callback redeliver`: makes one callback due again, or all that were given up since a time. */
export const callbackRedeliver: Command = defineCommand({
  name: 'callback redeliver',
  summary: 'Send callbacks again, through the gateway that serves',
  usage: '(UUID | --failed-since TIME)',
  argument: { name: 'UUID', text: 'callback to send again', isOptional: true },
  options: {
    'failed-since': {
      value: 'TIME',
      text: 'send all callbacks that were given up at this time or later',
      allowed: TIME_FORMAT,
    },
    pos: filterOption('UUID', 'with --failed-since: only callbacks of this POS', UUID_FORMAT),
    endpoint: filterOption('URL', 'with --failed-since: only callbacks to this scheme, host and port', ENDPOINT_FORMAT),
    url: {
      value: 'URL',
      text: 'new destination of these callbacks and of all later ones of their orders',
      allowed: CALLBACK_URL_FORMAT,
      default: 'unchanged',
    },
  },
  notes: [
    'The gateway sends the callbacks within seconds. It delivers the events of an order in sequence: if an earlier one has to go ' +
      'first, the command names it.',
  ],
  example: '--failed-since 2026-11-23T18:00:00Z --endpoint https://shop.example',
  run: async (world, config, options) => {
    const since = readTime(options, 'failed-since');
    const given = options.optional('url');
    const url = given === undefined ? undefined : readCallbackUrl('url', given, config);
    if (since === undefined) await redeliverOne(world, config, options, url);
    else await redeliverMany(world, config, options, since, url);
  },
});

/** A running gateway notices due callbacks itself. */
const contextOf = (store: Store): RedeliveryContext => ({ store, clock: systemClock, callbacksStored: () => undefined });

async function redeliverMany(
  world: CliWorld,
  config: Config,
  options: RedeliveryOptions,
  since: EpochMs,
  url: string | undefined,
): Promise<void> {
  if (options.hasArgument) throw new UsageError('expected the UUID of a callback or --failed-since, got both');
  const query = { endedSince: since, posId: options.uuid<PosId>('pos', 'a POS'), endpoint: readEndpoint(options) };
  const many = await withBase(world, config, ({ store }) =>
    redeliverFailed(contextOf(store), query, { url, pauseMs: PAUSE_BESIDE_GATEWAY_MS, ...reports(world) }),
  );
  if (options.json) return world.out(JSON.stringify(many));
  const destination = url === undefined ? '' : `, and go to ${url} from now on`;
  world.out(`${many.due} callbacks that were given up since ${isoDate(since)} are due now${destination}.`);
  if (many.busy > 0)
    world.out(`${many.busy} others wait for an event of their order that is being sent now: try again in 30 seconds.`);
  if (many.damaged > 0)
    world.out(
      `${many.damaged} cannot be sent, because their stored bodies are damaged: webpos callback list --status failed says so.`,
    );
}

/** Reports every ten seconds how far a redelivery is, and when the database refuses it. */
function reports(world: CliWorld): Pick<ManyOptions, 'progress' | 'refused'> {
  let reportedAtMs = performance.now();
  const report = (everyMs: number, line: string): void => {
    if (performance.now() - reportedAtMs < everyMs) return;
    reportedAtMs = performance.now();
    world.err(line);
  };
  const sofar = ({ due }: ManyRedelivered): string => `${due} callbacks are due so far`;
  return {
    progress: (many) => report(PROGRESS_MS, `webpos: ${sofar(many)}.`),
    refused: (_error, many) =>
      report(SECOND_MS, `webpos: the database is locked or does not answer: trying again. ${sofar(many)}.`),
  };
}

async function redeliverOne(world: CliWorld, config: Config, options: RedeliveryOptions, url: string | undefined): Promise<void> {
  if (options.optional('pos') !== undefined || options.optional('endpoint') !== undefined)
    throw new UsageError('--failed-since: expected a time, as --pos and --endpoint require, got nothing');
  const id = options.argument<CallbackId>('a callback');
  const { callback, blockedBy } = await withBase(world, config, ({ store }) => redeliverCallback(contextOf(store), id, url));
  if (options.json)
    return world.out(JSON.stringify({ uuid: id, order: callback.orderId, event: callback.event, blocked_by: blockedBy ?? null }));
  world.out(`Callback ${id} (${callback.event} of order ${callback.orderId}) is due now.`);
  if (url !== undefined) world.out(`It goes to ${url}, and so do all later events of that order.`);
  if (blockedBy !== undefined)
    world.out(`It waits until callback ${blockedBy}, an earlier event of the order, has been delivered or given up.`);
}
