import type { PosId, RefundId } from '../../kernel/ids.ts';
import { isoDate } from '../../kernel/clock.ts';
import { refundJson, type RefundJson } from '../../contract/refund-json.ts';
import { unverifiedRequests, type UnverifiedRequest } from '../../services/seals/unverified-requests.ts';
import { checkedRefund } from '../../services/seals/checked-refund.ts';
import { REFUND_STATUSES } from '../../refunds/refund.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { DEFAULT_LIMIT, filterOption, LIMIT_RANGE, limitOption, UUID_FORMAT } from '../support/common-options.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

const UNVERIFIED = 'unverified';
const STATUSES = [...REFUND_STATUSES, UNVERIFIED] as const;
/** After the table. */
const NOT_VERIFIED =
  "Unverified: an earlier version stored the request, and nothing proves that the address is the buyer's. Ask the buyer, then use webpos refund request.";
const HEADS = ['uuid', 'requested_at', 'status', 'satoshi', 'address', 'order', 'payout'];

/** `webpos refund list`: lists refunds, the newest first. */
export const refundList: Command = defineCommand({
  name: 'refund list',
  summary: 'List refunds, the newest first',
  usage: '',
  options: {
    status: filterOption('STATUS', 'only refunds with this status', STATUSES.join(', ')),
    pos: filterOption('UUID', 'only refunds of this POS', UUID_FORMAT),
    before: filterOption('UUID', 'only refunds older than this one: the next page', UUID_FORMAT),
    limit: limitOption('refunds'),
  },
  example: '--status requested',
  run: async (world, config, options) => {
    const limit = options.integer('limit', DEFAULT_LIMIT, LIMIT_RANGE);
    const status = options.oneOf('status', STATUSES);
    const query = {
      posId: options.uuid<PosId>('pos', 'a POS'),
      before: options.uuid<RefundId>('before', 'a refund'),
      // One more row shows whether there is another page.
      limit: limit + 1,
    };
    const isFirstPage = query.before === undefined;
    const showsUnverified = isFirstPage && (status === undefined || status === 'requested' || status === UNVERIFIED);
    const { found, unverified } = await withBase(world, config, async ({ store, guard }) => {
      const refunds = status === UNVERIFIED ? [] : await store.refunds.list({ ...query, status });
      const seals = refunds.length === 0 ? undefined : await guard();
      return {
        found: seals === undefined ? [] : refunds.map((refund) => checkedRefund(seals, refund)),
        unverified: showsUnverified ? await unverifiedRequests({ store, guard }, query.posId) : [],
      };
    });
    const shown: readonly ListedRefund[] = [...unverified.map(unverifiedJson), ...found.slice(0, limit).map(refundJson)];
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
    if (unverified.length > 0) world.out(NOT_VERIFIED);
    if (found.length > limit) world.out(`More refunds: --before ${shown.at(-1)?.uuid}`);
  },
});

/** What a buyer requested from an earlier version has no id, since it is in no refund. */
type ListedRefund =
  RefundJson | (Omit<RefundJson, 'uuid' | 'status'> & { readonly uuid: null; readonly status: typeof UNVERIFIED });

function unverifiedJson({ orderId, posId, address, requestedAt }: UnverifiedRequest): ListedRefund {
  return {
    uuid: null,
    order: orderId,
    pos: posId,
    status: UNVERIFIED,
    requested_by: 'buyer',
    requested_at: isoDate(requestedAt),
    address,
    reason: null,
    amount: null,
    priced: null,
    fiat: null,
    currency: null,
    rate: null,
    approved_at: null,
    uri: null,
    payout: null,
    closed_at: null,
  };
}
