import { randomUUID } from 'node:crypto';
import { isoDate, systemClock } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { orderedUuid } from '../../kernel/ordered-uuid.ts';
import { decideManually, type ManualAction } from '../../services/orders/decide-by-hand.ts';
import { orderStatus } from '../../orders/rules.ts';
import type { Command } from '../command.ts';
import { readOptions, type Options } from '../support/options.ts';
import { historyJson } from './order-json.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos order settle UUID --reason TEXT` and `webpos order refuse UUID --reason TEXT`: decide about an order by hand. */
export function orderDecide(action: ManualAction): Command {
  return async (world, config, words) => {
    const options = readOptions(words, ['reason'], { argument: true });
    const id = options.argument<OrderId>('an order');
    const reason = readReason(options);
    const { host, port, tls } = config;
    const publicUrl = config.publicUrl ?? `${tls === undefined ? 'http' : 'https'}://${host}:${port}`;
    const { order, events, entry, isRepeated } = await withBase(world, config, ({ store }) =>
      decideManually(
        {
          store,
          clock: systemClock,
          newUuid: () => orderedUuid(systemClock.now(), randomUUID()),
          publicUrl,
          finalDepth: config.finalDepth,
          // The gateway that serves finds both by itself.
          callbacksStored: () => undefined,
          ordersChanged: () => undefined,
        },
        id,
        { action, actor: 'command', reason },
      ),
    );
    const status = orderStatus(order);
    if (options.json) return world.out(JSON.stringify({ uuid: id, status, events, repeated: isRepeated, ...historyJson(entry) }));
    if (isRepeated) return world.out(`Order ${id} was ${DONE[action]} by hand at ${isoDate(entry.at)} already: ${entry.reason}`);
    world.out(`Order ${id} is ${DONE[action]} by hand: it was ${String(historyJson(entry)['before'])}, and is ${status} now.`);
    world.out(events.length === 0 ? 'No event is sent: its state has not changed.' : `Events: ${events.join(', ')}.`);
  };
}

const DONE: Readonly<Record<ManualAction, string>> = { settle: 'settled', refuse: 'refused' };
const MAX_REASON = 300;

function readReason(options: Options): string {
  const reason = options.required('reason').trim();
  if (reason.length <= MAX_REASON && !/\p{Cc}/u.test(reason)) return reason;
  throw new UsageError(`--reason: expected a line of at most ${MAX_REASON} characters, got something else`);
}
