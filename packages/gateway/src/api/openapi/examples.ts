/** Examples of requests and responses, all about one order. A test validates them against the schemas. */
import type {
  CallbackBody,
  CallbackList,
  ClientCredentials,
  ClientCredentialsLoginResponse,
  PaymentOrderCreation,
  PaymentOrderCreationResponse,
  PaymentOrderDeletionResponse,
  PaymentOrderList,
  PaymentOrderRetrieval,
  PaymentUpdateObject,
  RateRetrieval,
} from '@webpos/sdk/wire';
import type { TestCallbackSummary } from '../../services/callbacks/send-test-callback.ts';
import type { EventFeed } from '../../services/callbacks/read-events.ts';

const uuid = '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f';
const address = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4';
const uri = `bitcoin:${address}?amount=0.00016667&label=Corner%20shop`;
const redirectUrl = `https://pay.example.com/checkout/${uuid}`;
const madeAt = '2026-11-23T18:00:00.000Z';
const expiresAt = '2026-11-23T18:15:00.000Z';
const paidAt = '2026-11-23T18:09:30.250Z';
const rate: RateRetrieval = {
  source: 'kraken',
  value: '60000.00',
  created_at: '2026-11-23T17:59:52.114Z',
  from: 'BTC',
  to: 'EUR',
};

const order: PaymentOrderRetrieval = {
  uuid,
  address,
  uri,
  amount: '10.00',
  btc_amount: 16667,
  currency: { uuid: '8a9c3f52-6d1e-4b7a-9c04-2f5e7d8b1a36', name: 'EUR', type: 'fiat' },
  rate,
  state: {
    status: 'paid',
    blockchain_status: 'paid',
    paid: { crypto: 16667, fiat: '10.00' },
    in_confirmation: { crypto: 0, fiat: '0.00' },
    unpaid: { crypto: 0, fiat: '0.00' },
  },
  transactions: [
    {
      txid: '5f2b1c9e8d7a6f4e3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a',
      normalized_txid: '0a1f2e3d4c5b6a7f8e9d0c1b2a3f4e5d6c7b8a9f0e1d2c3b4e5f6a7d8e9c1b2f',
      status: 'confirmed',
      blockchain_status: 'confirmed',
      created_at: '2026-11-23T18:02:11.480Z',
      outs: [{ n: 1, amount: 16667 }],
      outs_sum: 16667,
    },
  ],
  required_confirmations: 1,
  created_at: madeAt,
  created_by: {
    uuid: 'd0c4e5b6-7f81-4a92-8b3c-4d5e6f708192',
    name: 'Corner shop',
    type: 'web',
    active: true,
    deposit_account: { uuid: '1b2c3d4e-5f60-4718-9a2b-3c4d5e6f7081', name: 'Shop', type: 'bitcoin' },
  },
  expiration_time: expiresAt,
  expires_in: 330,
  resolved_at: paidAt,
  dispute_start_date: null,
  chargeback_date: null,
  reference: 'A-1041',
  details: 'Two coffees',
  redirect_url: redirectUrl,
  callback_url: 'https://shop.example/callbacks',
};

export const CREDENTIALS: ClientCredentials = { grant_type: 'client_credentials', scope: '*' };

export const LOGIN: ClientCredentialsLoginResponse = {
  access_token: 'an opaque text',
  token_type: 'Bearer',
  expires_in: 3600,
  id_token: 'eyJhbGciOiJFZERTQSJ9.eyJhdWQiOiJzaG9wIn0.c2lnbmF0dXJl',
  scope: '*',
};

export const CREATION: PaymentOrderCreation = {
  amount: '10.00',
  callback_url: 'https://shop.example/callbacks',
  continue_url: 'https://shop.example/thanks',
  cancel_url: 'https://shop.example/basket',
  details: 'Two coffees',
  reference: 'A-1041',
  required_confirmations: 1,
};

export const CREATED: PaymentOrderCreationResponse = {
  uuid,
  address,
  uri,
  amount: 16667,
  rate,
  redirect_url: redirectUrl,
  created_at: madeAt,
  expiration_time: expiresAt,
  expires_in: 900,
  reference: 'A-1041',
};

export const ORDER: PaymentOrderRetrieval = order;

export const RESET_ORDER: PaymentOrderRetrieval = {
  ...order,
  state: {
    status: 'pending',
    blockchain_status: 'pending',
    paid: { crypto: 0, fiat: '0.00' },
    in_confirmation: { crypto: 0, fiat: '0.00' },
    unpaid: { crypto: 16667, fiat: '10.00' },
  },
  transactions: [],
  expires_in: 900,
  resolved_at: null,
};

export const LIST: PaymentOrderList = { total_items: 1, total_pages: 1, paymentorders: [order] };

export const DELETION: PaymentOrderDeletionResponse = { cancel_url: 'https://shop.example/basket' };

export const POSSIBLE: CallbackList = { callbacks: [{ name: 'payment.overpaid' }, { name: 'payment.dispute.start' }] };

export const UPDATE: PaymentUpdateObject = { callback: 'payment.completed' };

export const CALLBACK: CallbackBody = {
  event: 'payment.completed',
  created_at: paidAt,
  object_type: 'payment_order',
  object: {
    ...order,
    details: 'Two coffees',
    redirect_url: redirectUrl,
    callback_url: 'https://shop.example/callbacks',
    continue_url: 'https://shop.example/thanks',
    cancel_url: 'https://shop.example/basket',
  },
};

export const FEED: EventFeed = {
  events: [{ id: '5c3e8f0a-6f0a-4d0c-9a53-0d9c0fd0b001', cursor: 'MToxOjBmZDBiMDAx', callback: CALLBACK }],
  next: 'MToxOjBmZDBiMDAx',
  has_more: false,
};

export const TEST_EVENT: TestCallbackSummary = {
  uuid: '5c3e8f0a-6f0a-4d0c-9a53-0d9c0fd0b002',
  url: 'https://shop.example/callback',
  status: 204,
  duration_ms: 41,
  error: null,
  response_excerpt: '',
};
