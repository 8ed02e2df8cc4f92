import type { RefundId } from '../../kernel/ids.ts';
import type { Command } from '../command.ts';
import { shownRefundJson } from '../../services/refunds/shown-refund-json.ts';
import { defineCommand } from '../define-command.ts';
import { lines } from '../support/lines.ts';
import { withBase } from '../support/with-base.ts';
import { findRefund, shownRefundLines } from './refund-support.ts';

/** `webpos refund show`: shows a refund with the outputs that pay it. */
export const refundShow: Command = defineCommand({
  name: 'refund show',
  summary: 'Show a refund, what may be refunded of its order, and the outputs that pay it',
  usage: 'UUID',
  argument: { name: 'UUID', text: 'refund to show' },
  options: {},
  example: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f',
  run: async (world, config, options) => {
    const id = options.argument<RefundId>('a refund');
    const shown = await withBase(world, config, (base) => findRefund(base, id));
    world.out(options.json ? JSON.stringify(shownRefundJson(shown)) : lines(shownRefundLines(shown)));
  },
});
