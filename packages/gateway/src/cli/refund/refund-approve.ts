import type { RefundId } from '../../kernel/ids.ts';
import { refundJson } from '../../contract/refund-json.ts';
import { parseRefundAmount } from '../../refunds/parse-amount.ts';
import { approveRefund } from '../../services/refunds/approve-refund.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';
import { COMMAND, findRefund, refundContext } from './refund-support.ts';

/** `webpos refund approve`: fixes the amount of a refund, and has its payment looked for. */
export const refundApprove: Command = defineCommand({
  name: 'refund approve',
  summary: 'Approve a refund: fix its amount, and look for its payment from then on',
  usage: 'UUID',
  argument: { name: 'UUID', text: 'refund to approve' },
  options: {
    satoshi: { value: 'N', text: 'amount in satoshi', allowed: 'at least 600', default: 'the surplus, or what is left' },
    fiat: {
      value: 'AMOUNT',
      text: "amount in the order's currency, at the rate of the order",
      allowed: 'a decimal number such as 10.00',
      default: 'the surplus, or what is left',
    },
  },
  notes: [
    'The sum of all refunds never exceeds the confirmed payments of the order. Repeating an approval changes nothing.',
    'The gateway holds no key: pay the URI that is printed from your own wallet, or sign what webpos refund psbt prints.',
  ],
  example: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --satoshi 5000',
  run: async (world, config, options) => {
    const id = options.argument<RefundId>('a refund');
    const [satoshi, fiat] = [options.optional('satoshi'), options.optional('fiat')];
    if (satoshi !== undefined && fiat !== undefined) throw new UsageError('expected one of --satoshi and --fiat, got both');
    const { refund, isRepeated } = await withBase(world, config, async (base) => {
      const { order } = await findRefund(base, id);
      const [text, at] = fiat === undefined ? [satoshi ?? '', 'satoshi'] : [fiat, 'order'];
      const asked = parseRefundAmount(text, at, order.terms.fiat.currency);
      if (asked === undefined) throw new UsageError(`--${at === 'order' ? 'fiat' : 'satoshi'}: expected an amount above 0`);
      return approveRefund(await refundContext(base, config), COMMAND, id, asked);
    });
    const shown = refundJson(refund);
    if (options.json) return world.out(JSON.stringify({ ...shown, repeated: isRepeated }));
    world.out(`Refund ${id} ${isRepeated ? 'was approved before' : 'is approved'}: ${shown.amount} satoshi to ${shown.address}.`);
    if (shown.uri !== null) world.out(`Pay it from your wallet: ${shown.uri}`);
  },
});
