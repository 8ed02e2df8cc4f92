import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

import {
  type BlockchainStatus,
  NotFoundError,
  type PaymentOrderCreation,
  type PaymentOrderCreationResponse,
  type PaymentOrderRetrieval,
} from '@webpos/sdk';
import type { ReceivedCallback } from '@webpos/sdk/callbacks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { type Shop, startShop } from '../src/shop.ts';

const SECRET = 'secret of the POS';
const UUID = '2f1c0f3e-6f0b-4a52-9d3c-0b9f7f3f5a11';
const OUTAGE = new Error('no route to the gateway');
const CHECKOUT = 'https://gateway.example/checkout/1';

let shop: Shop;
let created: PaymentOrderCreation[];
let heard: ReceivedCallback[];
/** What reading the order answers: a status, or an error. */
let reading: BlockchainStatus | Error;
let making: Error | undefined;
let failing: boolean;

beforeEach(async () => {
  [created, heard, reading, making, failing] = [[], [], 'pending', undefined, false];
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  shop = await startShop({
    host: '127.0.0.1',
    port: 0,
    callbackSecret: SECRET,
    gatewayUrl: 'https://gateway.example',
    client: {
      async createPaymentOrder(creation) {
        if (making !== undefined) throw making;
        created.push(creation);
        return { uuid: UUID, redirect_url: CHECKOUT } as PaymentOrderCreationResponse;
      },
      async getPaymentOrder() {
        if (reading instanceof Error) throw reading;
        return {
          state: { blockchain_status: reading },
          amount: '3.50',
          currency: { name: 'EUR' },
          details: 'Flat white',
          reference: 'a1b2c3d4',
          redirect_url: CHECKOUT,
        } as PaymentOrderRetrieval;
      },
    },
    onCallback(callback) {
      if (failing) throw new Error('the database is down');
      heard.push(callback);
    },
  });
});
afterEach(async () => {
  await shop.close();
  vi.restoreAllMocks();
});

describe('the cart of the demo shop', () => {
  it('offers four goods with a picture each, and has one in it already', async () => {
    const html = await text('/');
    expect(html.match(/<img src="\/\w+\.svg" alt="" width="320"/g)).toHaveLength(4);
    expect(html).toContain('€3.50</output>');
  });

  it('says its total without JavaScript too', async () => {
    expect(await text('/?coffee=2&cake=1&beans=0&mug=0')).toContain('€11.80</output>');
  });

  it('creates one order for all that is in it, and sends the buyer to its checkout page', async () => {
    const answer = await buy({ coffee: '2', cake: '1', beans: '', mug: '-3' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, CHECKOUT]);
    expect(created).toEqual([
      {
        amount: '11.80',
        details: '2 × Flat white, Almond cake',
        reference: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
        callback_url: `${shop.url}/callbacks`,
        continue_url: `${shop.url}/order`,
        cancel_url: `${shop.url}/order`,
      },
    ]);
  });

  it('gives the address of the checkout to the script that opens it in a dialog', async () => {
    const answer = await buy({ beans: '1' }, { accept: 'application/json' });
    expect([answer.status, await answer.json()]).toEqual([200, { url: CHECKOUT }]);
  });

  it('creates no order when it is empty or asks for what is not sold', async () => {
    expect((await buy({ coffee: '0' })).status).toBe(400);
    expect((await buy({ yacht: '1' })).status).toBe(400);
    expect(created).toEqual([]);
  });

  it('tells the buyer that nothing was charged when no order could be created', async () => {
    making = OUTAGE;
    const answer = await buy({ coffee: '1' });
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain('You were not charged');
  });
});

