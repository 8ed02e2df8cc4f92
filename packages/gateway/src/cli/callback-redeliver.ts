import { systemClock } from '../kernel/clock.ts';
import type { CallbackId } from '../kernel/ids.ts';
import { redeliverCallback } from '../services/redeliver-callback.ts';
import type { Command } from './command.ts';
import { readOptions } from './options.ts';
import { withBase } from './with-base.ts';

/** `webpos callback redeliver UUID`: has the gateway that serves send a callback again, within seconds. */
export const callbackRedeliver: Command = async (world, config, words) => {
  const options = readOptions(words, [], { argument: true });
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
