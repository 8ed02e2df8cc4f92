/** Notices as people and programs read them. The texts of e-mails are the panel's, which says what it needs to write them. */
import type { MailNotice, NotificationMail, RenderedMail } from '@webpos/web';
import type { NoticeKind } from './notice-kind.ts';

/** What a notice says, by which its text is chosen. */
export type NoticeText = MailNotice['text'];

export interface NoticeView extends MailNotice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly pos: { readonly uuid: string; readonly name: string } | null;
  readonly order: OrderView | null;
}

export type OrderView = NonNullable<MailNotice['order']> & { readonly uuid: string };

type NoticesMail = Extract<NotificationMail, { kind: 'notices' }>;

export type MailView =
  Exclude<NotificationMail, NoticesMail> | (Omit<NoticesMail, 'items'> & { readonly items: readonly NoticeView[] });

export type MailWriter = (view: MailView) => RenderedMail;
