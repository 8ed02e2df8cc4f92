import type { CallbackId, OrderId, PosId } from '../../kernel/ids.ts';
import { listCallbacks } from '../../services/callbacks/callback-log.ts';
import { callbackSummary } from '../../contract/callback-json.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { DEFAULT_LIMIT, filterOption, LIMIT_RANGE, limitOption, UUID_FORMAT } from '../support/common-options.ts';
import { ENDPOINT_FORMAT, readEndpoint } from '../support/read-endpoint.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

const STATUSES = ['waiting', 'delivered', 'failed', 'not_wanted'] as const;
const HEADS = ['uuid', 'created_at', 'event', 'order', 'status', 'attempts', 'last_error'];

/** `webpos callback list`: lists the newest callbacks, and whether they were delivered. */
export const callbackList: Command = defineCommand({
  name: 'callback list',
  summary: 'List callbacks and their delivery, the newest first',
  usage: '',
  options: {
    order: filterOption('UUID', 'only callbacks of this order', UUID_FORMAT),
    pos: filterOption('UUID', 'only callbacks of this POS', UUID_FORMAT),
    status: filterOption(
      'STATUS',
      'only callbacks with this status',
      'waiting, delivered, failed (given up) or not_wanted (without a callback URL)',
    ),
    endpoint: filterOption('URL', 'only callbacks to this scheme, host and port', ENDPOINT_FORMAT),
    before: filterOption('UUID', 'only callbacks created before this one: the next page', UUID_FORMAT),
    limit: limitOption('callbacks'),
  },
  example: '--status failed --endpoint https://shop.example',
  run: async (world, config, options) => {
    const query = {
      orderId: options.uuid<OrderId>('order', 'an order'),
      posId: options.uuid<PosId>('pos', 'a POS'),
      status: options.oneOf('status', STATUSES),
      endpoint: readEndpoint(options),
      before: options.uuid<CallbackId>('before', 'a callback'),
      limit: options.integer('limit', DEFAULT_LIMIT, LIMIT_RANGE),
    };
    // Nobody else waits for this process, so the search is not cut off.
    const { callbacks, next } = await withBase(world, config, (base) => listCallbacks(base, query, Infinity));
    const shown = callbacks.map(callbackSummary);
    if (options.json) return world.out(JSON.stringify(shown));
    if (shown.length === 0) return world.out('No such callback.');
    const rows = shown.map(({ uuid, created_at, event, order, status, attempts, last_error }) => [
      uuid,
      created_at,
      event,
      order,
      status,
      attempts,
      last_error,
    ]);
    world.out(table(HEADS, rows));
    if (next !== undefined) world.out(`More callbacks: --before ${next}`);
  },
});
