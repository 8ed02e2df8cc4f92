import { epochMs, isoDate, systemClock, type EpochMs } from '../kernel/clock.ts';
import type { CallbackId, PosId } from '../kernel/ids.ts';
import { redeliverCallback, redeliverFailed } from '../services/redeliver-callback.ts';
import type { Command } from './command.ts';
import { readOptions, type Options } from './options.ts';
import { readEndpoint } from './read-endpoint.ts';
import { UsageError } from './usage-error.ts';
import { withBase } from './with-base.ts';

/**
 * `webpos callback redeliver UUID`: has the gateway that serves send a callback again, within seconds. With `--failed-since TIME`
 * instead: all that were given up since then.
 */
export const callbackRedeliver: Command = async (world, config, words) => {
  const options = readOptions(words, ['failed-since', 'pos', 'endpoint'], { argument: 'optional' });
  const since = readSince(options);
  const posId = options.uuid<PosId>('pos', 'a POS');
  const endpoint = readEndpoint(options);
  if (since !== undefined) {
    if (options.hasArgument) throw new UsageError('expected the UUID of a callback or --failed-since, got both');
    const many = await withBase(world, config, ({ store }) =>
      redeliverFailed({ store, clock: systemClock }, { endedSince: since, posId, endpoint }),
    );
    if (options.json) return world.out(JSON.stringify(many));
    world.out(`${many.due} callbacks that were given up since ${isoDate(since)} are due now.`);
    if (many.busy > 0)
      world.out(`Of ${many.busy} others an event of the same order is being sent at this moment: try again in half a minute.`);
    return;
  }
  if (posId !== undefined || endpoint !== undefined)
    throw new UsageError('--failed-since: expected one beside --pos or --endpoint, got nothing');
  const id = options.argument<CallbackId>('a callback');
  const { callback, waitsFor } = await withBase(world, config, ({ store }) =>
    redeliverCallback({ store, clock: systemClock }, id),
  );
  if (options.json)
    return world.out(JSON.stringify({ uuid: id, order: callback.orderId, event: callback.event, waits_for: waitsFor ?? null }));
  world.out(`Callback ${id} (${callback.event} of order ${callback.orderId}) is due now.`);
  if (waitsFor !== undefined)
    world.out(
      `The events of an order go out in their order, so it waits until callback ${waitsFor} has been delivered or given up.`,
    );
};

function readSince(options: Options): EpochMs | undefined {
  const text = options.optional('failed-since');
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d(?:T|$)/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageError('--failed-since: expected a time such as 2026-11-23 or 2026-11-23T18:00:00Z, got something else');
  return epochMs(time);
}
