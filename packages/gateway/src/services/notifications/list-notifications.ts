/** Lists subscriptions and messages for operators. */
import type { PersonId } from '../../kernel/ids.ts';
import { isActive, type Subscription } from '../../notifications/subscription.ts';
import type { StoredMessage } from '../../store/ports/notifications/message-store.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import { destinationOf } from './assign-notices.ts';

export interface ListedSubscription extends Pick<Subscription, 'id' | 'personId' | 'kinds'> {
  readonly channel: 'email' | 'post';
  readonly recipient: string;
  readonly status: SubscriptionStatus;
}

export type SubscriptionStatus = 'active' | 'unconfirmed' | 'stopped';

export async function listNotifications(
  { subscriptions, messages }: Pick<StoreReads, 'subscriptions' | 'messages'>,
  { personId, limit }: { readonly personId: PersonId | undefined; readonly limit: number },
): Promise<{ readonly subscriptions: readonly ListedSubscription[]; readonly messages: readonly StoredMessage[] }> {
  const found = personId === undefined ? await subscriptions.after(undefined, limit) : await subscriptions.ofPerson(personId);
  return {
    subscriptions: found.slice(0, limit).map((one) => ({
      id: one.id,
      personId: one.personId,
      kinds: one.kinds,
      ...destinationOf(one),
      status: statusOf(one),
    })),
    messages: await messages.list({ personId, before: undefined, limit }),
  };
}

export function statusOf(subscription: Subscription): SubscriptionStatus {
  if (subscription.stoppedAt !== null) return 'stopped';
  return isActive(subscription) ? 'active' : 'unconfirmed';
}
