import { createHash, createHmac } from 'node:crypto';

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
    client: {
      async createPaymentOrder(creation) {
        if (making !== undefined) throw making;
        created.push(creation);
        return { uuid: UUID, redirect_url: CHECKOUT } as PaymentOrderCreationResponse;
      },
      async getPaymentOrder() {
        if (reading instanceof Error) throw reading;
        return { state: { blockchain_status: reading } } as PaymentOrderRetrieval;
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

describe('buying', () => {
  it('offers three goods, each with a form', async () => {
    const html = await text('/');
    expect(html.match(/<form method="post" action="\/buy">/g)).toHaveLength(3);
    expect(html).toContain('3.50 EUR');
  });

  it('makes an order and sends the buyer to its checkout page', async () => {
    const answer = await buy('coffee');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, CHECKOUT]);
    expect(created).toEqual([
      {
        amount: '3.50',
        details: 'Flat white',
        reference: expect.stringMatching(/^[0-9a-f]{8}$/),
        callback_url: `${shop.url}/callbacks`,
        continue_url: `${shop.url}/thanks`,
        cancel_url: `${shop.url}/cancelled`,
      },
    ]);
  });

  it('makes no order for what it does not sell', async () => {
    expect((await buy('yacht')).status).toBe(404);
    expect(created).toEqual([]);
  });

  it('tells the buyer that nothing was charged when no order could be made', async () => {
    making = OUTAGE;
    const answer = await buy('coffee');
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain('You were not charged');
  });
});

describe('the page that the buyer comes back to', () => {
  it.each<[BlockchainStatus, string]>([
    ['paid', 'Paid. Thank you!'],
    ['pending', 'Waiting for your payment'],
    ['partial', 'Part of your payment'],
    ['mempool_unconfirmed', 'Payment received'],
    ['unconfirmed', 'Payment received'],
    ['network_dispute', 'being confirmed again'],
    ['mempool_network_dispute', 'being confirmed again'],
    ['possible_chargeback', 'being confirmed again'],
    ['cancelled', 'Not paid'],
    ['expired', 'Not paid'],
    ['chargeback', 'Not paid'],
  ])('says of an order that is %s: %s', async (status, words) => {
    reading = status;
    const html = await text(`/thanks?payment_id=${UUID}`);
    expect(html).toContain(words);
    expect(html.includes('http-equiv="refresh"')).toBe(!['paid', 'cancelled', 'expired', 'chargeback'].includes(status));
  });

  it('does not say paid because the address says so', async () => {
    reading = new NotFoundError('no such order', { errorCode: '3001' });
    const answer = await fetch(`${shop.url}/thanks?payment_id=${UUID}&status=paid`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('Paid');
  });

  it('goes by the newest callback while the order cannot be read', async () => {
    reading = OUTAGE;
    expect(await text(`/thanks?payment_id=${UUID}`)).toContain('One moment');
    await deliver(callback('payment.dispute.end', 'paid', '2026-11-23T18:02:00.000Z'));
    await deliver(callback('payment.dispute.start', 'network_dispute', '2026-11-23T18:01:00.000Z'));
    expect(await text(`/thanks?payment_id=${UUID}`)).toContain('Paid. Thank you!');
  });
});

describe('callbacks', () => {
  const COMPLETED = callback('payment.completed', 'paid', '2026-11-23T18:00:00.000Z');

  it('are taken once, however often they come', async () => {
    expect([await deliver(COMPLETED), await deliver(COMPLETED)]).toEqual([204, 204]);
    expect(heard.map(({ event }) => event)).toEqual(['payment.completed']);
  });

  it('are refused without the right signature, and change nothing', async () => {
    expect(await deliver(COMPLETED, 'another secret')).toBe(400);
    expect((await fetch(`${shop.url}/callbacks`, { method: 'POST', body: COMPLETED })).status).toBe(400);
    expect(heard).toEqual([]);
    reading = OUTAGE;
    expect(await text(`/thanks?payment_id=${UUID}`)).not.toContain('Paid');
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

it('answers what it does not serve as HTTP asks', async () => {
  expect((await fetch(`${shop.url}/constructor`)).status).toBe(404);
  const answer = await fetch(`${shop.url}/buy`);
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
});

async function text(path: string): Promise<string> {
  return await (await fetch(shop.url + path)).text();
}

async function buy(good: string): Promise<Response> {
  return await fetch(`${shop.url}/buy`, { method: 'POST', body: new URLSearchParams({ good }), redirect: 'manual' });
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
