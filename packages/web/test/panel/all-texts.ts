/** The texts of every subject of the panel, of payment links and of e-mails: for tests. */
import { linkTexts } from '../../src/checkout/link/texts/index.ts';
import type { Texts } from '../../src/i18n/texts.ts';
import { accessTexts } from '../../src/panel/access/texts/index.ts';
import { callbackTexts } from '../../src/panel/callbacks/texts/index.ts';
import { dashboardTexts } from '../../src/panel/dashboard/texts/index.ts';
import { frameTexts } from '../../src/panel/frame/texts/index.ts';
import { linksTexts } from '../../src/panel/links/texts/index.ts';
import { mailTexts } from '../../src/panel/notifications/mail/texts/index.ts';
import { notificationTexts } from '../../src/panel/notifications/texts/index.ts';
import { orderTexts } from '../../src/panel/orders/texts/index.ts';
import { peopleTexts } from '../../src/panel/people/texts/index.ts';
import { refundTexts } from '../../src/panel/refunds/texts/index.ts';
import { reportTexts } from '../../src/panel/reports/texts/index.ts';
import { settingsTexts } from '../../src/panel/settings/texts/index.ts';
import { walletTexts } from '../../src/panel/wallets/texts/index.ts';

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
