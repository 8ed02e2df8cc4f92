import type { PersonId, SubscriptionId } from '../../../kernel/ids.ts';
import type { Subscription } from '../../../notifications/subscription.ts';

/** The subscriptions of people to notices. */
export interface SubscriptionStore {
  insert(subscription: Subscription): Promise<void>;
  /** Returns false if it does not exist. */
  update(subscription: Subscription): Promise<boolean>;
  get(id: SubscriptionId): Promise<Subscription | undefined>;
  /** Returns the subscriptions of a person, sorted by id: few. */
  ofPerson(id: PersonId): Promise<Subscription[]>;
  /** Returns one page of all subscriptions, sorted by id. */
  after(id: SubscriptionId | undefined, limit: number): Promise<Subscription[]>;
  /** Deletes a subscription and what waits to be sent to it. */
  delete(id: SubscriptionId): Promise<void>;
}
