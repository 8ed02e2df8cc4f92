import { describe, expect, it } from 'vitest';
import { readConfig } from './read-config.ts';

const FROM = 'Corner shop <shop@shop.example>';
const read = (settings: Readonly<Record<string, string>>) =>
  readConfig(Object.fromEntries(Object.entries(settings).map(([name, value]) => [`WEBPOS_${name}`, value]))).smtp;

describe('the settings of e-mail', () => {
  it('may be absent', () => {
    expect(read({})).toBeUndefined();
  });

  it.each([
    ['smtps://mail.shop.example', { port: 465, isImplicitTls: true, user: undefined, password: undefined }],
    ['smtp://mail.shop.example', { port: 587, isImplicitTls: false, startTls: 'required' }],
    [
      'smtp://shop%40shop.example:p%3Ass%20word@mail.shop.example:2525/',
      { port: 2525, user: 'shop@shop.example', password: 'p:ss word' },
    ],
    ['smtp://127.0.0.1:25', { host: '127.0.0.1', startTls: 'none' }],
    ['smtp://[::1]:25', { host: '::1', startTls: 'none' }],
    ['smtp://localhost', { host: 'localhost', startTls: 'none' }],
    ['smtp://127.0.0.1.evil.example', { startTls: 'required' }],
  ])('read %s', (url, expected) => {
    expect(read({ SMTP_URL: url, SMTP_FROM: FROM })).toMatchObject({
      ...expected,
      from: { name: 'Corner shop', address: 'shop@shop.example' },
    });
  });

  it('allow plain text only if that is asked for', () => {
    const settings = { SMTP_URL: 'smtp://mail.shop.example', SMTP_FROM: 'shop@shop.example' };
    expect(read({ ...settings, DANGEROUSLY_ALLOW_PLAIN_SMTP: 'true' })).toMatchObject({ startTls: 'if_offered' });
  });

  const SECRET = 'hunter2hunter2';
  it.each([
    ['SMTP_URL', { SMTP_URL: `http://shop:${SECRET}@mail.shop.example`, SMTP_FROM: FROM }],
    ['SMTP_URL', { SMTP_URL: `smtp://shop:${SECRET}@mail.shop.example/path`, SMTP_FROM: FROM }],
    ['SMTP_URL', { SMTP_URL: `smtp://shop:${SECRET}%E0%A4@mail.shop.example`, SMTP_FROM: FROM }],
    ['SMTP_URL', { SMTP_URL: 'smtp://mail.shop.example', SMTP_FROM: FROM, SMTP_PASSWORD_FILE: '/run/password' }],
    ['SMTP_FROM', { SMTP_URL: 'smtp://mail.shop.example' }],
    ['SMTP_FROM', { SMTP_URL: 'smtp://mail.shop.example', SMTP_FROM: `shop@shop.example>\r\nBcc: ${SECRET}@evil.example` }],
    ['SMTP_FROM', { SMTP_FROM: FROM }],
    ['SMTP_PASSWORD_FILE', { SMTP_URL: 'smtp://shop@mail.shop.example', SMTP_FROM: FROM }],
    [
      'SMTP_PASSWORD_FILE',
      { SMTP_URL: `smtp://shop:${SECRET}@mail.shop.example`, SMTP_FROM: FROM, SMTP_PASSWORD_FILE: '/run/password' },
    ],
    ['SMTP_PASSWORD_FILE', { SMTP_PASSWORD_FILE: '/run/password' }],
    ['DANGEROUSLY_ALLOW_PLAIN_SMTP', { DANGEROUSLY_ALLOW_PLAIN_SMTP: 'maybe' }],
  ])('name %s if it is wrong, without a secret: %o', (name, settings) => {
    let message = '';
    try {
      read(settings);
    } catch (error) {
      ({ message } = error as Error);
    }
    expect(message).toMatch(new RegExp(`^WEBPOS_${name}: expected `));
    expect(message).not.toContain(SECRET);
  });
});
