/** The pages of the shop: plain HTML, whole without JavaScript. */
import type { BlockchainStatus } from '@webpos/sdk';

import type { Good } from './goods.ts';
import type { Answer } from './http.ts';
import { css } from './style.ts';

/** Everything from the shop itself, nothing inline. No form-action: buying leads to the checkout page, on another host. */
const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

export function shelf(goods: readonly Good[]): Answer {
  const items = goods.map(
    (good) => `<li>
      <h2>${escape(good.name)}</h2>
      <p>${escape(good.description)}</p>
      <form method="post" action="/buy">
        <strong>${escape(good.price)} EUR</strong>
        <button name="good" value="${escape(good.id)}">Buy<span class="unseen"> ${escape(good.name)}</span></button>
      </form>
    </li>`,
  );
  return page(200, 'What would you like?', `<ul>${items.join('')}</ul><p class="note">You pay in bitcoin, on the next page.</p>`);
}

export function thanks(status: BlockchainStatus): Answer {
  switch (status) {
    case 'paid':
      return message(200, 'Paid. Thank you!', 'We have your payment, and your order is on its way.');
    case 'pending':
      return waiting('Waiting for your payment', 'As soon as it is confirmed, this page says so.');
    case 'partial':
      return waiting('Part of your payment has arrived', 'Please pay the rest on the payment page.');
    case 'mempool_unconfirmed':
    case 'unconfirmed':
      return waiting(
        'Payment received',
        'The bitcoin network is confirming it. Your order is on its way as soon as that is done.',
      );
    case 'network_dispute':
    case 'mempool_network_dispute':
    case 'possible_chargeback':
      return waiting('Your payment is being confirmed again', 'The bitcoin network has rearranged its newest blocks.');
    case 'cancelled':
    case 'expired':
      return message(200, 'Not paid', 'This order is closed. If you have sent bitcoin for it, please talk to us: we can see it.');
    case 'chargeback':
      return message(200, 'Not paid', 'The bitcoin network has reversed the payment for this order. Please talk to us.');
  }
}

export function cancelled(): Answer {
  return message(200, 'Order closed', 'It was not paid. If you have sent bitcoin for it, please talk to us: we can see it.');
}

export function unknownYet(): Answer {
  return waiting('One moment', 'We cannot see your order just now, and keep trying.', 503);
}

export function message(status: number, title: string, text: string): Answer {
  return page(status, title, `<p>${escape(text)}</p><p><a href="/">To the shelf</a></p>`);
}

export function style(): Answer {
  return { status: 200, headers: { 'content-type': 'text/css; charset=utf-8' }, body: css };
}

/** Loads itself again until there is news. */
function waiting(title: string, text: string, status = 200): Answer {
  return page(status, title, `<p>${escape(text)}</p>`, '<meta http-equiv="refresh" content="3">');
}

function page(status: number, title: string, content: string, head = ''): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY },
    body: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${escape(title)} · Demo shop</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="stylesheet" href="/shop.css">${head}
  </head>
  <body>
    <header><a href="/">Demo shop</a></header>
    <main><h1>${escape(title)}</h1>${content}</main>
  </body>
</html>`,
  };
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
