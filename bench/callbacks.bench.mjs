/**
 * How fast a callback of 3 kB is verified and parsed. The floor is the least work possible on Node: one-shot HMAC-SHA512 by
 * node:crypto with a prepared key, timingSafeEqual, JSON.parse. stripe's constructEvent (HMAC-SHA256) and standardwebhooks'
 * verify do the same for their own schemes, with the same body.
 *
 * Method: one process, 25 rounds of 1,000 callbacks per contender in a rotating order; the median of each round's ratio to the
 * floor of that round (see support/compare.mjs). The body is a Buffer, as frameworks pass it.
 */
import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { costRatios } from './support/compare.mjs';
import { importFrom, importSdk, peerProject } from './support/installed.mjs';
import { report } from './support/report.mjs';

const SECRET = 'a secret of the POS';
const body = Buffer.from(sampleCallback());
const { CallbackHandler } = await importSdk('callbacks');

const key = createHash('sha256').update(SECRET).digest();
const headers = { 'content-type': 'application/json', 'chainside-signature': hmac().toString('base64') };
const handler = new CallbackHandler({ secret: SECRET });

const contenders = {
  floor: timed(() => {
    if (!timingSafeEqual(Buffer.from(headers['chainside-signature'], 'base64'), hmac())) throw new Error('wrong signature');
    return JSON.parse(body.toString());
  }),
  '@webpos/sdk': timedAsync(() => handler.parse(headers, body)),
};

const stripeProject = peerProject('stripe');
if (stripeProject !== undefined) {
  const { default: Stripe } = await importFrom(stripeProject, 'stripe');
  const { webhooks } = new Stripe('sk_test_1');
  const header = webhooks.generateTestHeaderString({ payload: body.toString(), secret: SECRET });
  contenders['stripe constructEvent'] = timed(() => webhooks.constructEvent(body, header, SECRET));
}

const standardProject = peerProject('standardwebhooks');
if (standardProject !== undefined) {
  const { Webhook } = await importFrom(standardProject, 'standardwebhooks');
  const webhook = new Webhook(Buffer.from(SECRET).toString('base64'));
  const at = new Date();
  const signed = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': webhook.sign('msg_1', at, body.toString()),
  };
  contenders['standardwebhooks verify'] = timed(() => webhook.verify(body, signed));
}

const costs = await costRatios(contenders, { rounds: 25, count: 1_000, warmUp: 5_000 });
const speed = (name) => 1 / costs[name];
report(`floor (a body of ${body.length} bytes)`, '1.00');
const stripeSpeed = stripeProject === undefined ? 0 : speed('stripe constructEvent');
for (const name of Object.keys(contenders).slice(1)) {
  const ours = name === '@webpos/sdk';
  report(
    `${name}, speed over the floor`,
    speed(name).toFixed(2),
    ours ? { target: '>= 0.95', met: speed(name) >= 0.95 } : undefined,
  );
}
if (stripeProject !== undefined) {
  const ratio = speed('@webpos/sdk') / stripeSpeed;
  report("@webpos/sdk, speed over stripe's", ratio.toFixed(2), { target: '> 1', met: ratio > 1 });
}

function hmac() {
  return createHmac('sha512', key).update(body).digest();
}

function timed(work) {
  return (count) => {
    const startedAt = performance.now();
    for (let done = 0; done < count; done += 1) work();
    return performance.now() - startedAt;
  };
}

function timedAsync(work) {
  return async (count) => {
    const startedAt = performance.now();
    for (let done = 0; done < count; done += 1) await work();
    return performance.now() - startedAt;
  };
}

/** A callback about an order with enough transactions to make it 3 kB. */
function sampleCallback() {
  const hex = (seed) => createHash('sha256').update(String(seed)).digest('hex');
  const at = '2026-11-23T18:00:00.000Z';
  const rate = { source: 'fixed', value: '60000.00', created_at: at };
  const order = {
    uuid: randomUUID(),
    address: 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx',
    uri: 'bitcoin:tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx?amount=0.00016667',
    amount: '10.00',
    btc_amount: 16_667,
    currency: { uuid: randomUUID(), name: 'EUR', type: 'fiat' },
    rate,
    state: {
      status: 'paid',
      blockchain_status: 'paid',
      paid: { crypto: 16_667, fiat: '10.00' },
      in_confirmation: { crypto: 0, fiat: '0.00' },
      unpaid: { crypto: 0, fiat: '0.00' },
    },
    transactions: Array.from({ length: 5 }, (_, index) => ({
      txid: hex(index),
      normalized_txid: hex(`n${index}`),
      status: 'confirmed',
      blockchain_status: 'confirmed',
      created_at: at,
      outs: [{ n: index, amount: 3_333 }],
      outs_sum: 3_333,
    })),
    required_confirmations: 1,
    created_at: at,
    created_by: {
      uuid: randomUUID(),
      name: 'web',
      type: 'web',
      deposit_account: { uuid: randomUUID(), name: 'till', type: 'bitcoin' },
    },
    expiration_time: at,
    expires_in: 600,
    resolved_at: at,
    dispute_start_date: null,
    chargeback_date: null,
    reference: 'cart 42',
    details: null,
    redirect_url: 'https://pay.example.com/checkout/1',
    callback_url: 'https://shop.example.com/callback',
    continue_url: 'https://shop.example.com/thanks',
    cancel_url: 'https://shop.example.com/cart',
  };
  return JSON.stringify({ event: 'payment.completed', created_at: at, object_type: 'payment_order', object: order });
}
