/** The page that the buyer returns to: where the order stands, and what the gateway has told the shop about it. */
import type { BlockchainStatus } from '@webpos/sdk';

import type { Answer } from '../http.ts';
import type { VerifiedCallback } from '../order-book.ts';
import { escape, page, type Surroundings } from './page.ts';

export interface OrderView {
  uuid: string;
  status: BlockchainStatus;
  callbacks: readonly VerifiedCallback[];
  /** Undefined while the gateway cannot be asked. */
  facts?: {
    price: string;
    details?: string | null | undefined;
    reference?: string | null | undefined;
    redirect_url?: string | null | undefined;
  };
}

const FINAL: readonly BlockchainStatus[] = ['paid', 'cancelled', 'expired', 'chargeback'];

interface Words {
  tone: 'good' | 'waiting' | 'bad';
  title: string;
  text: string;
}

export function orderPage(around: Surroundings, view: OrderView): Answer {
  const { tone, title, text } = words(view.status);
  const content = `
    <section class="state ${tone}" id="state" role="status">
      <span class="mark" aria-hidden="true">${{ good: '✓', waiting: '…', bad: '!' }[tone]}</span>
      <h1>${title}</h1>
      <p>${text}</p>
    </section>
    ${facts(view)}
    <section class="callbacks" aria-labelledby="callbacks-title">
      <h2 id="callbacks-title">What the gateway has told this shop</h2>
      <p class="hint">Each came as a signed POST. The shop has checked the signature, see <a href="/source#takeCallback">takeCallback</a>.</p>
      <ol id="callbacks">${view.callbacks.map(callbackItem).join('')}</ol>
      <p class="none">No callback yet. The first comes when your payment is seen, the next when it is confirmed.</p>
    </section>
    <p><a class="button" href="/">Back to the shop</a></p>`;
  return page(around, 200, title, content, { kind: 'order', isWaiting: !FINAL.includes(view.status) });
}

/** The `blockchain_status` says more than the `status`, which is `pending` until the payment is confirmed. */
function words(status: BlockchainStatus): Words {
  switch (status) {
    case 'pending':
      return {
        tone: 'waiting',
        title: 'Waiting for your payment',
        text: 'This page changes as soon as the network has seen it.',
      };
    case 'partial':
      return {
        tone: 'waiting',
        title: 'Part of your payment has arrived',
        text: 'Please pay the rest on the payment page.',
      };
    case 'mempool_unconfirmed':
    case 'unconfirmed':
      return {
        tone: 'good',
        title: 'Payment received',
        text: 'Thank you! There is nothing more to do. Your order is on its way once the network has confirmed the payment.',
      };
    case 'paid':
      return {
        tone: 'good',
        title: 'Payment received',
        text: 'Thank you! The network has confirmed it, and your order is on its way.',
      };
    case 'network_dispute':
    case 'mempool_network_dispute':
      return {
        tone: 'waiting',
        title: 'Your payment is being confirmed again',
        text: 'The bitcoin network has reordered its latest blocks. There is nothing for you to do.',
      };
    case 'possible_chargeback':
      return {
        tone: 'bad',
        title: 'Your payment is no longer visible',
        text: 'Do not pay again: look in your wallet, and please contact us.',
      };
    case 'cancelled':
      return {
        tone: 'bad',
        title: 'Order cancelled',
        text: 'Already sent bitcoin? It is not lost: please contact us.',
      };
    case 'expired':
      return {
        tone: 'bad',
        title: 'Not paid in time',
        text: 'Already sent bitcoin? It is not lost: please contact us.',
      };
    case 'chargeback':
      return {
        tone: 'bad',
        title: 'Your payment did not go through',
        text: 'Do not pay again: please contact us.',
      };
  }
}

function facts({ facts: known }: OrderView): string {
  if (known === undefined) return '';
  const { price, details, reference, redirect_url: checkoutUrl } = known;
  const rows = [
    ['Order', reference],
    ['You bought', details],
    ['Price', price],
  ].flatMap(([name, value]) => (value == null ? [] : `<div><dt>${name}</dt><dd>${escape(value)}</dd></div>`));
  const link = checkoutUrl == null ? '' : `<a href="${escape(checkoutUrl)}">See its payment page</a>`;
  return `<section class="facts"><dl>${rows.join('')}</dl>${link}</section>`;
}

function callbackItem({ event, receivedAt, body }: VerifiedCallback): string {
  return `<li>
    <details>
      <summary>
        <code>${escape(event)}</code> <span class="verified">verified</span>
        <time datetime="${receivedAt.toISOString()}">${receivedAt.toLocaleTimeString('en-GB')}</time>
      </summary>
      <pre tabindex="0">${escape(JSON.stringify(JSON.parse(body), null, 2))}</pre>
    </details>
  </li>`;
}
