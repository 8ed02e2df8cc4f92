import { randomUUID } from 'node:crypto';
import { systemClock } from '../../kernel/clock.ts';
import type { SubscriptionId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { orderedUuid } from '../../kernel/ordered-uuid.ts';
import { sendTest } from '../../services/notifications/manage-subscriptions.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos notification test`: has a test message sent. */
export const notificationTest: Command = defineCommand({
  name: 'notification test',
  summary: 'Have a test message sent to a subscriber',
  usage: 'UUID',
  argument: { name: 'UUID', text: 'subscription, as webpos notification list shows it' },
  options: {},
  notes: [
    'The gateway that serves the database sends the message within seconds; webpos notification list shows what became of it. ' +
      'webpos doctor --smtp checks the mail server without sending anything.',
  ],
  example: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f',
  run: async (world, config, options) => {
    const id = options.argument<SubscriptionId>('a subscription');
    const recipient = await withBase(world, config, async ({ store, keys }) => {
      const subscription = await store.subscriptions.get(id);
      if (subscription === undefined) throw new OperatorError(`notification: no subscription with id ${id}`);
      const context = {
        store,
        clock: systemClock,
        newUuid: () => orderedUuid(systemClock.now(), randomUUID()),
        keys: await keys(),
        urls: { allowHttp: config.mode === 'sandbox' },
        sendsMail: config.smtp !== undefined,
        // A running gateway notices it itself.
        changed: () => undefined,
      };
      await sendTest(context, { kind: 'command' }, subscription);
      return subscription.channel.kind === 'email' ? subscription.channel.address : subscription.channel.url;
    });
    if (options.json) world.out(JSON.stringify({ uuid: id, recipient }));
    else world.out(`A test message to ${recipient} waits to be sent.`);
  },
});
