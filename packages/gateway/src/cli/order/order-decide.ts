import { randomUUID } from 'node:crypto';
import type { OptionHelp } from '@webpos/listen/help';
import type { Config } from '../../config/config.ts';
import { isoDate, systemClock } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { orderedUuid } from '../../kernel/ordered-uuid.ts';
import { decideManually, type ManualAction } from '../../services/orders/decide-by-hand.ts';
import { orderStatus } from '../../orders/rules.ts';
import type { CliWorld, Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { publicUrlOf } from '../support/public-url.ts';
import type { Options } from '../support/options.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';
import { historyJson } from '../../services/orders/order-json.ts';

const MAX_REASON_CHARACTERS = 300;
const REASON_OPTION: OptionHelp = {
  value: 'TEXT',
  text: 'reason, for the history of the order',
  allowed: `1 to ${MAX_REASON_CHARACTERS} characters in one line`,
};

/** `webpos order settle`: accepts what an order has received as its whole payment. */
export const orderSettle: Command = defineCommand({
  name: 'order settle',
  summary: 'Accept what an order has received as its whole payment',
  usage: 'UUID --reason TEXT',
  argument: { name: 'UUID', text: 'order to settle' },
  options: { reason: REASON_OPTION },
  notes: [
    'You may accept less than the amount, a late payment, or no payment at all. The order becomes paid, and its shop is sent ' +
      'payment.completed, or payment.dispute.end if the order was in dispute. Its payments are still followed: if they are lost, ' +
      'the order is disputed.',
    'Works while a gateway serves.',
  ],
  example: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --reason goodwill',
  run: (world, config, options) => decide(world, config, options, 'settle'),
});

/** `webpos order refuse`: closes an order without accepting what it has received. */
export const orderRefuse: Command = defineCommand({
  name: 'order refuse',
  summary: 'Close an order without accepting what it has received',
  usage: 'UUID --reason TEXT',
  argument: { name: 'UUID', text: 'order to refuse' },
  options: { reason: REASON_OPTION },
  notes: [
    'An open order is cancelled, and its shop is sent payment.cancelled. A resolved order, or one with a surplus, keeps its state and ' +
      'needs no attention until more bitcoin arrives.',
    'The gateway sends no bitcoin back: do that from your wallet. Works while a gateway serves.',
  ],
  example: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --reason refunded',
  run: (world, config, options) => decide(world, config, options, 'refuse'),
});

const DONE: Readonly<Record<ManualAction, string>> = { settle: 'settled', refuse: 'refused' };

async function decide(world: CliWorld, config: Config, options: Options<'reason'>, action: ManualAction): Promise<void> {
  const id = options.argument<OrderId>('an order');
  const reason = readReason(options);
  const { order, events, entry, isRepeated } = await withBase(world, config, async ({ store, keys, guard }) =>
    decideManually(
      {
        store,
        keys: await keys(),
        guard: await guard(),
        clock: systemClock,
        newUuid: () => orderedUuid(systemClock.now(), randomUUID()),
        publicUrl: publicUrlOf(config),
        finalDepth: config.finalDepth,
        // A running gateway notices both changes itself.
        callbacksStored: () => undefined,
        ordersChanged: () => undefined,
      },
      id,
      { action, actor: { kind: 'command' }, reason },
    ),
  );
  const status = orderStatus(order);
  if (options.json) return world.out(JSON.stringify({ uuid: id, status, events, repeated: isRepeated, ...historyJson(entry) }));
  if (isRepeated) return world.out(`Order ${id} was already ${DONE[action]} manually at ${isoDate(entry.at)}: ${entry.reason}`);
  world.out(`Order ${id} is ${DONE[action]} manually. It was ${String(historyJson(entry)['before'])}, and is now ${status}.`);
  world.out(events.length === 0 ? 'No event is sent, because its state has not changed.' : `Events: ${events.join(', ')}.`);
}

function readReason(options: Options<'reason'>): string {
  const reason = options.required('reason').trim();
  if (reason.length <= MAX_REASON_CHARACTERS && !/\p{Cc}/u.test(reason)) return reason;
  throw new UsageError(`--reason: expected at most ${MAX_REASON_CHARACTERS} characters in one line, got something else`);
}
