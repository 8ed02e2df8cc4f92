import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import {
  contentSecurityPolicy,
  renderCheckoutPage,
  renderNotFoundPage,
  type CheckoutView,
  type SandboxControls,
} from '../index.ts';
import { SAMPLES } from './samples.ts';

const SANDBOX = SAMPLES.sandbox.sandbox!;
const PAGES = Object.entries(SAMPLES).map(([name, view]) => ({ name, html: renderCheckoutPage(view) }));
const pageOf = (changes: Partial<CheckoutView>, from: keyof typeof SAMPLES = 'pending'): string =>
  renderCheckoutPage({ ...SAMPLES[from], ...changes });
/** Without the space that keeps a number and its unit together. */
const text = (html: string): string => words(html).replaceAll('\u00A0', ' ');
const withoutStyles = (html: string): string => html.replaceAll(/<style>[^<]*<\/style>/g, '');
const words = (html: string): string =>
  withoutStyles(html)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('each state in words', () => {
  it.each<[keyof typeof SAMPLES, string, string]>([
    ['pending', 'Waiting for your payment', 'Time left 14:32'],
    ['closing', 'The time is up', 'checking whether a payment has come'],
    ['partial', 'Part of it has arrived', '0.0001 BTC has arrived, 0.00006667 BTC is still missing'],
    ['replaced', 'Your payment was taken back', '0.00006667 BTC is still missing'],
    ['mempool_unconfirmed', 'Payment seen', '0 of 3 confirmations'],
    ['unconfirmed', '1 of 3 confirmations', 'nothing more for you to do'],
    ['paid', 'Paid', 'Thank you. Corner Café has your payment.'],
    ['overpaid', 'Paid, and more than was asked for', 'That is 0.00003333 BTC more than was asked for'],
    ['unsettled', 'Not confirmed in time', 'seen in time'],
    ['late', 'Your payment came too late', '0.00016667 BTC has reached an order that was closed already'],
    ['expired', 'The time ran out', 'send nothing to it any more'],
    ['cancelled', 'Order cancelled', 'send nothing to it'],
    ['network_dispute', 'Being confirmed again', '2 of 3 confirmations'],
    ['mempool_network_dispute', 'Waiting for a block again', 'waits to enter one again'],
    ['possible_chargeback', 'Payment disputed', 'talk to the shop'],
    ['chargeback', 'Payment charged back', 'talk to the shop'],
  ])('%s: %s', (name, headline, explanation) => {
    const html = renderCheckoutPage(SAMPLES[name]);
    expect(html).toContain(`<title>${headline} · Corner Café</title>`);
    expect(html).toContain(`<h2 id="state">${headline}</h2>`);
    expect(text(html)).toContain(explanation);
  });

  it('counts no more confirmations than it asks for, and one as one', () => {
    expect(words(pageOf({ confirmations: 7 }, 'unconfirmed'))).toContain('3 of 3 confirmations');
    expect(words(pageOf({ requiredConfirmations: 1 }, 'unconfirmed'))).toContain('1 of 1 confirmation ');
  });

  it('says what happens when the time runs out, for as long as it can', () => {
    expect(words(pageOf({}))).toContain('When it runs out the order closes.');
    expect(words(pageOf({ expiresInS: 3725 }))).toContain('Time left 1:02:05');
    expect(words(pageOf({ expiresInS: -5 }))).not.toContain('Time left');
    expect(renderCheckoutPage(SAMPLES.unconfirmed)).not.toContain('Time left');
  });

  it('never says expired once the whole amount was seen', () => {
    for (const changes of [{}, { expiresInS: 0 }, { expiresInS: 0, replaced: true, blockchainStatus: 'pending' as const }])
      expect(pageOf({ covered: true, ...changes }, 'mempool_unconfirmed')).not.toMatch(/ran out<|expired/i);
    expect(pageOf({ covered: true }, 'expired')).not.toContain('The time ran out');
  });

  it('keeps the words of its end while the chain still moves', () => {
    expect(pageOf({ status: 'expired', blockchainStatus: 'partial' })).toContain('The time ran out');
  });
});

