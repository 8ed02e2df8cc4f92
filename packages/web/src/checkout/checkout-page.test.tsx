import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import {
  contentSecurityPolicy,
  renderCheckoutPage,
  renderNotFoundPage,
  renderUnverifiedPage,
  renderReceiptPage,
  type CheckoutView,
  type SandboxControls,
} from '../index.ts';
import { ENGLISH_READER } from '../i18n/languages.ts';
import { SAMPLES, VARIANTS } from './samples.ts';

const SANDBOX = VARIANTS.sandbox.sandbox!;
const ALL: Readonly<Record<string, CheckoutView>> = { ...SAMPLES, ...VARIANTS };
const PAGES = Object.entries(ALL).map(([name, view]) => ({ name, html: renderCheckoutPage(view) }));
const pageOf = (changes: Partial<CheckoutView>, from: keyof typeof SAMPLES = 'pending'): string =>
  renderCheckoutPage({ ...SAMPLES[from], ...changes });
const withoutStyles = (html: string): string => html.replaceAll(/<style>[^<]*<\/style>/g, '');
/** The text of a page, with plain spaces; elements that only isolate or group leave no space. */
const words = (html: string): string =>
  withoutStyles(html)
    .replaceAll(/<\/?(?:bdi|span)[^>]*>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/[\s\u00A0\u202F]+/g, ' ');

describe('each stage in words', () => {
  it.each<[keyof typeof SAMPLES, string, string]>([
    ['pending', 'Waiting for your payment', 'Time left 14:32'],
    ['closing', 'Time is up', 'Please send nothing now.'],
    ['partial', 'Partly paid', 'Received: 0.000 100 00 BTC. Still to pay: 0.000 066 67 BTC.'],
    ['lost', 'Payment no longer visible', 'Do not pay again yet.'],
    ['seen', 'Payment received', 'The shop knows about your payment. You can go back now.'],
    ['confirming', '1 of 3 confirmations', 'Each confirmation takes about 10 minutes'],
    ['paid', 'Paid', 'Thank you. Corner Café has received your payment.'],
    ['overpaid', 'Paid, more than needed', 'You paid 0.000 033 33 BTC too much'],
    ['expired', 'The time to pay has expired', 'Please do not pay with this code any more.'],
    ['short', 'Not paid in full in time', 'Please send nothing more. Received: 0.000 100 00 BTC.'],
    ['unsettled', 'Not confirmed in time', 'You paid in time'],
    ['late', 'Your payment arrived too late', 'Received after the order was closed: 0.000 166 67 BTC.'],
    ['cancelled', 'Payment cancelled', 'Please do not pay with this code any more.'],
    ['dispute', 'Being confirmed again', '(2 of 3 confirmations)'],
    ['dispute-waiting', 'Waiting to be confirmed again', 'You do not need to do anything else.'],
    ['disputed', 'Completed payment no longer visible', 'Do not pay again: look in your wallet'],
    ['chargeback', 'Payment did not go through', 'Please contact the shop.'],
  ])('%s: %s', (name, headline, explanation) => {
    const html = renderCheckoutPage(SAMPLES[name]);
    expect(html).toContain(`<title>${headline} · Corner Café</title>`);
    expect(html).toContain(`<h2 id="state">${headline}</h2>`);
    expect(words(html)).toContain(explanation);
  });

  it('counts no more confirmations than are required, and one as one', () => {
    expect(words(pageOf({ confirmations: 7 }, 'confirming'))).toContain('3 of 3 confirmations');
    expect(words(pageOf({ requiredConfirmations: 1 }, 'confirming'))).toContain('1 of 1 confirmation ');
  });

  it('says by when to pay, for as long as that matters', () => {
    expect(words(pageOf({}))).toContain('Send your payment within this time. It can be confirmed later.');
    expect(words(pageOf({ expiresInS: 3725 }))).toContain('Time left 1:02:05');
    expect(words(pageOf({ isTimed: false }))).not.toContain('Time left');
    expect(words(renderCheckoutPage(SAMPLES.confirming))).not.toContain('Time left');
  });

  it('announces amounts as one number each', () => {
    expect(renderCheckoutPage(SAMPLES.partial)).toContain('data-say="Partly paid. Received: 0.00010000\u00A0BTC.');
  });
});

