import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export const ORDER_UUID = '0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11';
const ADDRESS = 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx';
const RATE = { source: 'fixed', value: '60000.00', created_at: '2026-11-23T18:00:00.000Z' };
const CREATED = {
  uuid: ORDER_UUID,
  address: ADDRESS,
  uri: `bitcoin:${ADDRESS}?amount=0.00016667`,
  amount: 16_667,
  rate: RATE,
  redirect_url: 'https://pay.example.com/checkout/1',
  created_at: '2026-11-23T18:00:00.000Z',
  expiration_time: '2026-11-23T18:15:00.000Z',
  expires_in: 900,
  reference: 'cart 42',
};
const CALLBACK = JSON.stringify({
  event: 'payment.completed',
  created_at: '2026-11-23T18:05:00.000Z',
  object_type: 'payment_order',
  object: {
    uuid: ORDER_UUID,
    address: ADDRESS,
    uri: CREATED.uri,
    amount: '10.00',
    btc_amount: 16_667,
    currency: { uuid: '5b3fb7f2-5d5a-4c8e-8f0a-3c1f3cf4a001', name: 'EUR', type: 'fiat' },
    rate: RATE,
    state: {
      status: 'paid',
      blockchain_status: 'paid',
      paid: { crypto: 16_667, fiat: '10.00' },
      in_confirmation: { crypto: 0, fiat: '0.00' },
      unpaid: { crypto: 0, fiat: '0.00' },
    },
    transactions: [],
    required_confirmations: 1,
    created_at: '2026-11-23T18:00:00.000Z',
    created_by: {
      uuid: '5b3fb7f2-5d5a-4c8e-8f0a-3c1f3cf4a002',
      name: 'café',
      type: 'web',
      deposit_account: { uuid: '5b3fb7f2-5d5a-4c8e-8f0a-3c1f3cf4a003', name: 'till', type: 'bitcoin' },
    },
    expiration_time: '2026-11-23T18:15:00.000Z',
    expires_in: 600,
    resolved_at: '2026-11-23T18:05:00.000Z',
    dispute_start_date: null,
    chargeback_date: null,
    reference: 'cart 42',
    details: null,
    redirect_url: CREATED.redirect_url,
    callback_url: 'https://shop.example.com/callback',
    continue_url: 'https://shop.example.com/thanks',
    cancel_url: 'https://shop.example.com/cart',
  },
});

/** The output of a shop in `fixtures/` that has used this platform. */
export const EXPECTED: object = {
  order: ORDER_UUID,
  satoshi: 16_667,
  callback: 'payment.completed 10.00',
  vector: 'not_json',
  forged: 'wrong_signature',
  refusal: 'NotFoundError 3001 r-3001',
  known: true,
};

/** A platform that creates one order, refuses every read, and provides a signed callback. */
export interface FakePlatform {
  baseUrl: string;
  close(): Promise<void>;
}

/** Starts one on a free loopback port. */
export async function startFakePlatform(): Promise<FakePlatform> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { authorization } = request.headers;
  const route = `${request.method} ${request.url}`;
  const body = await text(request);
  if (route === 'GET /sample-callback') reply(response, 200, CALLBACK, { 'chainside-signature': sign('testSecret', CALLBACK) });
  else if (route === 'POST /token' && authorization === `Basic ${Buffer.from('shop:testSecret').toString('base64')}`)
    reply(response, 200, '{"access_token":"token-1","token_type":"Bearer","expires_in":3600,"id_token":"a.b.c","scope":"*"}');
  else if (authorization !== 'Bearer token-1')
    reply(response, 401, '{"error_code":"1007","message":"not who the shop is","request_id":"r-1007"}');
  else if (route === 'POST /payment-order' && (JSON.parse(body) as { amount: unknown }).amount === '10.00')
    reply(response, 201, JSON.stringify(CREATED));
  else reply(response, 404, '{"error_code":"3001","message":"not found","request_id":"r-3001"}');
}

function reply(response: ServerResponse, status: number, json: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(json);
}

/** Makes the contract's signature: the base64 of HMAC-SHA512 of the body, keyed with the SHA-256 of the secret. */
function sign(secret: string, body: string): string {
  return createHmac('sha512', createHash('sha256').update(secret).digest()).update(body).digest('base64');
}