describe('the page of an order', () => {
  it.each<[BlockchainStatus, string]>([
    ['paid', 'Payment received'],
    ['pending', 'Waiting for your payment'],
    ['partial', 'Part of your payment has arrived'],
    ['mempool_unconfirmed', 'Payment received'],
    ['unconfirmed', 'Payment received'],
    ['network_dispute', 'Your payment is being confirmed again'],
    ['mempool_network_dispute', 'Your payment is being confirmed again'],
    ['possible_chargeback', 'Your payment is no longer visible'],
    ['cancelled', 'Order cancelled'],
    ['expired', 'Not paid in time'],
    ['chargeback', 'Your payment did not go through'],
  ])('says of an order that is %s: %s', async (status, words) => {
    reading = status;
    const html = await text(`/order?payment_id=${UUID}`);
    expect(html).toContain(`<h1>${words}</h1>`);
    expect(html.includes('http-equiv="refresh"')).toBe(!['paid', 'cancelled', 'expired', 'chargeback'].includes(status));
  });

  it('does not say paid because the address says so', async () => {
    reading = new NotFoundError('no such order', { errorCode: '3001' });
    const answer = await fetch(`${shop.url}/order?payment_id=${UUID}&status=paid`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('Payment received');
  });

  it('goes by the newest callback while the order cannot be read', async () => {
    reading = OUTAGE;
    expect(await text(`/order?payment_id=${UUID}`)).toContain('One moment');
    await deliver(callback('payment.dispute.end', 'paid', '2026-11-23T18:02:00.000Z'));
    await deliver(callback('payment.dispute.start', 'network_dispute', '2026-11-23T18:01:00.000Z'));
    expect(await text(`/order?payment_id=${UUID}`)).toContain('Payment received');
  });

  it('lists the verified callbacks in the order in which they came, with their JSON', async () => {
    expect(await text(`/order?payment_id=${UUID}`)).toContain('No callback yet');
    await deliver(callback('payment.transaction.changed', 'mempool_unconfirmed', '2026-11-23T18:00:00.000Z'));
    await deliver(callback('payment.completed', 'paid', '2026-11-23T18:01:00.000Z'));
    const html = await text(`/order?payment_id=${UUID}`);
    expect(
      [...html.matchAll(/<code>(payment\.[\w.]+)<\/code> <span class="verified">verified</g)].map(([, event]) => event),
    ).toEqual(['payment.transaction.changed', 'payment.completed']);
    expect(html).toContain(`&quot;uuid&quot;: &quot;${UUID}&quot;`);
  });
});

describe('callbacks of the demo shop', () => {
  const COMPLETED = callback('payment.completed', 'paid', '2026-11-23T18:00:00.000Z');

  it('are taken once, however often they come', async () => {
    expect([await deliver(COMPLETED), await deliver(COMPLETED)]).toEqual([204, 204]);
    expect(heard.map(({ event }) => event)).toEqual(['payment.completed']);
    expect((await text(`/order?payment_id=${UUID}`)).match(/class="verified"/g)).toHaveLength(1);
  });

  it('are refused without the right signature, and change nothing', async () => {
    expect(await deliver(COMPLETED, 'another secret')).toBe(400);
    expect((await fetch(`${shop.url}/callbacks`, { method: 'POST', body: COMPLETED })).status).toBe(400);
    expect(heard).toEqual([]);
    expect(await text(`/order?payment_id=${UUID}`)).not.toContain('class="verified"');
  });

  it('are asked for again when the shop could not act on them', async () => {
    failing = true;
    expect(await deliver(COMPLETED)).toBe(500);
    failing = false;
    expect(await deliver(COMPLETED)).toBe(204);
    expect(heard).toHaveLength(1);
  });

  it('are not read beyond a bound', async () => {
    expect(await deliver(' '.repeat(300 * 1024))).toBe(413);
  });
});

describe('the source of the demo shop', () => {
  it('is shown as it is, with the functions that take payments at anchors of their own', async () => {
    const html = await text('/source');
    expect(html).toContain('<b id="takeCallback">');
    const shown = /<pre class="source"[^>]*><code>([\s\S]*)<\/code><\/pre>/.exec(html)?.[1]?.replace(/<[^>]+>/g, '') ?? '';
    const source = readFileSync(new URL('../src/shop.ts', import.meta.url), 'utf8');
    expect(unescaped(shown)).toBe(source.trimEnd());
  });

  it('opens no other file', async () => {
    expect((await fetch(`${shop.url}/source?file=../package.json`)).status).toBe(404);
  });

  it('uses nothing of WebPOS but the public library', () => {
    const files = ['shop', 'main', 'order-book', 'cart', 'http'].map((name) =>
      readFileSync(new URL(`../src/${name}.ts`, import.meta.url), 'utf8'),
    );
    const imported = files.flatMap((text) => [...text.matchAll(/from '([^.'][^']*)'/g)].map(([, name = '']) => name));
    expect(new Set(imported.filter((name) => !name.startsWith('node:')))).toEqual(
      new Set(['@webpos/sdk', '@webpos/sdk/callbacks']),
    );
  });
});

it('answers what it does not serve as HTTP asks', async () => {
  const nothing = await fetch(`${shop.url}/constructor`);
  expect([nothing.status, nothing.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  expect(await nothing.text()).toContain('<h1>Page not found</h1>');
  const answer = await fetch(`${shop.url}/buy`);
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
});

async function text(path: string): Promise<string> {
  return await (await fetch(shop.url + path)).text();
}

async function buy(cart: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(`${shop.url}/buy`, { method: 'POST', headers, body: new URLSearchParams(cart), redirect: 'manual' });
}

function unescaped(html: string): string {
  return html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

function callback(event: string, status: BlockchainStatus, createdAt: string): string {
  return JSON.stringify({
    event,
    created_at: createdAt,
    object_type: 'payment_order',
    object: { uuid: UUID, state: { blockchain_status: status } },
  });
}

/** Signs as the contract says, apart from the library that the shop verifies with. */
async function deliver(body: string, secret = SECRET): Promise<number> {
  const key = createHash('sha256').update(secret).digest();
  const signature = createHmac('sha512', key).update(body).digest('base64');
  const headers = { 'chainside-signature': signature };
  return (await fetch(`${shop.url}/callbacks`, { method: 'POST', body, headers })).status;
}
