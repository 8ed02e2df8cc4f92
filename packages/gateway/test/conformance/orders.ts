/** Checks how orders are created, read and cancelled, with valid and invalid values of every field. */
import type { PaymentOrderRetrieval } from '@webpos/sdk/wire';
import { PaymentOrderCreationResponseSchema } from '../../src/api/schemas/creation.ts';
import { PaymentOrderDeletionResponseSchema, PaymentOrderRetrievalSchema } from '../../src/api/schemas/order.ts';
import { priceInSatoshi, satoshiOfUri } from './exact-money.ts';
import { checkList } from './order-list.ts';
import { checkOrder } from './order-rules.ts';
import type { Probe } from './probe.ts';

/** Amounts that divide unevenly at most rates, and how they are reported. */
const AMOUNTS = [
  ['10.00', '10.00'],
  ['33.33', '33.33'],
  ['0.5', '0.50'],
  ['7', '7.00'],
  ['1234.560', '1234.56'],
  ['99999.99', '99999.99'],
] as const;

const REFERENCE = 'A-1 & more';

/** Creates an order, checks how it is reported, and returns its id. */
export async function createOrder(
  probe: Probe,
  token: string,
  body: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  const made = await probe.expect(201, PaymentOrderCreationResponseSchema, 'POST', '/payment-order', { token, body });
  if (made === undefined) return undefined;
  const order = made.body;
  const same = (what: string, got: unknown, expected: unknown): void => probe.same('POST /payment-order', what, got, expected);
  same('amount by the rate', order.amount, priceInSatoshi(String(body['amount']), order.rate.value));
  same('uri asks for amount', satoshiOfUri(order.uri), order.amount);
  same('uri pays address', order.uri.slice('bitcoin:'.length, order.uri.indexOf('?')), order.address);
  same('reference', order.reference ?? null, body['reference'] ?? null);
  if (order.created_at !== undefined)
    same('expires_in', order.expires_in, Math.floor((Date.parse(order.expiration_time) - Date.parse(order.created_at)) / 1000));
  if (order.redirect_url !== null && !order.redirect_url.includes(order.uuid))
    same('redirect_url', order.redirect_url, `.../${order.uuid}`);
  const read = await readOrder(probe, token, order.uuid);
  if (read === undefined) return order.uuid;
  for (const field of ['uuid', 'address', 'uri', 'rate', 'redirect_url', 'expiration_time'] as const)
    probe.same(`GET /payment-order/${order.uuid}`, `${field} as returned by the creation`, read[field], order[field]);
  same('amount as btc_amount later', order.amount, read.btc_amount);
  return order.uuid;
}

export async function readOrder(probe: Probe, token: string, uuid: string): Promise<PaymentOrderRetrieval | undefined> {
  const path = `/payment-order/${uuid}`;
  const read = await probe.expect(200, PaymentOrderRetrievalSchema, 'GET', path, { token });
  if (read === undefined) return undefined;
  checkOrder(probe, `GET ${path}`, read.body);
  return read.body;
}

export async function checkOrders(probe: Probe, token: string, otherToken: string): Promise<void> {
  const uuid = await checkCreation(probe, token);
  if (uuid === undefined) return;
  await checkAmounts(probe, token);
  await checkRefusals(probe, token);
  await checkList({ probe, token, otherToken, uuid, reference: REFERENCE });
  await checkAccess(probe, token, otherToken, uuid);
  await checkHead(probe, token, uuid);
  await checkCancellation(probe, token, uuid);
}

const URLS = {
  callback_url: 'https://shop.example/cb',
  continue_url: 'https://shop.example/ok',
  cancel_url: 'https://shop.example/no',
};

/** Creates an order with every field, checks what is reported about it, and returns its id. */
async function checkCreation(probe: Probe, token: string): Promise<string | undefined> {
  const details = 'Two coffees \u2615\ufe0f';
  const terms = { amount: '10.00', details, reference: REFERENCE, required_confirmations: 3 };
  const uuid = await createOrder(probe, token, { ...terms, ...URLS, unknown: [1] });
  const order = uuid === undefined ? undefined : await readOrder(probe, token, uuid);
  if (uuid === undefined || order === undefined) return undefined;
  const { reference, callback_url, required_confirmations, amount, state, transactions, currency } = order;
  const where = `GET /payment-order/${uuid}`;
  probe.same(
    where,
    'what was sent',
    { amount, details: order.details, reference, required_confirmations, callback_url },
    { ...terms, callback_url: URLS.callback_url },
  );
  probe.same(
    where,
    'a new order',
    [state.blockchain_status, transactions, currency.name, order.created_by.deposit_account.type],
    ['pending', [], 'EUR', 'bitcoin'],
  );
  return uuid;
}

