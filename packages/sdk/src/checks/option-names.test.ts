/** A misspelt name has no effect in JavaScript. Every public function with options is listed here with each of them misspelt. */
import { describe, expect, it } from 'vitest';
import { ORDER_UUID } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import {
  dropRepeats,
  expressCallbacks,
  fastifyCallbacks,
  koaCallbacks,
  lambdaCallbacks,
  MemoryRepeatStore,
  nestCallbacks,
  nodeCallbacks,
  webCallbacks,
} from '../adapters/index.ts';
import { redisStore } from '../cache/index.ts';
import { CallbackHandler } from '../callbacks/index.ts';
import { Client } from '../client.ts';
import type { ConfigurationError } from '../errors/index.ts';
import { events } from '../events/index.ts';
import { nodeFetch } from '../node/index.ts';
import { createFakePlatform } from '../testing/index.ts';

const CLIENT = { mode: 'sandbox', clientId: 'shop', secret: 'hush-hush', baseUrl: 'http://127.0.0.1:1' } as const;
const callbacks = new CallbackHandler({ secret: 'hush-hush' });
const handle = (): void => undefined;

type Take = (options: object) => unknown;
type Spelling = readonly [given: string, meant: string];

const CALL_OPTIONS: readonly Spelling[] = [
  ['timeout', 'timeoutMs'],
  ['timeout_ms', 'timeoutMs'],
  ['retries', 'maxRetries'],
  ['max_retries', 'maxRetries'],
  ['header', 'headers'],
  ['abortSignal', 'signal'],
];
const ADAPTER_OPTIONS: readonly Spelling[] = [
  ['max_body_bytes', 'maxBodyBytes'],
  ['maxBodySize', 'maxBodyBytes'],
  ['onerror', 'onError'],
];

/** Every public function with options, and spellings of each option. */
const FUNCTIONS: Readonly<Record<string, readonly [take: Take, spellings: readonly Spelling[]]>> = {
  'new Client': [
    (options) => new Client({ ...CLIENT, ...options }),
    [
      ['baseURL', 'baseUrl'],
      ['base_url', 'baseUrl'],
      ['client_id', 'clientId'],
      ['clinetId', 'clientId'],
      ['sercet', 'secret'],
      ['Mode', 'mode'],
      ['HTTP', 'http'],
      ['caches', 'cache'],
      ['max_retries', 'maxRetries'],
      ['loger', 'logger'],
    ],
  ],
  'http of a Client': [
    (http) => new Client({ ...CLIENT, http }),
    [
      ['timeout', 'timeoutMs'],
      ['verify_ssl', 'verifySsl'],
      ['verifySSL', 'verifySsl'],
      ['Fetch', 'fetch'],
      ['dispatch', 'dispatcher'],
      ['agents', 'agent'],
      ['proxyUrl', 'proxy'],
    ],
  ],
  createPaymentOrder: [
    (options) => new Client(CLIENT).createPaymentOrder({ amount: '1' }, options),
    [...CALL_OPTIONS, ['idempotency_key', 'idempotencyKey']],
  ],
  getPaymentOrder: [(options) => new Client(CLIENT).getPaymentOrder(ORDER_UUID, options), CALL_OPTIONS],
  getPaymentOrders: [(options) => new Client(CLIENT).getPaymentOrders({}, options), CALL_OPTIONS],
  listPaymentOrders: [(options) => new Client(CLIENT).listPaymentOrders({}, options).next(), CALL_OPTIONS],
  deletePaymentOrder: [(options) => new Client(CLIENT).deletePaymentOrder(ORDER_UUID, options), CALL_OPTIONS],
  getCallbacks: [(options) => new Client(CLIENT).getCallbacks(ORDER_UUID, options), CALL_OPTIONS],
  paymentReset: [(options) => new Client(CLIENT).paymentReset(ORDER_UUID, options), CALL_OPTIONS],
  paymentUpdate: [
    (options) => new Client(CLIENT).paymentUpdate(ORDER_UUID, { callback: 'payment.completed' }, options),
    CALL_OPTIONS,
  ],
  clientCredentialsLogin: [(options) => new Client(CLIENT).clientCredentialsLogin(options), [['timeout', 'timeoutMs']]],
  waitForPaymentOrder: [
    (options) => new Client(CLIENT).waitForPaymentOrder(ORDER_UUID, options),
    [...CALL_OPTIONS, ['interval', 'intervalMs'], ['interval_ms', 'intervalMs'], ['Until', 'until']],
  ],
  events: [
    (options) => events(new Client(CLIENT), options),
    [
      ...CALL_OPTIONS,
      ['After', 'after'],
      ['folow', 'follow'],
      ['interval', 'intervalMs'],
      ['page_size', 'pageSize'],
      ['on_failure', 'onFailure'],
    ],
  ],
  nodeFetch: [
    (options) => nodeFetch(options),
    [
      ['verify_ssl', 'verifySsl'],
      ['Agent', 'agent'],
      ['proxyUrl', 'proxy'],
      ['CA', 'ca'],
    ],
  ],
  redisStore: [
    (options) => redisStore(options),
    [
      ['host', 'hostname'],
      ['Port', 'port'],
      ['user', 'username'],
      ['pasword', 'password'],
      ['DB', 'db'],
      ['TLS', 'tls'],
      ['clients', 'client'],
    ],
  ],
  CallbackHandler: [
    (options) => new CallbackHandler({ secret: 'hush-hush', ...options }),
    [
      ['maxAge', 'maxAgeMs'],
      ['max_age_ms', 'maxAgeMs'],
      ['Secrets', 'secrets'],
      ['standard_webhooks', 'standardWebhooks'],
    ],
  ],
  expressCallbacks: [(options) => expressCallbacks(callbacks, handle, options), ADAPTER_OPTIONS],
  nodeCallbacks: [(options) => nodeCallbacks(callbacks, handle, options), ADAPTER_OPTIONS],
  koaCallbacks: [(options) => koaCallbacks(callbacks, handle, options), ADAPTER_OPTIONS],
  nestCallbacks: [(options) => nestCallbacks(callbacks, handle, options), ADAPTER_OPTIONS],
  lambdaCallbacks: [(options) => lambdaCallbacks(callbacks, handle, options), ADAPTER_OPTIONS],
  webCallbacks: [(options) => webCallbacks(callbacks, handle, options), ADAPTER_OPTIONS],
  fastifyCallbacks: [
    (options) => fastifyCallbacks(callbacks, handle, { path: '/callback', ...options }),
    [...ADAPTER_OPTIONS, ['Path', 'path']],
  ],
  dropRepeats: [
    (options) => dropRepeats(handle, options),
    [
      ['stores', 'store'],
      ['single_process', 'singleProcess'],
      ['ttl', 'ttlMs'],
      ['claim', 'claimMs'],
    ],
  ],
  MemoryRepeatStore: [(options) => new MemoryRepeatStore(options), [['max_keys', 'maxKeys']]],
  createFakePlatform: [
    (options) => createFakePlatform(options),
    [
      ['Mode', 'mode'],
      ['client_id', 'clientId'],
      ['deliverTo', 'deliver'],
      ['order_life_s', 'orderLifeS'],
      ['honorsKeys', 'honoursKeys'],
      ['tokenLife', 'tokenLifeS'],
    ],
  ],
};