describe('paying', () => {
  it('shows fiat and bitcoin, then amount, address and payment link as text, and a link that opens the wallet', () => {
    const { address, uri } = SAMPLES.pending;
    const html = pageOf({});
    expect(html.replaceAll(/<[^>]*>/g, '')).toMatch(/€10\.00\s*0\.00016667\u00A0BTC/);
    const values = [...html.matchAll(/<dd class="value"[^>]*>(.*?)<\/dd>/g)].map(([, value = '']) =>
      value.replaceAll(/<[^>]*>/g, ''),
    );
    expect(values).toEqual(['0.00016667', address, uri.replaceAll('&', '&amp;')]);
    expect(html).toContain(`href="${uri.replaceAll('&', '&amp;')}"`);
    expect(html).toMatch(/<svg class="qr" role="img" aria-label="QR code: pay 0\.000\u202F166\u202F67\u00A0BTC to bcrt1/);
  });

  it('has the amount copied as wallets read it, whatever the reader sees', () => {
    expect(pageOf({ amountBtc: '0.0001' })).toContain('data-copy="0.00010000"');
    const inSats = pageOf({ choices: { ...SAMPLES.pending.choices, unit: 'sat' } });
    expect(inSats).toContain('data-copy="16667"');
    expect(words(inSats)).toContain('16,667 sat');
    expect(words(inSats)).not.toContain(' 0.000');
  });

  it('leads to the other unit and back', () => {
    expect(pageOf({})).toContain('?lang=en&amp;unit=sat" data-soft');
    expect(pageOf({ choices: { ...SAMPLES.pending.choices, unit: 'sat' } })).toMatch(/id="unit" href="[^"]*\?lang=en" data-soft/);
  });

  it('asks for the rest, and for nothing else, once a part has arrived', () => {
    for (const html of [renderCheckoutPage(SAMPLES.partial), renderCheckoutPage(VARIANTS['lost-again'])]) {
      expect(html).toContain(`href="${SAMPLES.partial.missingUri}"`);
      expect(html).not.toContain(SAMPLES.partial.uri);
      expect(html).toContain('QR code: pay 0.000\u202F066\u202F67\u00A0BTC');
      expect(words(html)).toContain('Send exactly this amount in one payment.');
      expect(words(html)).toContain('left to pay of €10.00 = 0.000 166 67 BTC');
      expect(words(html)).not.toMatch(/whole amount/i);
    }
  });

  it('leaves no code to pay once the payment is seen, lost or over', () => {
    const paying = ['pending', 'sandbox', 'partial', 'lost-again'];
    for (const { name, html } of PAGES.filter((page) => !paying.includes(page.name))) {
      expect(html.includes('class="qr"') || html.includes('bitcoin:'), name).toBe(false);
      for (const text of ['Scan the code', 'Send exactly', 'Send your payment']) expect(words(html), name).not.toContain(text);
    }
  });

  it('has a lost payment paid again only by a button that says so', () => {
    expect(renderCheckoutPage(SAMPLES.lost)).toMatch(
      /id="pay-again" href="[^"]*&amp;again=1" data-soft="true">Show the code to pay again/,
    );
    expect(renderCheckoutPage(VARIANTS['lost-again'])).not.toContain('id="pay-again"');
  });

  it('pays in the sandbox by a plain form', () => {
    const html = renderCheckoutPage(VARIANTS.sandbox);
    expect(html).toContain(`method="post" action="${SANDBOX.payUrl}?lang=en"`);
    expect(words(html)).toContain('Test mode: do not send real bitcoin.');
    expect(words(pageOf({}))).not.toMatch(/sandbox|test mode/i);
  });

  it('keeps translators away from amounts, the address, ids and names', () => {
    for (const { name, html } of PAGES) {
      const translated = html.replaceAll(/<(\w+)[^>]* translate="no"[^>]*>.*?<\/\1>/g, '').replaceAll(/<[^>]*>/g, ' ');
      for (const text of ['0.00016667', '€10.00', 'bcrt1q', 'f4184fc5', '2f1c0f3e'])
        expect(withoutStyles(translated), `${name} ${text}`).not.toContain(text);
    }
  });
});

