import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { IN_MEMORY, ON_POSTGRES, onEveryDatabase } from '../../../test/support/every-database.ts';
import { NOON } from '../../../test/support/samples.ts';
import { testClock } from '../../../test/support/test-clock.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/durations.ts';
import { parseId, type MessageId, type PersonId, type SubscriptionId } from '../../kernel/ids.ts';
import { orderedUuid } from '../../kernel/ordered-uuid.ts';
import type { StoredMessage } from '../../store/ports/notifications/message-store.ts';
import { examineNotifications } from '../operator/examine-notifications.ts';
import { Notifications } from './notifications.ts';

await onEveryDatabase(
  'give-up-mail.test.ts',
  (database) => {
    it('without a server for e-mail, each waits for three days and is then given up with the reason', async () => {
      const clock = testClock(NOON);
      const { store } = database;
      const warnings: string[] = [];
      const insert = async (): Promise<MessageId> => {
        const id = parseId<MessageId>(orderedUuid(clock.now(), randomUUID()));
        await store.messages.insert({
          id,
          kind: 'notices',
          subscriptionId: parseId<SubscriptionId>(randomUUID()),
          personId: parseId<PersonId>(randomUUID()),
          channel: 'email',
          recipient: `${id}@shop.example`,
          isUrgent: false,
          createdAt: clock.now(),
        });
        return id;
      };
      const deliveryOf = async (id: MessageId): Promise<StoredMessage['delivery']> => {
        const all = await store.messages.list({ personId: undefined, before: undefined, limit: 9 });
        return all.find((message) => message.id === id)!.delivery;
      };
      /** Starts a gateway's notifications, which look at once, and waits until they have. */
      async function look(isDone: () => Promise<void>): Promise<void> {
        const notifications = new Notifications({
          context: {
            store,
            clock,
            newUuid: randomUUID,
            recipients: { get: async () => undefined },
            keys: { notifications: new Uint8Array(32) },
            publicUrl: 'https://pay.example',
            write: () => ({ subject: '', text: '', html: '' }),
          },
          mail: undefined,
          post: { sender: { send: async () => ({ kind: 'acknowledged' }) }, deadlineMs: 1 },
          claimant: 'me',
          random: () => 0.5,
          log: { info: () => {}, warn: (_, message) => void warnings.push(message) },
        });
        notifications.start();
        await vi.waitFor(isDone, { timeout: 30_000, interval: 5 });
        await notifications.stop();
      }

      const first = await insert();
      clock.advance(2 * DAY_MS);
      const second = await insert();
      clock.advance(DAY_MS - MINUTE_MS);
      await look(async () => {});
      expect([await deliveryOf(first), await deliveryOf(second)]).toMatchObject([{ status: 'waiting' }, { status: 'waiting' }]);
      clock.advance(2 * MINUTE_MS);
      await look(async () => expect(await deliveryOf(first)).toMatchObject({ status: 'failed' }));
      expect(await deliveryOf(first)).toMatchObject({ at: clock.now(), lastError: expect.stringContaining('WEBPOS_SMTP_URL') });
      expect(await deliveryOf(second)).toMatchObject({ status: 'waiting' });
      expect(warnings).toEqual(['notifications: e-mails given up, because WEBPOS_SMTP_URL is not set']);
      const findings = await examineNotifications({ store, mail: undefined, signal: new AbortController().signal });
      expect(findings).toMatchObject([
        { what: 'messages', level: 'warning' },
        { what: 'e-mail', level: 'warning', says: expect.stringMatching(/^1 e-mails wait, because WEBPOS_SMTP_URL is not set/) },
      ]);
    });
  },
  [IN_MEMORY, ON_POSTGRES],
);
