import { describe, expect, it } from 'vitest';
import { notificationTexts } from '../texts/index.ts';
import type { MailNotice, MailNoticeText, NotificationMail } from './mail-view.ts';
import { renderNotificationMail } from './render-mail.tsx';
import { mailTexts } from './texts/index.ts';

const LANGUAGES = ['en', 'it', 'de', 'fr', 'es', 'pt', 'ja', 'ar'] as const;
const VALUES = {
  endpoint: 'https://shop.example',
  since: '2026-12-01T10:00:00.000Z',
  error: 'answered 500',
  trouble: 'the node does not answer',
  blocks: '3',
  row: 'accounts 1',
  name: 'Eve',
  by: 'Ada',
  device: 'Firefox on Linux',
  txid: 'ab'.repeat(32),
};
const TEXTS = Object.keys(mailTexts.en).filter((key) =>
  /^(order|payment|refund|endpoint|chain|seal|sign|person)_/.test(key),
) as MailNoticeText[];

function item(changes: Partial<MailNotice> = {}): MailNotice {
  return {
    at: '2026-12-01T12:00:00.000Z',
    text: 'order_paid',
    pos: { name: 'Corner shop' },
    order: { number: '3F8B2C1E', reference: '1001', fiat: { amount: '10.00', currency: 'EUR' } },
    amount: '0.00016667',
    values: {},
    link: 'https://pay.example/panel/orders/3f8b2c1e',
    ...changes,
  };
}

function mail(changes: Partial<NotificationMail & { kind: 'notices' }> = {}): NotificationMail {
  return {
    kind: 'notices',
    items: [item()],
    hasAmountsInSubject: false,
    language: 'en',
    timeZone: 'Europe/Rome',
    gatewayUrl: 'https://pay.example',
    settingsUrl: 'https://pay.example/panel/notifications',
    stopUrl: 'https://pay.example/notifications/stop/1/code',
    ...changes,
  };
}

describe('an e-mail', () => {
  it('says what happened, when by the clock of its reader, and how to stop it', () => {
    const { subject, text, html } = renderNotificationMail(mail());
    expect(subject).toBe('Order 3F8B2C1E is paid');
    expect(text).toBe(
      [
        'Order 3F8B2C1E is paid.',
        'Dec 1, 2026, 13:00 GMT+1',
        'Received: 0.000\u202F166\u202F67\u00A0BTC',
        'Price: €10.00',
        'Reference: 1001',
        'Point of sale: Corner shop',
        'Open in the panel: https://pay.example/panel/orders/3f8b2c1e',
        '',
        '-- ',
        'You receive this message because you asked for it in the panel of pay.example.',
        'Change your notifications: https://pay.example/panel/notifications',
        'Stop these messages: https://pay.example/notifications/stop/1/code',
        '',
      ].join('\n'),
    );
    expect(html).toContain('<a href="https://pay.example/notifications/stop/1/code">Stop these messages</a>');
  });

  it('has amounts in its subject only for those who want that', () => {
    expect(renderNotificationMail(mail({ hasAmountsInSubject: true })).subject).toBe('Order 3F8B2C1E is paid · €10.00');
    expect(renderNotificationMail(mail({ hasAmountsInSubject: true, items: [item(), item()] })).subject).toBe('Notifications: 2');
  });

  it('has every text in every language', () => {
    for (const language of LANGUAGES)
      for (const text of TEXTS) {
        const written = renderNotificationMail(mail({ language, items: [item({ text, values: VALUES })] }));
        expect(written.subject).not.toMatch(/[{}]|undefined|[.。]$/);
        expect(written.text).not.toMatch(/[{}]|undefined/);
        expect(written.html).toMatch(
          new RegExp(`^<!doctype html><html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"`),
        );
      }
    expect(TEXTS).toHaveLength(18);
  });

  it('shows what others have written as text, and loads nothing', () => {
    const evil = '<img src="https://evil.example/x.png" onerror="alert(1)"><script>alert(1)</script>"\'&';
    const { html } = renderNotificationMail(
      mail({
        items: [
          item({
            text: 'endpoint_failing',
            pos: { name: evil },
            order: { number: '3F8B2C1E', reference: evil, fiat: null },
            values: { ...VALUES, endpoint: evil, error: evil },
          }),
        ],
      }),
    );
    expect(html).not.toMatch(/<(?:img|script|style|link|iframe|object)\b/i);
    expect(html).not.toMatch(/\s(?:src|onerror|style|background)=(?:"|')?[^&]/i);
    expect(html.match(/&lt;img/g)).toHaveLength(4);
  });

  it('asks for the confirmation of an address, and for nothing else', () => {
    const { subject, text, html } = renderNotificationMail({
      ...mail(),
      kind: 'confirmation',
      confirmUrl: 'https://pay.example/notifications/confirm/1/2/3',
    });
    expect(subject).toBe('Confirm your e-mail address');
    for (const part of [text, html]) {
      expect(part).toContain('https://pay.example/notifications/confirm/1/2/3');
      expect(part).not.toContain('/notifications/stop/');
    }
  });
});

it('the texts have the same names in every language, with the same values', () => {
  const named = (text: string): string => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join(' ');
  for (const texts of [mailTexts, notificationTexts])
    for (const language of LANGUAGES) {
      const [english, others] = [Object.entries(texts.en), Object.entries(texts[language])];
      expect(others.map(([key]) => key)).toEqual(english.map(([key]) => key));
      expect(others.map(([key, text]) => `${key} ${named(text)}`)).toEqual(english.map(([key, text]) => `${key} ${named(text)}`));
    }
});
