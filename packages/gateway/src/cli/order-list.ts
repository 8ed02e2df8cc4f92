import { BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import type { PosId } from '../kernel/ids.ts';
import type { Command } from './command.ts';
import { readOptions } from './options.ts';
import { orderSummary } from './order-json.ts';
import { table } from './table.ts';
import { withBase } from './with-base.ts';

/** `webpos order list`: the newest orders. */
export const orderList: Command = async (world, config, words) => {
  const options = readOptions(words, ['status', 'pos', 'limit']);
  const query = {
    posId: options.uuid<PosId>('pos', 'a POS'),
    blockchainStatus: options.oneOf('status', BLOCKCHAIN_STATUSES),
    sortBy: 'created_at',
    sortOrder: 'desc',
    page: 0,
    pageSize: options.integer('limit', 20, { least: 1, most: 1000 }),
  } as const;
  const { orders, total, tip } = await withBase(world, config, async ({ store }) => ({
    ...(await store.orders.list(query)),
    tip: await store.chain.tip(),
  }));
  const shown = orders.map((order) => orderSummary(order, tip?.height ?? 0));
  if (options.json) return world.out(JSON.stringify(shown));
  if (shown.length === 0) return world.out('There is no such order.');
  const rows = shown.map((order) => [
    order.uuid,
    order.created_at,
    order.amount,
    order.currency,
    order.btc_amount,
    order.blockchain_status,
    order.reference,
  ]);
  world.out(table(['uuid', 'created_at', 'amount', 'currency', 'satoshi', 'status', 'reference'], rows));
  if (total > shown.length) world.out(`The newest ${shown.length} of ${total}; --limit shows more.`);
};