async function checkAmounts(probe: Probe, token: string): Promise<void> {
  const absent = { reference: null, details: null, callback_url: null, required_confirmations: null };
  for (const [sent, reported] of AMOUNTS) {
    const id = await createOrder(probe, token, { amount: sent, ...absent });
    if (id !== undefined)
      probe.same(`GET /payment-order/${id}`, `amount of ${sent}`, (await readOrder(probe, token, id))?.amount, reported);
  }
}

/** Checks that unknown orders, and those of another POS, are not found. */
async function checkAccess(probe: Probe, token: string, otherToken: string, uuid: string): Promise<void> {
  for (const id of [uuid.toUpperCase(), uuid.slice(0, -1), 'x', '__proto__'])
    await probe.refused('3001', 'GET', `/payment-order/${id}`, { token });
  const path = `/payment-order/${uuid}`;
  for (const [method, where] of [
    ['GET', path],
    ['DELETE', path],
    ['GET', `${path}/callbacks`],
    ['PATCH', `${path}/test/reset`],
  ] as const)
    await probe.refused('3001', method, where, { token: otherToken });
}

async function checkHead(probe: Probe, token: string, uuid: string): Promise<void> {
  const path = `/payment-order/${uuid}`;
  const [get, head] = [await probe.ask('GET', path, { token }), await probe.ask('HEAD', path, { token })];
  probe.same(
    `HEAD ${path}`,
    'status and length',
    [head.status, head.headers.get('content-length')],
    [200, String(Buffer.byteLength(get.text))],
  );
}

/** Cancels an order twice, which is allowed. */
async function checkCancellation(probe: Probe, token: string, uuid: string): Promise<void> {
  const path = `/payment-order/${uuid}`;
  for (let time = 0; time < 2; time += 1) {
    const cancelled = await probe.expect(200, PaymentOrderDeletionResponseSchema, 'DELETE', path, { token });
    if (cancelled !== undefined) probe.same(`DELETE ${path}`, 'cancel_url', cancelled.body.cancel_url, URLS.cancel_url);
  }
  probe.same(`GET ${path}`, 'status after DELETE', (await readOrder(probe, token, uuid))?.state.status, 'cancelled');
}

const LONG = 'x'.repeat(301);
const REFUSALS: readonly (readonly [field: string, value: unknown])[] = [
  ...['0', '0.00', '-1', '1e3', '', ' 1', '1.001', '10,00', 'ten', 10, null, {}, ['1'], '9'.repeat(21)].map(
    (value) => ['amount', value] as const,
  ),
  ...['callback_url', 'continue_url', 'cancel_url'].flatMap((field) =>
    ['', 'shop', 'ftp://shop.example/', 'https://', 'https://user:pw@shop.example/', `https://shop.example/${LONG}`, 7, {}].map(
      (value) => [field, value] as const,
    ),
  ),
  ...['details', 'reference'].flatMap((field) => [LONG, 7, {}, [], '\u0000', true].map((value) => [field, value] as const)),
  ...[-1, 1.5, '1', 1e9, true, {}].map((value) => ['required_confirmations', value] as const),
];

async function checkRefusals(probe: Probe, token: string): Promise<void> {
  for (const [field, value] of REFUSALS) {
    const { body } = await probe.refused('0001', 'POST', '/payment-order', { token, body: { amount: '10.00', [field]: value } });
    const { errors = {} } = (body ?? {}) as { errors?: object };
    probe.same('POST /payment-order', `errors by field for ${field} ${JSON.stringify(value).slice(0, 40)}`, Object.keys(errors), [
      field,
    ]);
  }
  const { body } = await probe.refused('0001', 'POST', '/payment-order', {
    token,
    body: { amount: 1, details: 2, required_confirmations: -1 },
  });
  const { errors = {} } = (body ?? {}) as { errors?: object };
  probe.same('POST /payment-order', 'every wrong field at once', Object.keys(errors).sort(), [
    'amount',
    'details',
    'required_confirmations',
  ]);
}
