import type { AccountId } from '../../kernel/ids.ts';
import { unassignedJson } from '../../contract/unassigned-json.ts';
import type { Command } from '../command.ts';
import { readOptions } from '../support/options.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos payment unassigned`: bitcoin at addresses that no order has. */
export const paymentUnassigned: Command = async (world, config, words) => {
  const options = readOptions(words, ['account', 'limit'], { flags: ['all'] });
  const accountId = options.uuid<AccountId>('account', 'an account');
  const limit = options.integer('limit', 20, { least: 1, most: 1000 });
  const found = await withBase(world, config, ({ store }) =>
    store.unassigned.list({ accountId, open: !options.flag('all'), limit: limit + 1 }),
  );
  const shown = found.slice(0, limit).map(unassignedJson);
  if (options.json) return world.out(JSON.stringify(shown));
  if (shown.length === 0) return world.out('There is no unassigned payment.');
  const rows = shown.map((payment) => [
    payment.first_seen_at,
    payment.account,
    payment.address_index,
    payment.amount,
    payment.block_height === null ? payment.place : `block ${payment.block_height}`,
    `${payment.txid}:${payment.vout}`,
    payment.note,
  ]);
  world.out(table(['first_seen_at', 'account', 'index', 'satoshi', 'place', 'output', 'note'], rows));
  if (found.length > limit) world.out(`The newest ${limit}; --limit shows more.`);
};
