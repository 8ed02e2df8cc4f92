import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { arrayOf, assertError, is, problems, oneOf, orNull, type Shape } from '../../../test/support/shapes.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';
import { issueAccessToken } from '../../security/access-token.ts';

let test: TestGateway;
let shop: Shop;
beforeAll(async () => {
  test = await openTestGateway({ WEBPOS_PUBLIC_URL: 'https://pay.example.com/' });
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach(async () => {
  shop = await test.newPos();
});

const RATE: Shape = {
  source: is.filled,
  value: is.decimal,
  created_at: is.date,
  'from?': oneOf('BTC'),
  'to?': oneOf('EUR'),
};
const CREATION: Shape = {
  uuid: is.uuid,
  address: is.address,
  uri: is.uri,
  amount: is.integer,
  rate: RATE,
  redirect_url: is.url,
  'created_at?': is.date,
  expiration_time: is.date,
  expires_in: is.integer,
  'reference?': orNull(is.text),
};
const PAID_STATUS: Shape = { crypto: is.integer, fiat: is.decimal };
const TRANSACTION: Shape = {
  txid: is.hash,
  normalized_txid: is.hash,
  status: oneOf('unconfirmed', 'confirmed', 'reverted'),
  blockchain_status: oneOf('mempool', 'unconfirmed', 'confirmed', 'reverted'),
  created_at: is.date,
  outs: arrayOf({ n: is.integer, amount: is.integer }),
  outs_sum: is.integer,
};
const RETRIEVAL: Shape = {
  uuid: is.uuid,
  address: is.address,
  uri: is.uri,
  amount: is.decimal,
  btc_amount: is.integer,
  currency: { uuid: is.uuid, name: oneOf('EUR'), type: oneOf('fiat') },
  rate: RATE,
  state: {
    status: oneOf('pending', 'paid', 'cancelled', 'expired', 'network_dispute', 'chargeback'),
    blockchain_status: is.filled,
    paid: PAID_STATUS,
    in_confirmation: PAID_STATUS,
    unpaid: PAID_STATUS,
  },
  transactions: arrayOf(TRANSACTION),
  required_confirmations: is.integer,
  created_at: is.date,
  created_by: {
    uuid: is.uuid,
    name: is.filled,
    type: oneOf('web', 'mobile'),
    'active?': is.boolean,
    deposit_account: { uuid: is.uuid, name: is.filled, type: oneOf('bitcoin') },
  },
  expiration_time: is.date,
  expires_in: is.integer,
  resolved_at: orNull(is.date),
  dispute_start_date: orNull(is.date),
  chargeback_date: orNull(is.date),
  reference: orNull(is.text),
  'details?': orNull(is.text),
  'redirect_url?': is.url,
  'callback_url?': is.url,
};

interface Created {
  readonly uuid: string;
  readonly address: string;
  readonly amount: number;
}

function create(body: unknown = { amount: '10.00' }, by = shop): Promise<Answer> {
  return test.call('POST', '/payment-order', { token: by.token, body });
}

async function created(body?: unknown): Promise<Created> {
  const answer = await create(body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body as Created;
}

function read(uuid: string, by = shop): Promise<Answer> {
  return test.call('GET', `/payment-order/${uuid}`, { token: by.token });
}

const now = (): string => new Date(test.clock.now()).toISOString();

describe('a new order', () => {
  it('has exactly the fields of the contract in the response', async () => {
    const answer = await create({ amount: '10.00', reference: 'A-1' });
    expect(answer.status).toBe(201);
    expect(problems(answer.body, CREATION)).toEqual([]);
    const { uuid, address, ...rest } = answer.body as Created;
    expect(rest).toEqual({
      uri: expect.stringContaining(`${address}?amount=0.00016667`) as unknown,
      amount: 16667,
      rate: { source: 'fixed', value: '60000', created_at: now(), from: 'BTC', to: 'EUR' },
      redirect_url: `https://pay.example.com/checkout/${uuid}`,
      created_at: now(),
      expiration_time: new Date(test.clock.now() + 900_000).toISOString(),
      expires_in: 900,
      reference: 'A-1',
    });
    expect(answer.headers.get('x-request-id')).toSatisfy(is.uuid);
  });

  it('has exactly the fields of the contract when it is read unpaid', async () => {
    const urls = {
      callback_url: 'https://shop.example/cb',
      continue_url: 'https://shop.example/ok',
      cancel_url: 'https://shop.example/no',
    };
    const order = await created({ amount: '10.5', reference: 'A-1', details: 'Two coffees', required_confirmations: 3, ...urls });
    test.clock.advance(1_500);
    const answer = await read(order.uuid);
    expect(answer.status).toBe(200);
    expect(problems(answer.body, RETRIEVAL)).toEqual([]);
    const body = answer.body as Record<string, unknown>;
    expect(body).toMatchObject({
      uuid: order.uuid,
      address: order.address,
      amount: '10.50',
      btc_amount: order.amount,
      state: {
        status: 'pending',
        blockchain_status: 'pending',
        paid: { crypto: 0, fiat: '0.00' },
        in_confirmation: { crypto: 0, fiat: '0.00' },
        unpaid: { crypto: order.amount, fiat: '10.50' },
      },
      transactions: [],
      required_confirmations: 3,
      created_by: { uuid: shop.pos.id, name: shop.pos.name, active: true, deposit_account: { uuid: shop.account.id } },
      // Rounded down, so that it never promises more time than there is.
      expires_in: 898,
      resolved_at: null,
      dispute_start_date: null,
      chargeback_date: null,
      reference: 'A-1',
      details: 'Two coffees',
      redirect_url: `https://pay.example.com/checkout/${order.uuid}`,
      callback_url: urls.callback_url,
    });
  });

  it('omits a missing callback_url, and has null for missing texts', async () => {
    const { uuid } = await created();
    const body = (await read(uuid)).body as Record<string, unknown>;
    expect(body).not.toHaveProperty('callback_url');
    expect(body).toMatchObject({ reference: null, details: null });
    expect(problems(body, RETRIEVAL)).toEqual([]);
  });

  it('gets missing settings from its POS, and those that are null', async () => {
    shop = await test.newPos({ defaults: { callbackUrl: 'https://shop.example/pos', requiredConfirmations: 2 } });
    for (const body of [{ amount: '9' }, { amount: '9', callback_url: null, required_confirmations: null }]) {
      const { uuid } = await created(body);
      expect((await read(uuid)).body).toMatchObject({ callback_url: 'https://shop.example/pos', required_confirmations: 2 });
    }
    const { uuid } = await created({ amount: '9', callback_url: 'https://shop.example/own', required_confirmations: 0 });
    expect((await read(uuid)).body).toMatchObject({ callback_url: 'https://shop.example/own', required_confirmations: 0 });
  });

  it('gets an address of its own, even if many are created at once', async () => {
    const orders = await Promise.all(Array.from({ length: 20 }, () => created()));
    expect(new Set(orders.map(({ address }) => address)).size).toBe(20);
    expect(new Set(orders.map(({ uuid }) => uuid)).size).toBe(20);
  });

  it('has 0 seconds left once it is expired, never fewer', async () => {
    const { uuid } = await created();
    test.clock.advance(10_000_000);
    shop = {
      ...shop,
      token: issueAccessToken({ posId: shop.pos.id, generation: 1 }, test.clock.now(), test.gateway.context.keys.accessToken),
    };
    expect((await read(uuid)).body).toMatchObject({ expires_in: 0 });
  });
});

describe('a paid order', () => {
  it('has exactly the fields of the contract in the mempool and in a block', async () => {
    const order = await created({ amount: '33.33' });
    const { sandbox, context } = test.gateway;
    const stored = await context.store.orders.get(order.uuid as never);
    const txid = await sandbox!.pay(stored!.terms.script, BigInt(order.amount) as never);

    const inMempool = await eventually(order.uuid, 'mempool_unconfirmed');
    expect(problems(inMempool, RETRIEVAL)).toEqual([]);
    expect(inMempool).toMatchObject({
      state: {
        status: 'pending',
        paid: { crypto: 0, fiat: '0.00' },
        in_confirmation: { crypto: order.amount, fiat: '33.33' },
        unpaid: { crypto: 0, fiat: '0.00' },
      },
      transactions: [{ txid, status: 'unconfirmed', blockchain_status: 'mempool', outs_sum: order.amount }],
      resolved_at: null,
    });

    test.clock.advance(1_234);
    await sandbox!.mine();
    const paid = await eventually(order.uuid, 'paid');
    expect(problems(paid, RETRIEVAL)).toEqual([]);
    expect(paid).toMatchObject({
      state: {
        status: 'paid',
        paid: { crypto: order.amount, fiat: '33.33' },
        in_confirmation: { crypto: 0, fiat: '0.00' },
        unpaid: { crypto: 0, fiat: '0.00' },
      },
      transactions: [{ txid, status: 'confirmed', blockchain_status: 'confirmed', outs: [{ n: 0, amount: order.amount }] }],
      resolved_at: now(),
    });
  });

  async function eventually(uuid: string, blockchainStatus: string): Promise<unknown> {
    return vi.waitFor(
      async () => {
        const { body } = await read(uuid);
        expect(body).toMatchObject({ state: { blockchain_status: blockchainStatus } });
        return body;
      },
      { timeout: 60_000, interval: 20 },
    );
  }
});

describe('an order', () => {
  it('is not found by another POS, with the same message as for an unknown one', async () => {
    const { uuid } = await created();
    const other = await test.newPos({ account: shop.account });
    const [foreign, missing] = [await read(uuid, other), await read('00000000-0000-4000-8000-000000000000', other)];
    assertError(foreign, 404, '3001');
    assertError(missing, 404, '3001');
    expect((foreign.body as { message: string }).message).toBe((missing.body as { message: string }).message);
  });

  it.each([
    ['in capitals', (uuid: string) => uuid.toUpperCase()],
    ['cut short', (uuid: string) => uuid.slice(0, -1)],
    ['of version 1', () => '00000000-0000-1000-8000-000000000000'],
    ['with a quote', (uuid: string) => `${uuid}'`],
    ['with a NUL', (uuid: string) => `${uuid}%00`],
    ['with a broken escape', (uuid: string) => `${uuid}%E0%A4%A`],
    ['of 400 characters', () => 'a'.repeat(400)],
    ['that is a prototype key', () => '__proto__'],
    ['with a trailing slash', (uuid: string) => `${uuid}/`],
  ])('is not found by an id %s', async (_how, idOf) => {
    const { uuid } = await created();
    assertError(await read(idOf(uuid)), 404, '3001');
  });
});

describe('a request for orders', () => {
  const paths = [
    ['POST', '/payment-order', { amount: '10.00' }],
    ['GET', '/payment-order/00000000-0000-4000-8000-000000000000', undefined],
  ] as const;

  it.each(paths)('is refused with 3007 without a readable Authorization header: %s %s', async (method, path, body) => {
    for (const authorization of [undefined, '', 'Bearer', 'Bearer ', 'Bearer a b', 'Basic YTpi', 'Token abc']) {
      const answer = await test.call(method, path, { body, headers: authorization === undefined ? {} : { authorization } });
      assertError(answer, 401, '3007');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    }
  });

  it.each(paths)('is refused with 1007 with a forged token: %s %s', async (method, path, body) => {
    const { keys } = test.gateway.context;
    const [claims = '', mac = ''] = shop.token.split('.');
    const other = await test.newPos();
    const forged = [
      'abc',
      '.',
      '../..',
      claims,
      `${claims}.`,
      `${claims}.${mac.slice(0, -1)}`,
      `${claims}.${mac}.`,
      `${claims}.${mac}=`,
      `${other.token.split('.')[0]}.${mac}`,
      `${Buffer.from(JSON.stringify({ pos: shop.pos.id, exp: 8e15 })).toString('base64url')}.${mac}`,
      `${Buffer.from('{}').toString('base64url')}.`,
      issueAccessToken({ posId: shop.pos.id, generation: 1 }, test.clock.now(), keys.seal),
      issueAccessToken(
        { posId: '00000000-0000-4000-8000-000000000000' as never, generation: 1 },
        test.clock.now(),
        keys.accessToken,
      ),
      'é',
    ];
    for (const token of forged) assertError(await test.call(method, path, { token, body }), 401, '1007');
  });

  it('is refused with 1004 with an expired token', async () => {
    const { token } = shop;
    test.clock.advance(3_600_000);
    assertError(await test.call('POST', '/payment-order', { token, body: { amount: '10.00' } }), 401, '1004');
  });

  it('is authenticated before its body is checked', async () => {
    assertError(await test.call('POST', '/payment-order', { body: { amount: 'x' } }), 401, '3007');
  });
});
