/** The texts of every subject of the panel, of payment links and of e-mails: for tests. */
import { linkTexts } from '../checkout/link/texts/index.ts';
import type { Texts } from '../i18n/texts.ts';
import { accessTexts } from './access/texts/index.ts';
import { callbackTexts } from './callbacks/texts/index.ts';
import { dashboardTexts } from './dashboard/texts/index.ts';
import { frameTexts } from './frame/texts/index.ts';
import { linksTexts } from './links/texts/index.ts';
import { mailTexts } from './notifications/mail/texts/index.ts';
import { notificationTexts } from './notifications/texts/index.ts';
import { orderTexts } from './orders/texts/index.ts';
import { peopleTexts } from './people/texts/index.ts';
import { refundTexts } from './refunds/texts/index.ts';
import { reportTexts } from './reports/texts/index.ts';
import { settingsTexts } from './settings/texts/index.ts';
import { walletTexts } from './wallets/texts/index.ts';

export const ALL_TEXTS: Readonly<Record<string, Texts<string>>> = {
  access: accessTexts,
  callbacks: callbackTexts,
  dashboard: dashboardTexts,
  frame: frameTexts,
  link: linkTexts,
  links: linksTexts,
  mail: mailTexts,
  notifications: notificationTexts,
  orders: orderTexts,
  people: peopleTexts,
  refunds: refundTexts,
  reports: reportTexts,
  settings: settingsTexts,
  wallets: walletTexts,
};
