import type { Reader } from '../../../src/i18n/languages.ts';
import type { MailNoticeText, NotificationMail } from '../../../src/panel/notifications/mail/mail-view.ts';
import { renderNotificationMail } from '../../../src/panel/notifications/mail/render-mail.tsx';
import { mailTexts } from '../../../src/panel/notifications/mail/texts/index.ts';
import { AT, TXID } from './frame.ts';

const NOTICES = Object.keys(mailTexts.en).filter((key) =>
  /^(?:order|payment|refund|endpoint|chain|seal|sign|person)_/.test(key),
) as MailNoticeText[];
const VALUES = {
  endpoint: 'https://shop.example',
  since: AT,
  error: '500',
  trouble: '500',
  blocks: '3',
  row: 'accounts',
  name: 'Eve',
  by: 'Ada',
  device: 'Firefox',
  txid: TXID,
};

export function mailSamples({ language: { tag } }: Reader): Readonly<Record<string, string[]>> {
  const mail = {
    language: tag,
    timeZone: 'Europe/Rome',
    gatewayUrl: 'https://pay.example',
    settingsUrl: 'https://pay.example/panel/notifications',
    stopUrl: 'https://pay.example/notifications/stop/1/code',
  };
  const items = NOTICES.map((text) => ({
    at: AT,
    text,
    pos: { name: 'Corner Café' },
    order: { number: '3F8B2C1E', reference: '1001', fiat: { amount: '10.00', currency: 'EUR' } },
    amount: '0.00016667',
    values: VALUES,
    link: 'https://pay.example/panel/orders/3f8b2c1e',
  }));
  const mails: readonly NotificationMail[] = [
    { ...mail, kind: 'notices', items, hasAmountsInSubject: true },
    { ...mail, kind: 'notices', items: items.slice(0, 1), hasAmountsInSubject: true },
    { ...mail, kind: 'confirmation', confirmUrl: 'https://pay.example/notifications/confirm/1/2/3' },
    { ...mail, kind: 'test' },
  ];
  return {
    renderNotificationMail: mails.map((each) => {
      const { subject, html } = renderNotificationMail(each);
      return html.replace('</head>', `<title>${subject}</title></head>`);
    }),
  };
}
