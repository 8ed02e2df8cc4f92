import type { EpochMs } from '../../../kernel/clock.ts';
import type { MessageId, PersonId, SubscriptionId } from '../../../kernel/ids.ts';

/**
 * The messages to subscribers. A notice becomes an item of each subscription that it is for; when items are due, they become one message,
 * which keeps its items and its id at every attempt.
 */
export interface MessageStore {
  /** Adds items, except those that exist. */
  addItems(items: readonly MessageItem[]): Promise<void>;
  /** Returns subscriptions with due items that belong to no message, those that wait longest first. */
  dueSubscriptions(now: EpochMs, limit: number): Promise<SubscriptionId[]>;
  /** Moves at most `limit` due items of the message's subscription and urgency into it. Returns how many; if none, it is not stored. */
  compose(message: NewMessage, now: EpochMs, limit: number): Promise<number>;
  /** Makes the due items of a subscription that are not urgent due later. */
  postpone(id: SubscriptionId, now: EpochMs, to: EpochMs): Promise<void>;
  /** Deletes the items of a subscription that belong to no message. */
  dropItems(id: SubscriptionId): Promise<void>;
  /** Stores a message without items. */
  insert(message: NewMessage): Promise<void>;
  /** Claims due messages, at most one of each recipient. Until `until`, nobody else claims them. */
  claim(claim: MessageClaim): Promise<StoredMessage[]>;
  /** Returns the ids of a message's notices. */
  itemsOf(id: MessageId): Promise<string[]>;
  /** Stores the outcome of an attempt. Returns false if the claim has passed to another process. */
  finish(id: MessageId, claimant: string, outcome: MessageOutcome): Promise<boolean>;
  /** Gives up at most `limit` messages that have been due since before a time and are not sent, and returns how many. */
  giveUp(end: MessagesToGiveUp): Promise<number>;
  /** Counts the messages of a channel that wait, up to `limit`. */
  countWaiting(channel: MessageChannel, limit: number): Promise<number>;
  /** Returns one page of messages, the newest first. */
  list(query: MessageQuery): Promise<StoredMessage[]>;
  /** Counts the messages of a kind since a time, up to `limit`: of a person, or to a recipient. */
  countSince(query: MessageCount): Promise<number>;
  /** Deletes at most `limit` messages that ended before a time, with their items, and returns whether there may be more. */
  prune(options: { readonly before: EpochMs; readonly limit: number }): Promise<boolean>;
}

export interface MessageItem {
  readonly subscriptionId: SubscriptionId;
  readonly noticeId: string;
  /** Whether it breaks through quiet hours. */
  readonly isUrgent: boolean;
  readonly dueAt: EpochMs;
}

export type MessageKind = 'notices' | 'confirmation' | 'test';
export type MessageChannel = 'email' | 'post';

export interface NewMessage {
  readonly id: MessageId;
  readonly kind: MessageKind;
  readonly subscriptionId: SubscriptionId;
  readonly personId: PersonId;
  readonly channel: MessageChannel;
  /** The address or the URL. */
  readonly recipient: string;
  /** Whether all of it breaks through quiet hours. */
  readonly isUrgent: boolean;
  readonly createdAt: EpochMs;
}

export interface StoredMessage extends NewMessage {
  /** How many attempts have begun. */
  readonly attempts: number;
  readonly delivery: MessageDelivery;
}

export type MessageDelivery =
  | { readonly status: 'waiting'; readonly nextAttemptAt: EpochMs; readonly lastError: string | null }
  | { readonly status: 'sent'; readonly at: EpochMs }
  /** Given up. */
  | { readonly status: 'failed'; readonly at: EpochMs; readonly lastError: string | null }
  /** Nothing of it may be sent to the person any more. */
  | { readonly status: 'dropped'; readonly at: EpochMs };

export type MessageOutcome =
  | { readonly kind: 'sent' | 'dropped'; readonly at: EpochMs }
  | { readonly kind: 'failed'; readonly at: EpochMs; readonly error: string }
  | { readonly kind: 'retry'; readonly at: EpochMs; readonly error: string }
  /** Makes the message due at a time without counting the attempt. */
  | { readonly kind: 'released'; readonly at: EpochMs };

export interface MessageClaim {
  readonly channel: MessageChannel;
  readonly now: EpochMs;
  readonly until: EpochMs;
  readonly claimant: string;
  readonly limit: number;
}

export interface MessagesToGiveUp {
  readonly channel: MessageChannel;
  readonly dueBefore: EpochMs;
  readonly at: EpochMs;
  readonly error: string;
  readonly limit: number;
}

export interface MessageQuery {
  /** Only messages to this person; undefined: all. */
  readonly personId: PersonId | undefined;
  /** Only messages before this one; undefined: from the newest. */
  readonly before: MessageId | undefined;
  readonly limit: number;
}

export interface MessageCount {
  readonly kind: MessageKind;
  readonly of: { readonly personId: PersonId } | { readonly recipient: string };
  readonly since: EpochMs;
  readonly limit: number;
}
