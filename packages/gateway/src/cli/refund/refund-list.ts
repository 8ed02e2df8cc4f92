import type { PosId, RefundId } from '../../kernel/ids.ts';
import { refundJson } from '../../contract/refund-json.ts';
import { checkedRefund } from '../../services/seals/checked-refund.ts';
import { REFUND_STATUSES } from '../../refunds/refund.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { DEFAULT_LIMIT, filterOption, LIMIT_RANGE, limitOption, UUID_FORMAT } from '../support/common-options.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

const HEADS = ['uuid', 'requested_at', 'status', 'satoshi', 'address', 'order', 'payout'];

/** `webpos refund list`: lists refunds, the newest first. */
export const refundList: Command = defineCommand({
  name: 'refund list',
  summary: 'List refunds, the newest first',
  usage: '',
  options: {
    status: filterOption('STATUS', 'only refunds with this status', REFUND_STATUSES.join(', ')),
    pos: filterOption('UUID', 'only refunds of this POS', UUID_FORMAT),
    before: filterOption('UUID', 'only refunds older than this one: the next page', UUID_FORMAT),
    limit: limitOption('refunds'),
  },
  example: '--status requested',
  run: async (world, config, options) => {
    const limit = options.integer('limit', DEFAULT_LIMIT, LIMIT_RANGE);
    const query = {
      status: options.oneOf('status', REFUND_STATUSES),
      posId: options.uuid<PosId>('pos', 'a POS'),
      before: options.uuid<RefundId>('before', 'a refund'),
      // One more row shows whether there is another page.
      limit: limit + 1,
    };
    const found = await withBase(world, config, async ({ store, guard }) => {
      const refunds = await store.refunds.list(query);
      if (refunds.length === 0) return [];
      const seals = await guard();
      return refunds.map((refund) => checkedRefund(seals, refund));
    });
    const shown = found.slice(0, limit).map(refundJson);
    if (options.json) return world.out(JSON.stringify(shown));
    if (shown.length === 0) return world.out('No such refund.');
    world.out(
      table(
        HEADS,
        shown.map(({ uuid, requested_at, status, amount, address, order, payout }) => [
          uuid,
          requested_at,
          status,
          amount,
          address,
          order,
          payout,
        ]),
      ),
    );
    if (found.length > limit) world.out(`More refunds: --before ${shown.at(-1)?.uuid}`);
  },
});
