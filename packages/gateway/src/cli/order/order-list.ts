import { BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import { systemClock } from '../../kernel/clock.ts';
import { OPERATOR } from '../../people/viewer.ts';
import { orderSummary, type OrderSummary } from '../../services/orders/order-json.ts';
import { searchOrders } from '../../services/orders/search-orders.ts';
import { checkedOrders } from '../../services/orders/shown-address.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { DEFAULT_LIMIT, filterOption, LIMIT_RANGE, limitOption, TIME_FORMAT, UUID_FORMAT } from '../support/common-options.ts';
import { CURSORS_OPTION, readCursors } from '../support/cursors-option.ts';
import { readTime } from '../support/read-time.ts';
import { table } from '../support/table.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

const CURSORS_NOTE =
  'With --json --cursors, prints {"orders": [...], "older": UUID or null, "newer": UUID or null, "is_cut_off": true or false}: pass ' +
  'older as --before, or newer as --after, until it is null.';

const HEADS = ['uuid', 'created_at', 'amount', 'currency', 'satoshi', 'received', 'surplus', 'status', 'attention', 'reference'];

/** `webpos order list`: lists the newest orders, those that match a search, or those that need attention. */
export const orderList: Command = defineCommand({
  name: 'order list',
  summary: 'List the newest orders, those that match a search, or those that need attention',
  usage: '',
  options: {
    search: filterOption(
      'TEXT',
      'only orders that match',
      'a UUID or its first 8 characters, an address, a transaction id, a whole reference, or an amount: 10.00 or "10.00 EUR" as ' +
        'ordered, 16667 or "0.00016667 BTC" as received',
    ),
    since: filterOption('TIME', 'only orders created at this time or later', TIME_FORMAT),
    until: filterOption('TIME', 'only orders created before this time', TIME_FORMAT),
    'needs-attention': {
      text: 'show only orders with late, partial, surplus or disputed payments that nobody has settled or refused yet',
    },
    status: filterOption('STATUS', 'only orders with this blockchain status', BLOCKCHAIN_STATUSES.join(', ')),
    pos: filterOption('UUID', 'only orders of this POS', UUID_FORMAT),
    before: filterOption('UUID', 'only orders created before this one: the next page', UUID_FORMAT),
    after: filterOption('UUID', 'only orders created after this one: the previous page', UUID_FORMAT),
    limit: limitOption('orders'),
    cursors: CURSORS_OPTION,
  },
  notes: [CURSORS_NOTE],
  example: '--search 10.00 --since 2026-11-23',
  run: async (world, config, options) => {
    const text = options.optional('search') === undefined ? undefined : options.required('search').trim();
    const filters = {
      text,
      posId: options.uuid<PosId>('pos', 'a POS'),
      blockchainStatus: options.oneOf('status', BLOCKCHAIN_STATUSES),
      needsAttention: options.flag('needs-attention'),
      since: readTime(options, 'since'),
      until: readTime(options, 'until'),
      before: options.uuid<OrderId>('before', 'an order'),
      after: options.uuid<OrderId>('after', 'an order'),
      limit: options.integer('limit', DEFAULT_LIMIT, LIMIT_RANGE),
    };
    const withCursors = readCursors(options);
    const { before, after } = filters;
    if (before !== undefined && after !== undefined) throw new UsageError('expected one of --before and --after, got both');
    const page = await withBase(world, config, async ({ store, guard }) => {
      const found = await searchOrders({ store, clock: systemClock, network: config.network }, OPERATOR, filters);
      if (found === undefined || found.orders.length === 0) return found && { ...found, orders: [] };
      return { ...found, orders: await checkedOrders({ store, guard: await guard() }, found.orders) };
    });
    if (page === undefined)
      throw new UsageError(`--${before === undefined ? 'after' : 'before'}: no order with id ${before ?? after}`);
    const shown = page.orders.map((order) => orderSummary(order, page.tipHeight));
    const { older = null, newer = null, isCutOff } = page;
    if (withCursors) return world.out(JSON.stringify({ orders: shown, older, newer, is_cut_off: isCutOff }));
    if (options.json) return world.out(JSON.stringify(shown));
    if (shown.length === 0 && !page.isCutOff) return world.out('No such order.');
    if (shown.length > 0) world.out(table(HEADS, shown.map(row)));
    if (page.isCutOff) world.out('The search was cut off after very many orders; it continues with the next page.');
    const next = after === undefined ? page.older : page.newer;
    if (next !== undefined) world.out(`More orders: --${after === undefined ? 'before' : 'after'} ${next}`);
  },
});

function row(order: OrderSummary): (string | number | null)[] {
  return [
    order.uuid,
    order.created_at,
    order.amount,
    order.currency,
    order.btc_amount,
    order.received,
    order.surplus === 0 ? null : order.surplus,
    order.blockchain_status,
    order.attention,
    order.reference,
  ];
}
