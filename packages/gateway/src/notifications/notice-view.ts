/** Notices as people and programs read them, and what an e-mail is written from. */
import type { NoticeKind } from './notice-kind.ts';

/** What a notice says, by which its text is chosen. */
export type NoticeText =
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

export interface NoticeView {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly kind: NoticeKind;
  readonly text: NoticeText;
  readonly pos: { readonly uuid: string; readonly name: string } | null;
  readonly order: OrderView | null;
  /** Bitcoin, as a decimal string. */
  readonly amount: string | null;
  /** What fills in the names in the text, besides order and amount. */
  readonly values: Readonly<Record<string, string>>;
  readonly link: string | null;
}

export interface OrderView {
  readonly uuid: string;
  /** Its first eight characters, in capitals. */
  readonly number: string;
  /** What the shop has written, on one line. */
  readonly reference: string | null;
  readonly fiat: { readonly amount: string; readonly currency: string } | null;
}

export type MailView = MailFrame &
  (
    | { readonly kind: 'notices'; readonly items: readonly NoticeView[]; readonly hasAmountsInSubject: boolean }
    | { readonly kind: 'confirmation'; readonly confirmUrl: string }
    | { readonly kind: 'test' }
  );

interface MailFrame {
  /** BCP 47; null: English. */
  readonly language: string | null;
  /** IANA. */
  readonly timeZone: string;
  readonly gatewayUrl: string;
  readonly settingsUrl: string;
  readonly stopUrl: string;
}

export interface WrittenMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export type MailWriter = (view: MailView) => WrittenMail;
