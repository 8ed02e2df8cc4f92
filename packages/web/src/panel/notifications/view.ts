import type { PanelFrame } from '../frame/panel-frame.ts';

/** The pages of a person's notifications. Texts from outside are shown as text; times are ISO 8601. */
export interface NotificationsView {
  frame: PanelFrame;
  note: NotificationNote | null;
  /** Null for somebody who is no person and so has no notifications. */
  own: {
    subscriptions: readonly SubscriptionView[];
    messages: readonly MessageView[];
  } | null;
  sendsMail: boolean;
}

/** The outcome of a button. */
export const NOTIFICATION_NOTES = [
  'added',
  'added_email',
  'saved',
  'removed',
  'test',
  'confirm',
  'stopped',
  'started',
  'stale',
  'too_many',
] as const;
export type NotificationNote = (typeof NOTIFICATION_NOTES)[number];

export interface SubscriptionView {
  uuid: string;
  channel: 'email' | 'post';
  recipient: string;
  status: 'active' | 'unconfirmed' | 'stopped';
  kinds: readonly string[];
}

export interface MessageView {
  uuid: string;
  at: string;
  kind: 'notices' | 'confirmation' | 'test';
  recipient: string;
  status: 'waiting' | 'sent' | 'failed' | 'dropped';
  error: string | null;
}

/** The form for a new or an existing subscription. */
export interface SubscriptionFormView {
  frame: PanelFrame;
  note: NotificationNote | null;
  /** Null for a new one. */
  subscription: (SubscriptionView & { secret: string | null }) | null;
  sendsMail: boolean;
  /** The kinds that the person may have. */
  kinds: readonly string[];
  /** The POS that the person sees. */
  pos: readonly { uuid: string; name: string }[];
  timeZones: readonly string[];
  values: SubscriptionValues;
  /** Names of fields that are wrong. */
  wrong: readonly string[];
}

/** What the form contains. */
export interface SubscriptionValues {
  channel: string;
  recipient: string;
  kinds: readonly string[];
  /** Null: every POS that the person sees. */
  pos: readonly string[] | null;
  timing: string;
  daily_at: string;
  is_quiet: boolean;
  quiet_from: string;
  quiet_to: string;
  time_zone: string;
  urgent: boolean;
  amounts: boolean;
}
