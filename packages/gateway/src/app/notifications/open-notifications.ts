/** Opens the parts that notify people. */
import { randomBytes } from 'node:crypto';
import { renderNotificationMail } from '@webpos/web';
import { SECOND_MS } from '../../kernel/durations.ts';
import type { SubscriptionContext } from '../../services/notifications/manage-subscriptions.ts';
import { Notifications } from '../../services/notifications/notifications.ts';
import { peopleAsRecipients } from '../../services/notifications/recipients.ts';
import { ChainWatch } from '../../services/notifications/watch-chain.ts';
import type { GatewayContext } from '../gateway.ts';
import { healthOf } from '../health.ts';
import { openCallbackSender } from '../open-callback-sender.ts';
import { openMail } from './open-mail.ts';
import type { Opening } from '../opening.ts';
import type { ChainView } from '../roles/role.ts';

/** How long a POST to a subscriber may take. */
const POST_DEADLINE_MS = 10 * SECOND_MS;

export interface OpenedNotifications {
  readonly notifications: Notifications;
  readonly chainWatch: ChainWatch;
  /** What manages subscriptions. */
  readonly subscriptions: SubscriptionContext;
}

/** @throws OperatorError if the file with the password for e-mail cannot be read. */
export async function openNotifications(
  { config, lifecycle, clock, random, log, metrics }: Opening,
  context: GatewayContext,
  chain: ChainView,
): Promise<OpenedNotifications> {
  // Not the connections of callbacks, which must not wait for those of people.
  const sender = await lifecycle.open(
    'connections to subscribers',
    () => openCallbackSender(config, { clock, deadlineMs: POST_DEADLINE_MS }),
    (opened) => opened.close(),
  );
  const { store, keys, newUuid } = context;
  const recipients = peopleAsRecipients(context);
  const notifications = new Notifications({
    context: {
      store,
      clock,
      keys,
      newUuid,
      recipients,
      get publicUrl() {
        return context.publicUrl;
      },
      write: renderNotificationMail,
    },
    mail: await openMail(config, clock),
    post: { sender, deadlineMs: POST_DEADLINE_MS },
    claimant: randomBytes(6).toString('base64url'),
    random,
    log,
    attempted: (_, outcome) => metrics?.notificationAttempted(outcome),
  });
  const trouble = (): string | null => healthOf(chain, clock.now()).chain.trouble;
  const chainWatch = new ChainWatch({ store, clock, newUuid, trouble, afterMs: config.chainTroubleAfterMs, log });
  const subscriptions: SubscriptionContext = {
    store,
    clock,
    newUuid,
    keys,
    urls: { allowHttp: config.mode === 'sandbox', httpHosts: config.callbacksAllow },
    sendsMail: config.smtp !== undefined,
    changed: () => notifications.wake(),
  };
  return { notifications, chainWatch, subscriptions };
}
