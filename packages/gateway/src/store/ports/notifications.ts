import type { AccountId, OrderId } from '../../kernel/ids.ts';

/**
 * How the processes on one database hear of each other's changes, usually within milliseconds. A notification is sent after its change
 * is committed, and a process may die between the two. So notifications only save time: what depends on a change also polls, or bounds
 * the age of what it has read.
 */
export interface Notifications {
  /** Whether every notification that was sent more than {@link NOTIFICATION_LAG_MS} ago has arrived. Poll while it is false. */
  readonly areTrusted: boolean;
  /** Grows when notifications are trusted again after they were not: some may have been lost. */
  readonly losses: number;
  /** Orders have changed; not sent for new orders. */
  readonly ordersChanged: NotificationChannel<Ids<OrderId>>;
  readonly tipMoved: NotificationChannel<void>;
  readonly callbackStored: NotificationChannel<void>;
  /** Accounts need indexes that are cleared for new orders. */
  readonly indexesWanted: NotificationChannel<Ids<AccountId>>;
  /** The lease of the leader has been taken or released. */
  readonly leaseChanged: NotificationChannel<void>;
  /** Sends what is waiting to be sent, within a second, and closes the connection. */
  close(): Promise<void>;
}

/** `all` if they are too many to name. */
export type Ids<Id> = readonly Id[] | 'all';

export interface NotificationChannel<Event> {
  /** Notifies the other processes. It returns at once, and what cannot be sent is sent later. Call it after the commit. */
  publish(event: Event): void;
  /** Calls the listener with everything that other processes publish. */
  on(listener: (event: Event) => void): void;
}

/** How long notifications are trusted after the process has last sent one to itself. */
export const NOTIFICATION_LAG_MS = 2_000;
