/** Checks how orders are created, read, listed and cancelled, with valid and invalid values of every field. */
import type { BlockchainStatus, PaymentOrderRetrieval } from '@webpos/sdk/wire';
import { BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import { PaymentOrderCreationResponseSchema } from '../../src/api/schemas/creation.ts';
import {
  PaymentOrderDeletionResponseSchema,
  PaymentOrderListSchema,
  PaymentOrderRetrievalSchema,
} from '../../src/api/schemas/order.ts';
import { priceInSatoshi, satoshiOfUri } from './exact-money.ts';
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
  const urls = {
    callback_url: 'https://shop.example/cb',
    continue_url: 'https://shop.example/ok',
    cancel_url: 'https://shop.example/no',
  };
  const whole = {
    amount: '10.00',
    ...urls,
    details: 'Two coffees \u2615\ufe0f',
    reference: REFERENCE,
    required_confirmations: 3,
    unknown: [1],
  };
  const uuid = await createOrder(probe, token, whole);
  const order = uuid === undefined ? undefined : await readOrder(probe, token, uuid);
  if (uuid === undefined || order === undefined) return;
  const path = `/payment-order/${uuid}`;
  const { details, reference, callback_url, required_confirmations, amount, state, transactions, currency } = order;
  probe.same(
    `GET ${path}`,
    'what was sent',
    { details, reference, callback_url, required_confirmations, amount },
    { details: whole.details, reference: REFERENCE, callback_url: urls.callback_url, required_confirmations: 3, amount: '10.00' },
  );
  probe.same(
    `GET ${path}`,
    'a new order',
    [state.blockchain_status, transactions, currency.name, order.created_by.deposit_account.type],
    ['pending', [], 'EUR', 'bitcoin'],
  );

  for (const [sent, reported] of AMOUNTS) {
    const id = await createOrder(probe, token, {
      amount: sent,
      reference: null,
      details: null,
      callback_url: null,
      required_confirmations: null,
    });
    if (id !== undefined)
      probe.same(`GET /payment-order/${id}`, `amount of ${sent}`, (await readOrder(probe, token, id))?.amount, reported);
  }
  await checkRefusals(probe, token);
  await checkList(probe, token, otherToken, uuid);

  for (const id of [uuid.toUpperCase(), uuid.slice(0, -1), 'x', '__proto__'])
    await probe.refused('3001', 'GET', `/payment-order/${id}`, { token });
  for (const [method, where] of [
    ['GET', path],
    ['DELETE', path],
    ['GET', `${path}/callbacks`],
    ['PATCH', `${path}/test/reset`],
  ] as const)
    await probe.refused('3001', method, where, { token: otherToken });
  const [get, head] = [await probe.ask('GET', path, { token }), await probe.ask('HEAD', path, { token })];
  probe.same(
    `HEAD ${path}`,
    'status and length',
    [head.status, head.headers.get('content-length')],
    [200, String(Buffer.byteLength(get.text))],
  );

  for (let time = 0; time < 2; time += 1) {
    const cancelled = await probe.expect(200, PaymentOrderDeletionResponseSchema, 'DELETE', path, { token });
    if (cancelled !== undefined) probe.same(`DELETE ${path}`, 'cancel_url', cancelled.body.cancel_url, urls.cancel_url);
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

async function checkList(probe: Probe, token: string, otherToken: string, uuid: string): Promise<void> {
  const list = async (query: string, by = token) => {
    const page = await probe.expect(200, PaymentOrderListSchema, 'GET', `/payment-order${query}`, { token: by });
    for (const order of page?.body.paymentorders ?? []) checkOrder(probe, `GET /payment-order${query}`, order);
    return page?.body;
  };
  const where = 'GET /payment-order';
  const all = await list('?page_size=40');
  if (all === undefined) return;
  const ids = (page: typeof all | undefined): string[] => page?.paymentorders.map(({ uuid: id }) => id) ?? [];
  if (!ids(all).includes(uuid)) probe.found(where, 'an order that was just created is not in the list');
  probe.same(where, 'total_pages', all.total_pages, Math.ceil(all.total_items / 40));
  probe.same(where, 'orders on the page', all.paymentorders.length, Math.min(40, all.total_items));
  const times = all.paymentorders.map(({ created_at }) => created_at);
  probe.same(where, 'the newest first by default', times, [...times].sort().reverse());
  const byAmount =
    (await list('?page_size=40&sort_by=amount&sort_order=asc'))?.paymentorders.map(({ btc_amount: sats }) => sats) ?? [];
  probe.same(
    where,
    'sorted by amount',
    byAmount,
    [...byAmount].sort((a, b) => a - b),
  );
  const defaultPage = await list('');
  probe.same(where, 'orders on a page by default', defaultPage?.paymentorders.length, Math.min(20, all.total_items));
  const [first, second] = [await list('?page_size=2'), await list('?page=1&page_size=2')];
  probe.same(where, 'two pages of two', [...ids(first), ...ids(second)], ids(all).slice(0, 4));
  probe.same(where, 'a page after the last', ids(await list('?page=1000')), []);
  const byStatus = new Map<BlockchainStatus, number>();
  for (const status of BLOCKCHAIN_STATUSES) {
    const page = await list(`?status=${status}&page_size=40`);
    byStatus.set(status, page?.total_items ?? 0);
    for (const order of page?.paymentorders ?? [])
      probe.same(where, 'blockchain_status of the filter', order.state.blockchain_status, status);
  }
  probe.same(
    where,
    'the sum over all statuses',
    [...byStatus.values()].reduce((a, b) => a + b, 0),
    all.total_items,
  );
  const ofReference = `?page_size=40&reference=${encodeURIComponent(REFERENCE)}`;
  const found = await list(ofReference);
  if (!ids(found).includes(uuid)) probe.found(where, 'an order is not in the list of its reference');
  for (const order of found?.paymentorders ?? []) probe.same(where, 'reference of the filter', order.reference, REFERENCE);
  if (ids(await list(ofReference, otherToken)).includes(uuid))
    probe.found(where, "another POS's order in the list of a reference");
  probe.same(where, 'orders of an unused reference', ids(await list('?reference=none%20has%20this')), []);
  if (ids(await list('?page_size=40', otherToken)).some((id) => ids(all).includes(id)))
    probe.found(where, "another POS's order in the list");
  for (const query of [
    'status=open',
    'status=',
    'page=-1',
    'page=x',
    'page=1.5',
    'page_size=0',
    'page_size=41',
    'sort_by=uuid',
    'sort_order=up',
    'reference=%00',
    `reference=${LONG}`,
  ]) {
    const { body } = await probe.refused('0001', 'GET', `/payment-order?${query}`, { token });
    const { errors = {} } = (body ?? {}) as { errors?: object };
    probe.same(where, `errors by field for ${query}`, Object.keys(errors), [query.split('=')[0]]);
  }
}
