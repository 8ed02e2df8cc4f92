/**
 * Turns stored notices into items of the subscriptions that they are for, each due by the timetable of its person, and due items into
 * messages. Every step is one transaction that also records that it was done, so that none is lost and none is done twice.
 */
import type { Clock, EpochMs } from '../../kernel/clock.ts';
import { parseId, type MessageId, type NewUuid, type PersonId, type SubscriptionId } from '../../kernel/ids.ts';
import { inPages } from '../../kernel/thread/in-pages.ts';
import { afterQuiet, dueAt, isQuiet } from '../../notifications/due-at.ts';
import { isWanted, mayKnow } from '../../notifications/is-for.ts';
import type { Notice } from '../../notifications/notice.ts';
import { NOTICE_KINDS, ruleOf, type NoticeKind } from '../../notifications/notice-kind.ts';
import { isActive, type Subscription } from '../../notifications/subscription.ts';
import type { MessageItem, NewMessage } from '../../store/ports/notifications/message-store.ts';
import type { Store, StoreReads } from '../../store/ports/store.ts';
import type { KnownRecipient, RecipientSource } from './recipients.ts';

export interface AssigningContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly newUuid: NewUuid;
  readonly recipients: RecipientSource;
}

const NOTICES_PAGE = 100;
const SUBSCRIPTIONS_PAGE = 200;
const DUE_PAGE = 50;
/** How many notices one message may hold; the others are sent in the next one. */
const MAX_ITEMS = 50;

/** Assigns all pending notices. */
export async function assignNotices(context: AssigningContext, signal: AbortSignal): Promise<void> {
  const subscribers = await activeSubscribers(context);
  context.store.notices.setWanted(wantedKinds(subscribers.map(({ subscription }) => subscription)));
  await inPages(signal, () =>
    context.store.transaction(async (tx) => {
      const pending = await tx.notices.lockPending(NOTICES_PAGE);
      const now = context.clock.now();
      await tx.messages.addItems(pending.flatMap((notice) => itemsOf(notice, subscribers, now)));
      await tx.notices.assigned(
        pending.map(({ id }) => id),
        now,
      );
      return pending.length === NOTICES_PAGE;
    }),
  );
}

interface Subscriber {
  readonly subscription: Subscription;
  readonly recipient: KnownRecipient;
}

async function activeSubscribers({ store, recipients }: Pick<AssigningContext, 'store' | 'recipients'>): Promise<Subscriber[]> {
  const known = new Map<PersonId, KnownRecipient | undefined>();
  const found: Subscriber[] = [];
  let last: SubscriptionId | undefined;
  for (;;) {
    const page = await store.subscriptions.after(last, SUBSCRIPTIONS_PAGE);
    for (const subscription of page.filter(isActive)) {
      const { personId } = subscription;
      if (!known.has(personId)) known.set(personId, await recipients.get(personId));
      const recipient = known.get(personId);
      if (recipient !== undefined) found.push({ subscription, recipient });
    }
    last = page.at(-1)?.id;
    if (page.length < SUBSCRIPTIONS_PAGE) return found;
  }
}

function wantedKinds(subscriptions: readonly Subscription[]): ReadonlySet<NoticeKind> {
  return new Set(NOTICE_KINDS.filter((kind) => subscriptions.some(({ kinds }) => kinds.includes(kind))));
}

function itemsOf(notice: Notice, subscribers: readonly Subscriber[], now: EpochMs): MessageItem[] {
  const { isUrgent } = ruleOf(notice.facts.kind);
  return subscribers
    .filter(({ subscription, recipient }) => isWanted(subscription, notice) && mayKnow(recipient, notice))
    .map(({ subscription }) => ({
      subscriptionId: subscription.id,
      noticeId: notice.id,
      isUrgent: isUrgent && subscription.urgentBreaksThrough,
      dueAt: dueAt(subscription, isUrgent, now),
    }));
}

/** Makes messages of all due items. Returns how many. */
export async function composeMessages(context: AssigningContext, signal: AbortSignal): Promise<number> {
  let composed = 0;
  await inPages(signal, async () => {
    const now = context.clock.now();
    const due = await context.store.messages.dueSubscriptions(now, DUE_PAGE);
    for (const id of due) composed += await context.store.transaction((tx) => compose(context, tx, id, now));
    return due.length === DUE_PAGE;
  });
  return composed;
}

async function compose(
  { newUuid }: Pick<AssigningContext, 'newUuid'>,
  { subscriptions, messages }: Pick<StoreReads, 'subscriptions' | 'messages'>,
  id: SubscriptionId,
  now: EpochMs,
): Promise<number> {
  const subscription = await subscriptions.get(id);
  if (subscription === undefined || !isActive(subscription)) {
    await messages.dropItems(id);
    return 0;
  }
  // The quiet hours may have begun since the items became due.
  if (isQuiet(subscription, now)) await messages.postpone(id, now, afterQuiet(subscription, now));
  let composed = 0;
  for (const isUrgent of [true, false]) {
    const message: NewMessage = {
      id: parseId<MessageId>(newUuid()),
      kind: 'notices',
      subscriptionId: id,
      personId: subscription.personId,
      ...destinationOf(subscription),
      isUrgent,
      createdAt: now,
    };
    if ((await messages.compose(message, now, MAX_ITEMS)) > 0) composed += 1;
  }
  return composed;
}

export function destinationOf({ channel }: Pick<Subscription, 'channel'>): Pick<NewMessage, 'channel' | 'recipient'> {
  return { channel: channel.kind, recipient: channel.kind === 'email' ? channel.address : channel.url };
}
