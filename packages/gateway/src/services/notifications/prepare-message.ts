/**
 * Prepares a claimed message for sending. What it says is decided at this moment: what the person may not know any more, or does not want
 * any more, is left out, and a message of which nothing is left is dropped.
 */
import type { Clock } from '../../kernel/clock.ts';
import { isoDate } from '../../kernel/clock.ts';
import { isWanted, mayKnow } from '../../notifications/is-for.ts';
import type { Mail } from '../../notifications/mail.ts';
import type { MailView, MailWriter, NoticeView } from '../../notifications/notice-view.ts';
import { isActive, type Subscription } from '../../notifications/subscription.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import type { StoredMessage } from '../../store/ports/notifications/message-store.ts';
import type { Store } from '../../store/ports/store.ts';
import { describeNotices } from './describe-notices.ts';
import { confirmPath, stopPath, subscriberKey } from './links.ts';
import type { KnownRecipient, RecipientSource } from './recipients.ts';

export interface PreparingContext {
  readonly store: Pick<Store, 'subscriptions' | 'messages' | 'notices' | 'orders' | 'pos'>;
  readonly clock: Clock;
  readonly keys: Pick<GatewayKeys, 'notifications'>;
  readonly publicUrl: string;
  readonly recipients: RecipientSource;
  readonly write: MailWriter;
}

export type Prepared =
  | { readonly kind: 'mail'; readonly mail: Mail; readonly subscription: Subscription }
  | {
      readonly kind: 'post';
      readonly url: string;
      readonly body: string;
      readonly key: Uint8Array;
      readonly subscription: Subscription;
    };

/** Returns undefined if nothing of the message may be sent. */
export async function prepareMessage(context: PreparingContext, message: StoredMessage): Promise<Prepared | undefined> {
  const { store, recipients } = context;
  const subscription = await store.subscriptions.get(message.subscriptionId);
  const recipient = await recipients.get(message.personId);
  if (subscription === undefined || recipient === undefined || !isAllowed(message, subscription)) return undefined;
  const items = message.kind === 'notices' ? await itemsFor(context, message, subscription, recipient) : [];
  if (message.kind === 'notices' && items.length === 0) return undefined;
  if (subscription.channel.kind === 'post')
    return {
      kind: 'post',
      url: subscription.channel.url,
      body: bodyOf(message, items),
      key: subscriberKey(context.keys, subscription.id),
      subscription,
    };
  return { kind: 'mail', mail: mailOf(context, message, { subscription, recipient, items }), subscription };
}

function isAllowed({ kind, recipient }: StoredMessage, { channel, stoppedAt }: Subscription): boolean {
  if (recipient !== (channel.kind === 'email' ? channel.address : channel.url)) return false;
  if (kind === 'confirmation') return channel.kind === 'email' && channel.confirmedAt === null && stoppedAt === null;
  return isActive({ channel, stoppedAt });
}

async function itemsFor(
  { store, publicUrl }: PreparingContext,
  { id }: StoredMessage,
  subscription: Subscription,
  recipient: KnownRecipient,
): Promise<NoticeView[]> {
  const notices = await store.notices.get(await store.messages.itemsOf(id));
  const allowed = notices.filter((notice) => isWanted(subscription, notice) && mayKnow(recipient, notice));
  return describeNotices(store, publicUrl, allowed);
}

interface MailParts {
  readonly subscription: Subscription;
  readonly recipient: KnownRecipient;
  readonly items: readonly NoticeView[];
}

function mailOf(context: PreparingContext, message: StoredMessage, { subscription, recipient, items }: MailParts): Mail {
  const { keys, publicUrl, write, clock } = context;
  const { id, timeZone, hasAmountsInSubject } = subscription;
  const stopUrl = publicUrl + stopPath(keys, id);
  const frame = {
    language: recipient.language,
    timeZone,
    gatewayUrl: publicUrl,
    settingsUrl: `${publicUrl}/panel/notifications`,
    stopUrl,
  };
  const view: MailView =
    message.kind === 'notices'
      ? { ...frame, kind: 'notices', items, hasAmountsInSubject }
      : message.kind === 'test'
        ? { ...frame, kind: 'test' }
        : {
            ...frame,
            kind: 'confirmation',
            confirmUrl: publicUrl + confirmPath(keys, { id, address: message.recipient }, clock.now()),
          };
  const written = write(view);
  return {
    id: message.id,
    to: message.recipient,
    ...written,
    unsubscribeUrl: message.kind === 'confirmation' ? null : stopUrl,
  };
}

/** The JSON text of a message to a program. */
function bodyOf({ id, kind, createdAt }: StoredMessage, items: readonly NoticeView[]): string {
  return JSON.stringify({
    id,
    type: kind === 'test' ? 'test' : 'notifications',
    timestamp: isoDate(createdAt),
    data: items.map((item) => ({
      id: item.id,
      kind: item.kind,
      what: item.text,
      at: item.at,
      pos: item.pos,
      order:
        item.order === null
          ? null
          : { uuid: item.order.uuid, reference: item.order.reference, ...(item.order.fiat ?? { amount: null, currency: null }) },
      bitcoin: item.amount,
      details: item.values,
      link: item.link,
    })),
  });
}
