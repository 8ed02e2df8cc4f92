/** What an e-mail shows. Texts from outside are shown as text; times are ISO 8601. */

export type MailNoticeText =
  | 'order_paid'
  | 'order_late'
  | 'order_partial'
  | 'order_surplus'
  | 'order_disputed'
  | 'order_charged_back'
  | 'payment_unassigned'
  | 'refund_requested'
  | 'endpoint_failing'
  | 'endpoint_recovered'
  | 'chain_troubled'
  | 'chain_recovered'
  | 'chain_reorganised'
  | 'seal_broken'
  | 'sign_in_new_device'
  | 'person_added'
  | 'person_changed'
  | 'person_removed';

export interface MailNotice {
  at: string;
  text: MailNoticeText;
  pos: { name: string } | null;
  order: MailOrder | null;
  /** A decimal string of bitcoin. */
  amount: string | null;
  /** What fills in the names in the text, besides the order. */
  values: Readonly<Record<string, string>>;
  link: string | null;
}

export interface MailOrder {
  /** The first eight characters of its id, in capitals. */
  number: string;
  /** What the shop has written, on one line. */
  reference: string | null;
  fiat: { amount: string; currency: string } | null;
}

export type NotificationMail = {
  /** BCP 47; null: English. */
  language: string | null;
  /** IANA. */
  timeZone: string;
  gatewayUrl: string;
  settingsUrl: string;
  stopUrl: string;
} & (
  | { kind: 'notices'; items: readonly MailNotice[]; hasAmountsInSubject: boolean }
  | { kind: 'confirmation'; confirmUrl: string }
  | { kind: 'test' }
);

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}
