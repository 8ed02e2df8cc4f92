import type { RefundId } from '../../kernel/ids.ts';
import { outPointOf } from '../../refunds/parse-out-point.ts';
import { refundJson } from '../../contract/refund-json.ts';
import { linkPayout } from '../../services/refunds/link-payout.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';
import { COMMAND, refundContext } from './refund-support.ts';

/** `webpos refund link`: says which output pays a refund, where the gateway cannot tell. */
export const refundLink: Command = defineCommand({
  name: 'refund link',
  summary: 'Say which output pays a refund, where the gateway cannot tell',
  usage: 'UUID --output TXID:VOUT',
  argument: { name: 'UUID', text: 'refund that is paid' },
  options: {
    output: {
      value: 'TXID:VOUT',
      text: 'output that pays it',
      allowed: 'one of those that webpos refund show lists as not linked',
    },
  },
  notes: ['A cancelled refund becomes an approved one again. A running gateway shows its payment within seconds.'],
  example: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --output 5f2b...0f0a:0',
  run: async (world, config, options) => {
    const id = options.argument<RefundId>('a refund');
    const outPoint = outPointOf(options.required('output'));
    if (outPoint === undefined) throw new UsageError('--output: expected a transaction id and an output number such as 5f…a1:0');
    const refund = await withBase(world, config, async (base) =>
      linkPayout(await refundContext(base, config), COMMAND, id, outPoint),
    );
    if (options.json) return world.out(JSON.stringify(refundJson(refund)));
    world.out(`Refund ${id} is paid by this output.`);
  },
});
