import { isoDate, systemClock } from '../../kernel/clock.ts';
import type { CallbackId, PosId } from '../../kernel/ids.ts';
import { redeliverCallback, redeliverFailed } from '../../services/callbacks/redeliver-callback.ts';
import type { RedeliveryContext } from '../../services/context.ts';
import type { Store } from '../../store/ports/store.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';
import { readCallbackUrl } from '../support/read-callback-url.ts';
import { readEndpoint } from '../support/read-endpoint.ts';
import { readTime } from '../support/read-time.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

/** The gateway that serves finds what is due by itself. */
const contextOf = (store: Store): RedeliveryContext => ({ store, clock: systemClock, callbacksStored: () => undefined });

/**
 * `webpos callback redeliver UUID`: has the gateway that serves send a callback again, within seconds. With `--failed-since TIME`
 * instead: all that were given up since then.
 */
export const callbackRedeliver: Command = async (world, config, words) => {
  const options = readOptions(words, ['failed-since', 'pos', 'endpoint', 'url'], { argument: 'optional' });
  const since = readTime(options, 'failed-since');
  const posId = options.uuid<PosId>('pos', 'a POS');
  const endpoint = readEndpoint(options);
  const given = options.optional('url');
  const url = given === undefined ? undefined : readCallbackUrl('url', given, config);
  const whereTo = url === undefined ? '' : `, and go to ${url} from now on`;
  if (since !== undefined) {
    if (options.hasArgument) throw new UsageError('expected the UUID of a callback or --failed-since, got both');
    const many = await withBase(world, config, ({ store }) =>
      redeliverFailed(contextOf(store), { endedSince: since, posId, endpoint }, url),
    );
    if (options.json) return world.out(JSON.stringify(many));
    world.out(`${many.due} callbacks that were given up since ${isoDate(since)} are due now${whereTo}.`);
    if (many.busy > 0)
      world.out(`Of ${many.busy} others an event of the same order is being sent at this moment: try again in half a minute.`);
    return;
  }
  if (posId !== undefined || endpoint !== undefined)
    throw new UsageError('--failed-since: expected one beside --pos or --endpoint, got nothing');
  const id = options.argument<CallbackId>('a callback');
  const { callback, blockedBy } = await withBase(world, config, ({ store }) => redeliverCallback(contextOf(store), id, url));
  if (options.json)
    return world.out(JSON.stringify({ uuid: id, order: callback.orderId, event: callback.event, blocked_by: blockedBy ?? null }));
  world.out(`Callback ${id} (${callback.event} of order ${callback.orderId}) is due now.`);
  if (url !== undefined) world.out(`It goes to ${url}, and so do all later events of that order.`);
  if (blockedBy !== undefined)
    world.out(
      `The events of an order go out in their order, so it waits until callback ${blockedBy} has been delivered or given up.`,
    );
};
