import type { RefundId } from '../../kernel/ids.ts';
import { refundJson } from '../../contract/refund-json.ts';
import { closeRefund } from '../../services/refunds/close-refund.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { withBase } from '../support/with-base.ts';
import { readReason, REASON_OPTION } from './reason-option.ts';
import { COMMAND, refundContext } from './refund-support.ts';

/** `webpos refund cancel`: refuses what a buyer has requested, or cancels a refund that is not paid yet. */
export const refundCancel: Command = defineCommand({
  name: 'refund cancel',
  summary: 'Refuse a requested refund, or cancel one that is not paid yet',
  usage: 'UUID',
  argument: { name: 'UUID', text: 'refund to cancel' },
  options: { reason: REASON_OPTION },
  notes: ['A payment that you have already sent is still found, and shown with the refund.'],
  example: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --reason "paid in cash"',
  run: async (world, config, options) => {
    const id = options.argument<RefundId>('a refund');
    const reason = readReason(options.optional('reason'));
    const { refund, isRepeated } = await withBase(world, config, async (base) =>
      closeRefund(await refundContext(base, config), COMMAND, id, reason),
    );
    if (options.json) return world.out(JSON.stringify({ ...refundJson(refund), repeated: isRepeated }));
    world.out(`Refund ${id} ${isRepeated ? 'was already' : 'is'} ${refund.state.status}.`);
  },
});