const MISSPELT = Object.entries(FUNCTIONS).flatMap(([name, [take, spellings]]) =>
  spellings.map(([given, meant]) => [name, given, meant, take] as const),
);

async function problemOf(take: () => unknown): Promise<ConfigurationError> {
  try {
    await take();
  } catch (error) {
    return error as ConfigurationError;
  }
  throw new Error('expected a ConfigurationError');
}

describe('an unknown option', () => {
  it.each(MISSPELT)('of %s is refused: %s probably means %s', async (_name, given, meant, take) => {
    const problem = await problemOf(() => take({ [given]: 1 }));
    expect(problem).toMatchObject({ name: 'ConfigurationError', field: given });
    expect(problem.message).toBe(`${given}: unknown option (did you mean ${meant}?)`);
  });

  it.each(Object.entries(FUNCTIONS))('of %s that resembles none is refused with a list of all', async (_name, [take]) => {
    const problem = await problemOf(() => take({ zzzz: 1 }));
    expect(problem).toMatchObject({ name: 'ConfigurationError', field: 'zzzz' });
    expect(problem.message).toMatch(/^zzzz: unknown option \(known are \w+(, \w+)*\)$/);
  });

  it('is refused even if it is undefined', async () => {
    expect((await problemOf(() => new Client({ ...CLIENT, baseURL: undefined } as never))).field).toBe('baseURL');
  });
});

