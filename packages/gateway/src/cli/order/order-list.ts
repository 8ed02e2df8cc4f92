import { BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import { matchesOf } from '../../services/orders/order-search.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';
import { orderSummary } from './order-json.ts';
import { readTime } from '../support/read-time.ts';
import { table } from '../support/table.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos order list`: the newest orders, those that match a search, or those that need attention. */
export const orderList: Command = async (world, config, words) => {
  const options = readOptions(words, ['status', 'pos', 'limit', 'search', 'since', 'until', 'before', 'after'], {
    flags: ['needs-attention'],
  });
  const text = options.optional('search') === undefined ? undefined : options.required('search').trim();
  const limit = options.integer('limit', 20, { least: 1, most: 1000 });
  const search = {
    posId: options.uuid<PosId>('pos', 'a POS'),
    blockchainStatus: options.oneOf('status', BLOCKCHAIN_STATUSES),
    needsAttention: options.flag('needs-attention'),
    matches: text === undefined ? undefined : matchesOf(text, config.network),
    since: readTime(options, 'since'),
    until: readTime(options, 'until'),
    before: options.uuid<OrderId>('before', 'an order'),
    after: options.uuid<OrderId>('after', 'an order'),
    // One more tells whether there are more.
    limit: limit + 1,
  };
  const { before, after } = search;
  if (before !== undefined && after !== undefined) throw new UsageError('expected one of --before and --after, got both');
  const { found, tip } = await withBase(world, config, async ({ store }) => {
    const cursor = before ?? after;
    if (cursor !== undefined && (await store.orders.get(cursor)) === undefined)
      throw new UsageError(`--${before === undefined ? 'after' : 'before'}: there is no order with id ${cursor}`);
    return { found: await store.orders.find(search), tip: await store.chain.tip() };
  });
  const hasMore = found.length > limit;
  // The one too many lies farthest from where the page begins.
  const page = after === undefined ? found.slice(0, limit) : found.slice(hasMore ? 1 : 0);
  const shown = page.map((order) => orderSummary(order, tip?.height ?? 0));
  if (options.json) return world.out(JSON.stringify(shown));
  if (shown.length === 0) return world.out('There is no such order.');
  const rows = shown.map((order) => [
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
  ]);
  world.out(table(HEADS, rows));
  if (!hasMore) return;
  world.out(
    after === undefined
      ? `There are more: --before ${shown.at(-1)?.uuid} shows them.`
      : `There are more: --after ${shown[0]?.uuid} shows them.`,
  );
};

const HEADS = ['uuid', 'created_at', 'amount', 'currency', 'satoshi', 'received', 'surplus', 'status', 'attention', 'reference'];
