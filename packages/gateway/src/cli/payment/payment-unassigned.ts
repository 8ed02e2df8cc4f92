import type { AccountId } from '../../kernel/ids.ts';
import { unassignedJson } from '../../contract/unassigned-json.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { DEFAULT_LIMIT, filterOption, LIMIT_RANGE, limitOption, UUID_FORMAT } from '../support/common-options.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

const HEADS = ['first_seen_at', 'account', 'index', 'satoshi', 'place', 'output', 'note'];

/** `webpos payment unassigned`: lists payments to addresses that belong to no order. */
export const paymentUnassigned: Command = defineCommand({
  name: 'payment unassigned',
  summary: 'List payments to addresses that belong to no order, the newest first',
  usage: '',
  options: {
    account: filterOption('UUID', 'only payments to this account', UUID_FORMAT),
    all: { text: 'show acknowledged payments as well' },
    limit: limitOption('payments'),
  },
  example: '--all',
  run: async (world, config, options) => {
    const accountId = options.uuid<AccountId>('account', 'an account');
    const limit = options.integer('limit', DEFAULT_LIMIT, LIMIT_RANGE);
    const found = await withBase(world, config, ({ store }) =>
      store.unassigned.list({ accountId, open: !options.flag('all'), limit: limit + 1 }),
    );
    const shown = found.slice(0, limit).map(unassignedJson);
    if (options.json) return world.out(JSON.stringify(shown));
    if (shown.length === 0) return world.out('No unassigned payments.');
    const rows = shown.map((payment) => [
      payment.first_seen_at,
      payment.account,
      payment.address_index,
      payment.amount,
      payment.block_height === null ? payment.place : `block ${payment.block_height}`,
      `${payment.txid}:${payment.vout}`,
      payment.note,
    ]);
    world.out(table(HEADS, rows));
    if (found.length > limit) world.out(`These are the newest ${limit}; --limit shows more.`);
  },
});