describe('paying', () => {
  it('shows amount, address and payment link as text, and a link that opens the wallet', () => {
    const { address, uri } = SAMPLES.pending;
    const html = pageOf({ amountBtc: '0.00016667' });
    expect(text(html)).toContain('0.00016667 BTC €10.00');
    const values = [...html.matchAll(/<dd class="value" dir="ltr">(.*?)<\/dd>/g)].map(([, value = '']) =>
      value.replaceAll(/<[^>]*>/g, ''),
    );
    expect(values).toEqual(['0.00016667', address, uri.replaceAll('&', '&amp;')]);
    expect(html).toContain(`href="${uri.replaceAll('&', '&amp;')}"`);
    expect(html).toMatch(/<svg class="qr" role="img" aria-label="QR code: pay 0\.00016667\u00A0BTC to bcrt1/);
  });

  it('asks for the rest, and for nothing else, once a part has arrived', () => {
    const html = renderCheckoutPage(SAMPLES.partial);
    expect(html).toContain(`href="${SAMPLES.partial.missingUri}"`);
    expect(html).not.toContain(SAMPLES.partial.uri);
    expect(html).toContain('QR code: pay 0.00006667\u00A0BTC');
  });

  it('leaves no code to pay once the payment is seen or the order is over', () => {
    const rest = PAGES.filter(({ name }) => !['pending', 'sandbox', 'partial', 'replaced'].includes(name));
    for (const { name, html } of rest) expect(html.includes('class="qr"') || html.includes('bitcoin:'), name).toBe(false);
  });

  it('pays in the sandbox by a plain form', () => {
    const html = renderCheckoutPage(SAMPLES.sandbox);
    expect(html).toContain(`method="post" action="${SAMPLES.sandbox.sandbox?.payUrl}"`);
    expect(words(html)).toContain('Sandbox. Send no real bitcoin.');
    expect(words(pageOf({}))).not.toMatch(/sandbox/i);
  });
});

describe("the sandbox's controls", () => {
  const sandboxPage = (changes: Partial<SandboxControls>, view: Partial<CheckoutView> = {}): string =>
    renderCheckoutPage({ ...SAMPLES.sandbox, ...view, sandbox: { ...SANDBOX, ...changes } });

  it('are nowhere where bitcoin is real, in no state', () => {
    for (const { name, html } of PAGES.filter((page) => page.name !== 'sandbox'))
      expect(withoutStyles(html), name).not.toMatch(/sandbox|<form/i);
  });

  it('are the buttons that were offered, and no others', () => {
    const html = sandboxPage({ actions: ['mine'], events: ['payment.dispute.start'], part: null });
    const buttons = [...html.matchAll(/<button type="submit"[^>]* name="(\w+)" value="([\w.-]+)"/g)];
    expect(buttons.map(([, name, value]) => [name, value])).toEqual([
      ['action', 'mine'],
      ['event', 'payment.dispute.start'],
    ]);
    expect(html).not.toContain('<input');
    expect(html).not.toContain('As the buyer');
  });

  it('ask for a part by a field with a label and limits', () => {
    expect(words(sandboxPage({}))).toContain('A part, in satoshi (546 to 16666)');
    expect(sandboxPage({})).toMatch(/<input id="sandbox-sats"[^>]* required min="546" max="16666" step="1" value="8333"/);
  });

  it('are closed until somebody uses them; then the page also stays when the order is paid', () => {
    const paid = { ...SAMPLES.paid, backUrl: 'https://shop.example/thanks' };
    expect(sandboxPage({ open: false }, paid)).toContain('data-leave="https://shop.example/thanks"');
    expect(sandboxPage({ open: false })).not.toMatch(/<details[^>]* open/);
    expect(sandboxPage({ open: true }, paid)).not.toMatch(/ data-leav/);
    expect(sandboxPage({ open: true })).toMatch(/<details[^>]* open/);
  });

  it('say what went wrong as an alert', () => {
    expect(sandboxPage({})).not.toContain('role="alert"');
    expect(sandboxPage({ note: 'refused' })).toContain('That cannot follow any more');
    expect(sandboxPage({ note: 'amount' })).toContain('role="alert"');
  });
});

describe('following the order', () => {
  const RELOAD = '<noscript><meta http-equiv="refresh" content="10"/></noscript>';

  it('reloads without JavaScript while there is news to come, and never after the end', () => {
    for (const { name, html } of PAGES) {
      const over = ['paid', 'overpaid', 'expired', 'unsettled', 'cancelled', 'late', 'chargeback'].includes(name);
      expect({ name, reloads: html.includes(RELOAD), live: html.includes('data-live') }).toEqual({
        name,
        // Where the whole amount is seen, the page goes to the shop instead.
        reloads: !over && !['mempool_unconfirmed', 'unconfirmed'].includes(name),
        live: !over,
      });
    }
  });

  it.each(['mempool_unconfirmed', 'unconfirmed'] as const)('leads to the shop at once and by itself when %s', (name) => {
    const html = renderCheckoutPage(SAMPLES[name]);
    expect(html).toContain(`data-leave="${SAMPLES[name].backUrl}"`);
    expect(html).toContain('id="back"');
    expect(html).toContain(`content="6;url=${SAMPLES[name].backUrl}"`);
    const surplus = pageOf({ surplusBtc: '0.0001' }, name);
    expect(surplus).not.toContain('data-leave=');
    expect(surplus).toContain('id="back"');
  });

  it('leads back to the shop at the end, on its own only when paid', () => {
    const url = SAMPLES.paid.backUrl;
    expect(renderCheckoutPage(SAMPLES.paid)).toContain(`data-leave="${url}"`);
    expect(renderCheckoutPage(SAMPLES.expired)).toContain(`href="${url}"`);
    expect(renderCheckoutPage(SAMPLES.expired)).not.toContain('data-leave');
    expect(pageOf({})).not.toContain('Back to the shop');
  });

  it('does so without JavaScript too', () => {
    const refresh = `<meta http-equiv="refresh" content="3;url=${SAMPLES.paid.backUrl}"/>`;
    expect(renderCheckoutPage(SAMPLES.paid)).toContain(`<noscript>${refresh}</noscript>`);
    expect(renderCheckoutPage(SAMPLES.overpaid)).not.toContain('http-equiv');
  });

  it('sends nobody away who has something to read', () => {
    const leaving = ['mempool_unconfirmed', 'unconfirmed', 'paid'];
    for (const { name, html } of PAGES) expect(html.includes('data-leave'), name).toBe(leaving.includes(name));
  });

  it('sends the buyer back at once who has just cancelled, unless bitcoin has come', () => {
    expect(pageOf({ asksToLeave: true }, 'cancelled')).toContain('data-leave');
    expect(pageOf({ asksToLeave: true, receivedBtc: '0.0001' }, 'cancelled')).not.toContain('data-leave');
    expect(pageOf({ asksToLeave: true })).not.toContain('data-leave');
  });
});

describe('hostile input', () => {
  const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(1)'>`;

  it('is text wherever it stands', () => {
    for (const from of ['pending', 'paid'] as const) {
      const html = pageOf({ merchantName: HOSTILE, details: HOSTILE, reference: HOSTILE }, from);
      expect(html).not.toMatch(/<script>|<img/);
      expect(html).toContain('&lt;script');
    }
  });

  const sandboxWith = (url: string): string =>
    renderCheckoutPage({ ...SAMPLES.sandbox, sandbox: { ...SANDBOX, url, payUrl: url } });

  it.each(['javascript:alert(1)', 'data:text/html,x', '//evil.example/x', ' javascript:alert(1)', 'not a url'])(
    'never becomes a target: %s',
    (url) => {
      expect(pageOf({ backUrl: url }, 'paid')).not.toMatch(/Back to the shop| data-leave/);
      expect(pageOf({ uri: url })).not.toContain('Open in wallet');
      expect(sandboxWith(url)).not.toContain('<form');
    },
  );

  it('does not post to another host by a path that only looks like one', () => {
    expect(sandboxWith('/\\evil.example/x')).not.toContain('<form');
    expect(sandboxWith('/\t/evil.example/x')).not.toContain('<form');
  });
});

describe('every page', () => {
  const all = [...PAGES, { name: 'not found', html: renderNotFoundPage() }];

  it.each(all)('lives with the strict policy: $name', ({ html }) => {
    const policy = contentSecurityPolicy();
    expect(policy).not.toContain('unsafe');
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=/i);
    for (const [, css = ''] of html.matchAll(/<style>([^<]*)<\/style>/g))
      expect(policy).toContain(`'sha256-${createHash('sha256').update(css).digest('base64')}'`);
    for (const [, attributes, body] of html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)) {
      expect(attributes).toMatch(/src="\/assets\/checkout\.js\?v=[0-9a-f]{12}"/);
      expect(body).toBe('');
    }
  });

  it.each(all)('has one main, one h1, a language and a title: $name', ({ html }) => {
    expect(html).toMatch(/^<!doctype html><html lang="en" dir="ltr">/);
    expect(html.match(/<main/g)).toHaveLength(1);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).toMatch(/<title>[^<]+<\/title>/);
  });

  it('has a place for announcements that outlives its main', () => {
    for (const { html } of PAGES) expect(html.split('</main>')[1]).toContain('aria-live="polite"');
  });
});
