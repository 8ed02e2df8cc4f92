import { BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import { matchesOf } from '../../services/orders/order-search.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { DEFAULT_LIMIT, filterOption, LIMIT_RANGE, limitOption, TIME_FORMAT, UUID_FORMAT } from '../support/common-options.ts';
import { readTime } from '../support/read-time.ts';
import { table } from '../support/table.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';
import { orderSummary, type OrderSummary } from './order-json.ts';

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
  },
  example: '--search 10.00 --since 2026-11-23',
  run: async (world, config, options) => {
    const text = options.optional('search') === undefined ? undefined : options.required('search').trim();
    const limit = options.integer('limit', DEFAULT_LIMIT, LIMIT_RANGE);
    const search = {
      posId: options.uuid<PosId>('pos', 'a POS'),
      blockchainStatus: options.oneOf('status', BLOCKCHAIN_STATUSES),
      needsAttention: options.flag('needs-attention'),
      matches: text === undefined ? undefined : matchesOf(text, config.network),
      since: readTime(options, 'since'),
      until: readTime(options, 'until'),
      before: options.uuid<OrderId>('before', 'an order'),
      after: options.uuid<OrderId>('after', 'an order'),
      // One more row shows whether there is another page.
      limit: limit + 1,
    };
    const { before, after } = search;
    if (before !== undefined && after !== undefined) throw new UsageError('expected one of --before and --after, got both');
    const { found, tip } = await withBase(world, config, async ({ store }) => {
      const cursor = before ?? after;
      if (cursor !== undefined && (await store.orders.get(cursor)) === undefined)
        throw new UsageError(`--${before === undefined ? 'after' : 'before'}: no order with id ${cursor}`);
      return { found: await store.orders.find(search), tip: await store.chain.tip() };
    });
    const hasMore = found.length > limit;
    // The extra row is the one farthest from the cursor.
    const page = after === undefined ? found.slice(0, limit) : found.slice(hasMore ? 1 : 0);
    const shown = page.map((order) => orderSummary(order, tip?.height ?? 0));
    if (options.json) return world.out(JSON.stringify(shown));
    if (shown.length === 0) return world.out('No such order.');
    world.out(table(HEADS, shown.map(row)));
    if (!hasMore) return;
    world.out(after === undefined ? `More orders: --before ${shown.at(-1)?.uuid}` : `More orders: --after ${shown[0]?.uuid}`);
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