describe('a field in the wrong spelling', () => {
  const creations: readonly Spelling[] = [
    ['callbackUrl', 'callback_url'],
    ['callbackURL', 'callback_url'],
    ['continueUrl', 'continue_url'],
    ['cancel-url', 'cancel_url'],
    ['requiredConfirmations', 'required_confirmations'],
    ['Details', 'details'],
    ['REFERENCE', 'reference'],
  ];

  it.each(creations)('in a creation is refused: %s is written %s', async (given, meant) => {
    const client = await clientOf();
    const failed = client.createPaymentOrder({ amount: '1', [given]: 'x' });
    await expect(failed).rejects.toMatchObject({ name: 'ValidationError', errors: { [given]: [`must be written ${meant}`] } });
    expect(gateway.seen).toEqual([]);
  });

  it('in a creation is refused even if the right one is there too', async () => {
    const failed = (await clientOf()).createPaymentOrder({ amount: '1', reference: 'r', Reference: 'x' } as never);
    await expect(failed).rejects.toMatchObject({ errors: { Reference: ['must be written reference'] } });
  });

  it('is not merely an unknown field, which a creation passes on for a later gateway', async () => {
    await (await clientOf()).createPaymentOrder({ amount: '1', refund_address: 'x', callback_urls: [] } as never);
    expect(JSON.parse(gateway.to('/payment-order')[0]!.body)).toEqual({ amount: '1', refund_address: 'x', callback_urls: [] });
  });

  it.each<Spelling>([
    ['page_size', 'pageSize'],
    ['sort_by', 'sortBy'],
    ['sortorder', 'sortOrder'],
    ['Status', 'status'],
    ['Page', 'page'],
  ])('in a query is refused: %s is written %s', async (given, meant) => {
    const client = await clientOf();
    const errors = { [given]: [`must be written ${meant}`] };
    await expect(client.getPaymentOrders({ [given]: 1 })).rejects.toMatchObject({ name: 'ValidationError', errors });
    await expect(client.withAnswer.getPaymentOrders({ [given]: 1 })).rejects.toMatchObject({ errors });
    await expect(client.listPaymentOrders({ [given]: 1 }).next()).rejects.toMatchObject({ errors });
    expect(gateway.seen).toEqual([]);
  });

  it('is an unknown field in a query, which is refused because it would have no effect', async () => {
    const failed = (await clientOf()).getPaymentOrders({ limit: 3 } as never);
    await expect(failed).rejects.toMatchObject({ name: 'ValidationError', errors: { limit: [expect.any(String)] } });
  });

  it('in an update is refused', async () => {
    const failed = (await clientOf()).paymentUpdate(ORDER_UUID, { callback: 'payment.completed', Callback: 'x' } as never);
    await expect(failed).rejects.toMatchObject({ errors: { Callback: ['must be written callback'] } });
  });
});

describe('the value of an option', () => {
  it.each<[string, object, Take]>([
    ['maxAgeMs', { maxAgeMs: '5' }, (options) => new CallbackHandler({ secret: 's', ...options })],
    ['maxAgeMs', { maxAgeMs: Number.NaN }, (options) => new CallbackHandler({ secret: 's', ...options })],
    ['maxAgeMs', { maxAgeMs: null }, (options) => new CallbackHandler({ secret: 's', ...options })],
    ['now', { now: 5 }, (options) => new CallbackHandler({ secret: 's', ...options })],
    ['standardWebhooks', { standardWebhooks: 'whsec_x' }, (options) => new CallbackHandler({ secret: 's', ...options })],
    ['maxBodyBytes', { maxBodyBytes: '1mb' }, (options) => expressCallbacks(callbacks, handle, options)],
    ['onError', { onError: true }, (options) => webCallbacks(callbacks, handle, options)],
    ['path', { path: 7 }, (options) => fastifyCallbacks(callbacks, handle, options as never)],
    ['store', { store: {} }, (options) => dropRepeats(handle, options)],
    ['ttlMs', { ttlMs: '1d' }, (options) => dropRepeats(handle, options)],
    ['claimMs', { claimMs: 5 }, (options) => dropRepeats(handle, options)],
    ['maxKeys', { maxKeys: 0 }, (options) => new MemoryRepeatStore(options)],
    ['tokenLifeS', { tokenLifeS: '60' }, (options) => createFakePlatform(options)],
    ['deliver', { deliver: 'http://localhost' }, (options) => createFakePlatform(options)],
    ['ca', { ca: 7 }, (options) => nodeFetch(options)],
    ['proxy', { proxy: 7 }, (options) => nodeFetch(options)],
    ['fetch', { fetch: null }, (http) => new Client({ ...CLIENT, http })],
    ['dispatcher', { dispatcher: null }, (http) => new Client({ ...CLIENT, http })],
    ['until', { until: 'paid' }, (options) => new Client(CLIENT).waitForPaymentOrder(ORDER_UUID, options)],
    ['options', null as never, (options) => new CallbackHandler(options as never)],
    ['options', null as never, (options) => new Client(CLIENT).getPaymentOrder(ORDER_UUID, options)],
    ['options', 'fast' as never, (options) => new Client(CLIENT).waitForPaymentOrder(ORDER_UUID, options)],
    ['options', null as never, (options) => events(new Client(CLIENT), options)],
    ['options', null as never, (options) => nodeFetch(options)],
  ])('%s is refused if it is invalid: %j', async (field, options, take) => {
    expect(await problemOf(() => take(options))).toMatchObject({ name: 'ConfigurationError', field });
  });
});