describe('a refund', () => {
  const owing = PAGES.filter(({ name }) => ALL[name]?.owedBtc !== null);

  it('can be requested wherever money is owed, and nowhere else', () => {
    expect(owing.map(({ name }) => name).sort()).toEqual(
      ['cancelled-part', 'late', 'overpaid', 'refund-asked', 'refund-invalid', 'seen-surplus', 'short'].sort(),
    );
    for (const { name, html } of PAGES) expect(html.includes('id="refund-address"'), name).toBe(ALL[name]?.owedBtc !== null);
    for (const { html, name } of owing)
      expect(html, name).toContain('action="/checkout/2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11/refund?lang=en"');
  });

  it('names its amount, then the address once one is known', () => {
    expect(words(renderCheckoutPage(SAMPLES.late))).toContain('Get 0.000 166 67 BTC back');
    const asked = words(renderCheckoutPage(VARIANTS['refund-asked']));
    expect(asked).toContain('Refund requested');
    expect(asked).toContain(`The shop has your address ${VARIANTS['refund-asked'].refundAddress} and can send the refund there.`);
    expect(asked).not.toContain('Get 0.');
  });

  it('says what has become of it, with the transaction that pays it, and does not leave the page meanwhile', () => {
    const html = renderCheckoutPage({ ...VARIANTS['refund-followed'], stage: 'paid' });
    const page = words(html);
    for (const part of ['requested', 'approved', 'on its way', 'paid', 'declined']) expect(page).toContain(`Refund ${part}`);
    expect(page).toContain('The shop will send 0.000 033 33 BTC to your address bcrt1q');
    expect([page.includes('1 of 2 confirmations'), page.includes('2 of 2 confirmations')]).toEqual([true, true]);
    expect(html.match(/data-copy="f4184fc/g)?.length).toBeGreaterThanOrEqual(2);
    expect(html).not.toContain('data-leave=');
    expect(words(renderCheckoutPage({ ...SAMPLES.paid, refunds: [] }))).not.toContain('Refund');
  });

  it('says why an address was refused, beside the field', () => {
    for (const [note, text] of [
      ['refund_invalid', 'This is not a bitcoin address.'],
      ['refund_network', 'This address is for another network.'],
      ['refund_same', 'This is the address of this payment.'],
      ['refund_too_often', 'You have requested a refund too often.'],
    ] as const) {
      const html = pageOf({ note }, 'late');
      expect(words(html)).toContain(text);
      expect(html).toMatch(/id="refund-hint" role="alert"/);
      expect(html).toMatch(/aria-describedby="refund-hint" aria-invalid/);
    }
  });
});

describe('trying again', () => {
  it('is the main step of an expired order where the POS allows it', () => {
    const html = renderCheckoutPage(VARIANTS['expired-retry']);
    expect(html).toMatch(/action="[^"]*\/retry\?lang=en"/);
    expect(html).toContain('class="button plain" id="back"');
    expect(words(html)).toContain('Try again to get a new code at the current rate.');
    expect(words(html)).not.toContain('Already sent bitcoin?');
    expect(renderCheckoutPage(SAMPLES.expired)).not.toContain('/retry');
    expect(words(pageOf({ mayRetry: true, note: 'try_again_failed' }, 'expired'))).toContain('That is not possible right now.');
  });
});

describe("the sandbox's controls", () => {
  const sandboxPage = (changes: Partial<SandboxControls>, view: Partial<CheckoutView> = {}): string =>
    renderCheckoutPage({ ...VARIANTS.sandbox, ...view, sandbox: { ...SANDBOX, ...changes } });

  it('are nowhere where bitcoin is real', () => {
    for (const { name, html } of PAGES.filter((page) => page.name !== 'sandbox'))
      expect(withoutStyles(html), name).not.toMatch(/sandbox/i);
  });

  it('are the buttons that were offered, and no others', () => {
    const html = sandboxPage({ actions: ['mine'], events: ['payment.dispute.start'], part: null });
    const buttons = [...html.matchAll(/<button type="submit"[^>]* name="(\w+)" value="([\w.-]+)"/g)];
    expect(buttons.map(([, name, value]) => [name, value])).toEqual([
      ['action', 'mine'],
      ['event', 'payment.dispute.start'],
    ]);
    expect(html).not.toContain('<input');
    expect(html).not.toContain('Act as the buyer');
  });

  it('ask for a part by a field with a label and limits', () => {
    expect(words(sandboxPage({}))).toContain('Part payment in sat, 546 to 16,666');
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
    expect(sandboxPage({ note: 'refused' })).toContain('Not possible any more');
    expect(sandboxPage({ note: 'amount' })).toContain('role="alert"');
  });

  it('keep the language and the unit of the page', () => {
    expect(sandboxPage({}, { choices: { ...SAMPLES.pending.choices, unit: 'sat' } })).toContain('/sandbox?lang=en&amp;unit=sat"');
  });
});

describe('following the order', () => {
  const RELOAD = '<noscript><meta http-equiv="refresh" content="10"/></noscript>';

  it('reloads without JavaScript while the order may change, and never after the end', () => {
    for (const { name, html } of PAGES) {
      const over = [
        'paid',
        'overpaid',
        'expired',
        'expired-retry',
        'short',
        'unsettled',
        'cancelled',
        'cancelled-part',
        'late',
        'refund-asked',
        'refund-followed',
        'refund-invalid',
        'chargeback',
      ];
      // Where the whole amount is seen, the page goes to the shop instead.
      const leaves = ['seen', 'confirming'];
      expect(html.includes(RELOAD), name).toBe(!over.includes(name) && !leaves.includes(name));
    }
  });

  it('follows an order that may still change', () => {
    expect(pageOf({ follows: 'order' }, 'expired')).toMatch(/data-live[^>]* data-events="\/checkout\/[\da-f-]+\/events"/);
    expect(pageOf({ follows: null }, 'expired')).not.toMatch(/data-live|data-events/);
  });

  it('follows a refund, less often than an order, and announces where it is', () => {
    const { refunds } = VARIANTS['refund-followed'];
    const say = (view: Partial<CheckoutView>): string | undefined =>
      /data-say="([^"]*)"/.exec(pageOf({ ...view, follows: 'refund' }, 'late'))?.[1];
    expect(pageOf({ follows: 'refund' }, 'late')).toMatch(/data-live="refund"[^>]* data-events=/);
    const before = say({});
    expect(refunds.map((refund) => say({ refunds: [refund] })?.slice(before?.length))).toEqual([
      ' Refund requested',
      ' Refund approved',
      ' Refund on its way',
      ' Refund paid',
      ' Refund declined',
    ]);
  });

  it.each(['seen', 'confirming'] as const)('leads to the shop at once and by itself when %s, unless the buyer stays', (name) => {
    const { backUrl, choices } = SAMPLES[name];
    const html = renderCheckoutPage(SAMPLES[name]);
    expect(html).toContain(`data-leave="${backUrl}"`);
    expect(html).toContain('class="button" id="back"');
    expect(html).toContain(`content="6;url=${backUrl}"`);
    expect(html).toMatch(/id="stay" href="[^"]*&amp;stay=1" data-soft="true">Stay on this page/);
    for (const changes of [{ surplusBtc: '0.0001' }, { choices: { ...choices, stays: true } }]) {
      const staying = pageOf(changes, name);
      expect(staying).not.toMatch(/data-leave=|id="stay"|url=/);
      expect(staying).toContain('id="back"');
    }
    expect(pageOf({ backUrl: null }, name)).not.toMatch(/data-leave=|id="back"|id="stay"/);
    expect(words(pageOf({ backUrl: null }, name))).toContain('You can close this page: the shop is told automatically.');
  });

  it('leads back to the shop at the end, by itself only if paid', () => {
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

  it('sends nobody away who has something to read or to do', () => {
    const leaving = ['seen', 'confirming', 'paid'];
    for (const { name, html } of PAGES) expect(html.includes('data-leave'), name).toBe(leaving.includes(name));
  });

  it('sends a buyer back at once who has just cancelled, unless bitcoin has come', () => {
    expect(pageOf({ asksToLeave: true }, 'cancelled')).toContain('data-leave');
    expect(pageOf({ asksToLeave: true, receivedBtc: '0.0001' }, 'cancelled')).not.toContain('data-leave');
    expect(pageOf({ asksToLeave: true })).not.toContain('data-leave');
  });

  it('shows the ids of transactions to copy, and what helps a slow one', () => {
    expect(renderCheckoutPage(SAMPLES.seen)).toContain(`data-copy="${SAMPLES.seen.payments[0]?.txid}"`);
    expect(words(renderCheckoutPage(SAMPLES.seen))).not.toContain('raise the fee');
    expect(words(renderCheckoutPage(VARIANTS['seen-slow']))).toContain('Taking long? Your wallet may let you raise the fee.');
  });
});

describe('the receipt', () => {
  const receipt = (name: keyof typeof SAMPLES): string => words(renderReceiptPage(SAMPLES[name], ENGLISH_READER));

  it('is there from the moment at which the whole amount is seen, and says what is awaited', () => {
    expect(receipt('pending')).toContain('Your receipt will be here once the whole amount is received.');
    expect(receipt('seen')).toContain('Not confirmed yet (0 of 3 confirmations)');
    expect(receipt('confirming')).toContain('Not confirmed yet (1 of 3 confirmations)');
    expect(receipt('paid')).not.toContain('Not confirmed yet');
    expect(receipt('paid')).toContain('Paid on Nov 23, 2026, 18:31 UTC');
    expect(receipt('paid')).toContain('€10.00 = 0.000 166 67 BTC');
    for (const name of ['seen', 'paid'] as const)
      expect(receipt(name)).toContain(`${SAMPLES.seen.payments[0]?.txid} (0.000 166 67 BTC)`);
  });
});

describe('hostile input', () => {
  const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(1)'>`;

  it('is text wherever it stands', () => {
    for (const from of ['pending', 'paid', 'late'] as const) {
      const changes = { merchantName: HOSTILE, details: HOSTILE, reference: HOSTILE };
      const html = pageOf(from === 'late' ? { ...changes, refundAddress: HOSTILE } : changes, from);
      expect(html).not.toMatch(/<script>|<img/);
      expect(html).toContain('&lt;script');
    }
  });

  const sandboxWith = (url: string): string =>
    renderCheckoutPage({ ...VARIANTS.sandbox, sandbox: { ...SANDBOX, url, payUrl: url } });

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
  const all = [...PAGES, { name: 'not found', html: renderNotFoundPage() }, { name: 'unverified', html: renderUnverifiedPage() }];

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
