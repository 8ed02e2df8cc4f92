import { isoDate } from '../../kernel/clock.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { listNotifications } from '../../services/notifications/list-notifications.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { DEFAULT_LIMIT, filterOption, LIMIT_RANGE, limitOption, UUID_FORMAT } from '../support/common-options.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';

const SUBSCRIPTION_HEADS = ['subscription', 'person', 'channel', 'recipient', 'status', 'kinds'];
const MESSAGE_HEADS = ['created_at', 'message', 'channel', 'recipient', 'status', 'attempts', 'last_error'];

/** `webpos notification list`: lists who is notified, and the newest messages. */
export const notificationList: Command = defineCommand({
  name: 'notification list',
  summary: 'List who is notified of what, and the newest messages',
  usage: '',
  options: {
    person: filterOption('UUID', 'only notifications of this person', UUID_FORMAT),
    limit: limitOption('subscriptions, and of messages'),
  },
  example: '--limit 50',
  run: async (world, config, options) => {
    const personId = options.uuid<PersonId>('person', 'a person');
    const limit = options.integer('limit', DEFAULT_LIMIT, LIMIT_RANGE);
    const { subscriptions, messages } = await withBase(world, config, ({ store }) =>
      listNotifications(store, { personId, limit }),
    );
    const shown = {
      subscriptions: subscriptions.map(({ id, personId: person, channel, recipient, status, kinds }) => ({
        uuid: id,
        person,
        channel,
        recipient,
        status,
        kinds,
      })),
      messages: messages.map(({ id, createdAt, kind, channel, recipient, attempts, delivery }) => ({
        uuid: id,
        created_at: isoDate(createdAt),
        kind,
        channel,
        recipient,
        status: delivery.status,
        attempts,
        last_error: 'lastError' in delivery ? delivery.lastError : null,
      })),
    };
    if (options.json) return world.out(JSON.stringify(shown));
    if (shown.subscriptions.length === 0) world.out('Nobody has subscribed to notifications.');
    else
      world.out(
        table(
          SUBSCRIPTION_HEADS,
          shown.subscriptions.map((one) => [one.uuid, one.person, one.channel, one.recipient, one.status, one.kinds.join(',')]),
        ),
      );
    if (shown.messages.length > 0)
      world.out(
        table(
          MESSAGE_HEADS,
          shown.messages.map((one) => [
            one.created_at,
            one.kind,
            one.channel,
            one.recipient,
            one.status,
            one.attempts,
            one.last_error,
          ]),
        ),
      );
  },
});
