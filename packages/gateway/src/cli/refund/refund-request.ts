import { randomUUID } from 'node:crypto';
import { systemClock } from '../../kernel/clock.ts';
import { parseId, type OrderId, type RefundId } from '../../kernel/ids.ts';
import { orderedUuid } from '../../kernel/ordered-uuid.ts';
import { refundJson } from '../../contract/refund-json.ts';
import { requestRefund } from '../../services/refunds/request-refund.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { lines } from '../support/lines.ts';
import { withBase } from '../support/with-base.ts';
import { readReason, REASON_OPTION } from './reason-option.ts';
import { COMMAND, refundContext } from './refund-support.ts';

/** `webpos refund request`: requests a refund, to approve it afterwards. */
export const refundRequest: Command = defineCommand({
  name: 'refund request',
  summary: 'Request a refund of an order, to approve it afterwards',
  usage: '--order UUID --to ADDRESS',
  options: {
    order: { value: 'UUID', text: 'order to refund', allowed: 'the UUID that webpos order list shows' },
    to: { value: 'ADDRESS', text: 'where the buyer wants it', allowed: 'an address, or a payment URI that has one' },
    reason: REASON_OPTION,
    id: {
      value: 'UUID',
      text: 'id of the refund: the same request sent twice makes one refund',
      allowed: 'a version 4 UUID',
      default: 'a new one',
    },
  },
  notes: ['The gateway holds no key and sends nothing. Approve the refund, and pay it from your own wallet.'],
  example: '--order 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --to bc1q...',
  run: async (world, config, options) => {
    const request = {
      orderId: options.requiredUuid<OrderId>('order', 'an order'),
      destination: options.required('to'),
      reason: readReason(options.optional('reason')),
      id: options.uuid<RefundId>('id', 'a refund') ?? parseId<RefundId>(orderedUuid(systemClock.now(), randomUUID())),
    };
    const refund = await withBase(world, config, async (base) =>
      requestRefund(await refundContext(base, config), COMMAND, request),
    );
    world.out(options.json ? JSON.stringify(refundJson(refund)) : lines({ ...refundJson(refund) }));
  },
});
