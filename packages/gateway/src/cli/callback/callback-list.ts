import type { CallbackId, OrderId, PosId } from '../../kernel/ids.ts';
import { listCallbacks } from '../../services/callbacks/callback-log.ts';
import { callbackSummary } from '../../contract/callback-json.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';
import { readEndpoint } from '../support/read-endpoint.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

const STATUSES = ['waiting', 'delivered', 'failed', 'not_wanted'] as const;
const HEADS = ['uuid', 'created_at', 'event', 'order', 'status', 'attempts', 'last_error'];

/** `webpos callback list`: the newest callbacks, and what became of them. */
export const callbackList: Command = async (world, config, words) => {
  const options = readOptions(words, ['order', 'pos', 'status', 'endpoint', 'before', 'limit']);
  const query = {
    orderId: options.uuid<OrderId>('order', 'an order'),
    posId: options.uuid<PosId>('pos', 'a POS'),
    status: options.oneOf('status', STATUSES),
    endpoint: readEndpoint(options),
    before: options.uuid<CallbackId>('before', 'a callback'),
    limit: options.integer('limit', 20, { least: 1, most: 1000 }),
  };
  const { callbacks, next } = await withBase(world, config, (base) => listCallbacks(base, query));
  const shown = callbacks.map(callbackSummary);
  if (options.json) return world.out(JSON.stringify(shown));
  if (shown.length === 0) return world.out('There is no such callback.');
  world.out(
    table(
      HEADS,
      shown.map(({ uuid, created_at, event, order, status, attempts, last_error }) => [
        uuid,
        created_at,
        event,
        order,
        status,
        attempts,
        last_error,
      ]),
    ),
  );
  if (next !== undefined) world.out(`There are more: --before ${next}`);
};
