/** Faults that a gateway could have, each with the section that must find it and what it must say. */
import type { Section } from './check-conformance.ts';
import type { Answered, Asked, Spoiling } from './faulty-proxy.ts';
import { change, drop, set, type Json, type Spoil } from './spoil.ts';
import type { Delivery } from './target.ts';

export interface Fault {
  readonly name: string;
  readonly section: Section;
  readonly finds: RegExp;
  readonly spoiling?: Spoiling;
  readonly deliveries?: Deliveries;
}

type Deliveries = (deliveries: readonly Delivery[]) => readonly Delivery[];

/** Spoils bodies of good answers to a method at a path. */
function body(method: string, path: RegExp, spoil: Spoil, statuses: readonly number[] = [200, 201]): Spoiling {
  return answer((given, asked) => {
    if (asked.method !== method || !path.test(asked.path) || !statuses.includes(given.status)) return;
    const value = JSON.parse(given.text) as Json;
    spoil(value);
    given.text = JSON.stringify(value);
  });
}
const answer = (spoil: (answer: Answered, asked: Asked) => void): Spoiling => ({ answer: spoil });
/** Changes every error of a code into one of another code, or of another status. */
const errors = (code: string, change: { code?: string; status?: number; spoil?: Spoil }): Spoiling =>
  answer((given) => {
    if (given.status < 300 || !given.text.startsWith('{')) return;
    const value = JSON.parse(given.text) as Json;
    if (value['error_code'] !== code) return;
    if (change.code !== undefined) value['error_code'] = change.code;
    if (change.status !== undefined) given.status = change.status;
    change.spoil?.(value);
    given.text = JSON.stringify(value);
  });
const header = (name: string, change: (value: string) => string | undefined): Spoiling =>
  answer(({ headers }) => {
    if (headers[name] === undefined) return;
    const value = change(headers[name]);
    if (value === undefined) delete headers[name];
    else headers[name] = value;
  });

const CREATE = /^\/payment-order$/;
const READ = /^\/payment-order\/[^/?]+$/;
const LIST = /^\/payment-order(\?|$)/;
const made = (spoil: Spoil): Spoiling => body('POST', CREATE, spoil);
const read = (spoil: Spoil): Spoiling => body('GET', READ, spoil);
const list = (spoil: Spoil): Spoiling => body('GET', LIST, spoil);
const token = (spoil: Spoil): Spoiling => body('POST', /^\/token$/, spoil);
const cents = (text: string, by: number): string => (Number(text) + by / 100).toFixed(2);

const login: readonly Omit<Fault, 'section'>[] = [
  { name: 'token_type in lower case', finds: /token_type/, spoiling: token(set('token_type', 'bearer')) },
  { name: 'an id_token of two parts', finds: /id_token/, spoiling: token(set('id_token', 'a.b')) },
  { name: 'expires_in of a token as text', finds: /expires_in/, spoiling: token(set('expires_in', '3600')) },
  {
    name: 'a field too many in the answer to a login',
    finds: /additional/,
    spoiling: token(set('refresh_token', 'x')),
  },
  { name: '1002 for a wrong secret', finds: /expected 1001/, spoiling: errors('1001', { code: '1002' }) },
  { name: '400 for a wrong secret', finds: /expected 1001 with status 401/, spoiling: errors('1001', { status: 400 }) },
  { name: '1002 for a wrong scope', finds: /expected 1013/, spoiling: errors('1013', { code: '1002' }) },
  { name: 'a token for caches', finds: /no-store/, spoiling: header('cache-control', () => undefined) },
  {
    name: '401 that does not say what it wants',
    finds: /WWW-Authenticate/,
    spoiling: header('www-authenticate', () => undefined),
  },
];

const protocol: readonly Omit<Fault, 'section'>[] = [
  { name: 'no X-Request-Id', finds: /X-Request-Id: expected a UUID/, spoiling: header('x-request-id', () => undefined) },
  {
    name: 'the same X-Request-Id twice',
    finds: /was used before/,
    spoiling: answer(({ headers }) => (headers['x-request-id'] = '9b2d7f10-4c3e-4a5b-8d6f-0e1a2b3c4d5e')),
  },
  {
    name: 'request_id of another request',
    finds: /request_id and X-Request-Id/,
    spoiling: errors('3003', { spoil: set('request_id', crypto.randomUUID()) }),
  },
  { name: 'an error without a message', finds: /message/, spoiling: errors('3003', { spoil: drop('message') }) },
  {
    name: 'an error with a field too many',
    finds: /additional/,
    spoiling: errors('3007', { spoil: set('status', 401) }),
  },
  {
    name: 'an error code as a number',
    finds: /error_code|expected 3001/,
    spoiling: errors('3001', { spoil: set('error_code', 3001) }),
  },
  { name: 'no Allow', finds: /without Allow/, spoiling: header('allow', () => undefined) },
  {
    name: 'Allow that leaves one out',
    finds: /Allow does not name/,
    spoiling: header('allow', (value) => value.replace(/GET, /, '')),
  },
  {
    name: 'Allow that names what is refused',
    finds: /Allow names the method/,
    spoiling: header('allow', (value) => `${value}, PUT`),
  },
  { name: '404 for a wrong method', finds: /expected 3003/, spoiling: errors('3003', { code: '3001', status: 404 }) },
  { name: '400 for a wrong Accept', finds: /expected 3013/, spoiling: errors('3013', { status: 400 }) },
  { name: '400 for a wrong Content-Type', finds: /expected 3012/, spoiling: errors('3012', { status: 400 }) },
  {
    name: '400 for a body that is too large',
    finds: /status 413/,
    spoiling: answer((given) => void (given.status === 413 && (given.status = 400))),
  },
  { name: '1004 for an unknown token', finds: /expected 1007/, spoiling: errors('1007', { code: '1004' }) },
  { name: '403 without a token', finds: /expected 3007/, spoiling: errors('3007', { status: 403 }) },
  {
    name: 'version 2 is refused',
    finds: /X-Api-Version v2/,
    spoiling: answer((given, { headers }) => void (headers['x-api-version'] === 'v2' && (given.status = 400))),
  },
  {
    name: 'an open door for pages of other sites',
    finds: /other sites/,
    spoiling: answer(({ headers }) => (headers['access-control-allow-origin'] = '*')),
  },
  {
    name: 'wrong JSON is a fault of the server',
    finds: /expected 0001/,
    spoiling: errors('0001', { code: '4000', status: 500 }),
  },
  { name: 'errors as plain text', finds: /Content-Type/, spoiling: header('content-type', () => 'text/plain') },
];

const orders: readonly Omit<Fault, 'section'>[] = [
  { name: 'satoshi as text', finds: /\/amount/, spoiling: made(change<number>('amount', String)) },
  { name: 'a creation without its address', finds: /address/, spoiling: made(drop('address')) },
  { name: 'a field too many in a creation', finds: /additional/, spoiling: made(set('status', 'pending')) },
  { name: 'a field too many in an order', finds: /additional/, spoiling: read(set('version', 1)) },
  {
    name: '200 for a creation',
    finds: /expected 201/,
    spoiling: answer((given) => void (given.status === 201 && (given.status = 200))),
  },
  {
    name: 'one satoshi too few at the creation',
    finds: /amount by the rate/,
    spoiling: made(change<number>('amount', (old) => old - 1)),
  },
  {
    name: 'one satoshi too many later',
    finds: /btc_amount by amount and rate/,
    spoiling: read(change<number>('btc_amount', (old) => old + 1)),
  },
  { name: 'a rate as a number', finds: /rate\/value/, spoiling: made(set('rate.value', 60000)) },
  { name: 'a UUID in capitals', finds: /\/uuid/, spoiling: made(change<string>('uuid', (old) => old.toUpperCase())) },
  {
    name: 'a UUID of another version',
    finds: /currency\/uuid/,
    spoiling: read(set('currency.uuid', '00000000-0000-1000-8000-000000000000')),
  },
  {
    name: 'a date without milliseconds',
    finds: /created_at/,
    spoiling: read(change<string>('created_at', (old) => old.replace(/\.\d+/, ''))),
  },
  {
    name: 'a date with an offset',
    finds: /expiration_time/,
    spoiling: read(change<string>('expiration_time', (old) => old.replace('Z', '+00:00'))),
  },
  {
    name: 'a date that there is not',
    finds: /created_at/,
    spoiling: read(set('created_at', '2026-13-01T00:00:00.000Z')),
  },
  {
    name: 'a URL that is only a path',
    finds: /redirect_url/,
    spoiling: read(change<string>('redirect_url', (old) => new URL(old).pathname)),
  },
  {
    name: 'the checkout page of another order',
    finds: /redirect_url/,
    spoiling: read(set('redirect_url', 'https://pay.example.com/checkout/x')),
  },
  {
    name: 'null instead of no transactions',
    finds: /older clients fail on/,
    spoiling: read(set('transactions', null)),
  },
  { name: 'null instead of nothing paid', finds: /older clients fail on/, spoiling: read(set('state.paid', null)) },
  { name: 'seconds left as text', finds: /expires_in/, spoiling: read(change<number>('expires_in', String)) },
  { name: 'one second too many', finds: /expires_in/, spoiling: made(change<number>('expires_in', (old) => old + 1)) },
  {
    name: 'a URI that asks for less',
    finds: /uri asks for/,
    spoiling: made(change<string>('uri', (old) => old.replace(/amount=0\.(\d{7})\d/, 'amount=0.$10'))),
  },
  {
    name: 'a URI that pays another',
    finds: /uri pays address/,
    spoiling: made(change<string>('uri', (old) => old.replace(/:\w+/, ':bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080'))),
  },
  { name: 'a reference that is lost', finds: /reference/, spoiling: made(set('reference', null)) },
  {
    name: 'a text that was mended',
    finds: /what was sent/,
    spoiling: read(change<string>('details', (old) => old?.replace('\ufe0f', '') ?? null)),
  },
  {
    name: 'confirmations of the POS instead of those that were asked for',
    finds: /what was sent/,
    spoiling: read(set('required_confirmations', 1)),
  },
  {
    name: 'fiat without all its decimals',
    finds: /amount/,
    spoiling: read(change<string>('amount', (old) => old.replace(/0$/, ''))),
  },
  {
    name: 'a kind of account that there is not',
    finds: /deposit_account\/type/,
    spoiling: read(set('created_by.deposit_account.type', 'wallet')),
  },
  { name: 'a missing nullable field', finds: /resolved_at/, spoiling: read(drop('resolved_at')) },
  { name: 'no errors by field', finds: /errors by field/, spoiling: errors('0001', { spoil: drop('errors') }) },
  {
    name: 'errors by the name of another field',
    finds: /errors by field/,
    spoiling: errors('0001', { spoil: set('errors', { body: ['is wrong'] }) }),
  },
  {
    name: 'an error of a field that is no list',
    finds: /errors/,
    spoiling: errors('0001', { spoil: set('errors', { amount: 'is wrong' }) }),
  },
  { name: '422 for a wrong field', finds: /expected 0001 with status 400/, spoiling: errors('0001', { status: 422 }) },
  { name: 'one page too many', finds: /total_pages/, spoiling: list(change<number>('total_pages', (old) => old + 1)) },
  {
    name: 'the oldest first',
    finds: /newest first/,
    spoiling: list(change<unknown[]>('paymentorders', (old) => [...old].reverse())),
  },
  {
    name: 'a filter that is passed over',
    finds: /asked for|sum over/,
    spoiling: { path: (path) => path.replace(/status=\w+/, '') },
  },
  {
    name: 'pages of ten',
    finds: /unless asked otherwise/,
    spoiling: { path: (path) => (path === '/payment-order' ? '/payment-order?page_size=3' : path) },
  },
  { name: 'pages that begin at 1', finds: /two pages of two/, spoiling: { path: (path) => path.replace('page=1&', 'page=2&') } },
  {
    name: 'a sort order that is passed over',
    finds: /sorted by amount/,
    spoiling: { path: (path) => path.replace('sort_order=asc', 'sort_order=desc') },
  },
  {
    name: 'another cancel_url',
    finds: /cancel_url/,
    spoiling: body('DELETE', READ, set('cancel_url', 'https://shop.example/')),
  },
  {
    name: 'HEAD of another length',
    finds: /status and length/,
    spoiling: answer((given, { method }) => void (method === 'HEAD' && (given.headers['content-length'] = '2'))),
  },
  { name: '403 for the order of another POS', finds: /expected 3001/, spoiling: errors('3001', { code: '1012', status: 403 }) },
];

const lives: readonly Omit<Fault, 'section'>[] = [
  {
    name: 'a cent too little paid',
    finds: /paid\.fiat|fiat of paid/,
    spoiling: read(change<string>('state.paid.fiat', (old) => cents(old, -1))),
  },
  {
    name: 'zero without its decimals',
    finds: /fiat of paid/,
    spoiling: read(change<string>('state.unpaid.fiat', (old) => old.replace(/^0\.00$/, '0'))),
  },
  { name: 'less than nothing unpaid', finds: /unpaid/, spoiling: read(change<number>('state.unpaid.crypto', (old) => old - 1)) },
  {
    name: 'outs that do not add up',
    finds: /outs_sum|paid\.crypto/,
    spoiling: read(change<number>('transactions.*.outs_sum', (old) => old + 1)),
  },
  {
    name: 'a txid in capitals',
    finds: /txid/,
    spoiling: read(change<string>('transactions.*.txid', (old) => old.toUpperCase())),
  },
  {
    name: 'a transaction in a state that there is not',
    finds: /status/,
    spoiling: read(set('transactions.*.status', 'done')),
  },
  {
    name: 'a paid order that was never resolved',
    finds: /resolved_at is null/,
    spoiling: read(set('resolved_at', null)),
  },
  {
    name: 'a status that does not fit',
    finds: /status by blockchain_status|state\.status/,
    spoiling: read(change<string>('state.status', (old) => (old === 'paid' ? 'pending' : old))),
  },
  {
    name: 'a body where there is none',
    finds: /no body/,
    spoiling: answer(
      (given) =>
        void (
          given.status === 204 &&
          ((given.status = 200), (given.text = '{}'), (given.headers['content-type'] = 'application/json'))
        ),
    ),
  },
  {
    name: 'an event that can follow is not named',
    finds: /is not among/,
    spoiling: body(
      'GET',
      /callbacks$/,
      change<unknown[]>('callbacks', (old) => old.slice(1)),
    ),
  },
  {
    name: 'an event that cannot follow is named',
    finds: /\/callbacks\/\d\/name/,
    spoiling: body(
      'GET',
      /callbacks$/,
      change<unknown[]>('callbacks', (old) => [...old, { name: 'payment.unheard' }]),
    ),
  },
  { name: '0001 for an event that cannot follow', finds: /expected 0013/, spoiling: errors('0013', { code: '0001' }) },
  {
    name: 'a reset order that is still expired',
    finds: /state: expected \["pending"/,
    spoiling: body('PATCH', /reset$/, set('state.status', 'expired')),
  },
];

/** Of callbacks, each as its receiver gets it. */
const each =
  (change: (delivery: Delivery) => Delivery): Deliveries =>
  (all) =>
    all.map(change);
const spoilt = (spoil: Spoil): Deliveries =>
  each((delivery) => {
    const value = JSON.parse(delivery.body) as Json;
    spoil(value);
    return { ...delivery, body: JSON.stringify(value) };
  });
const signature = (change: (text: string) => string | undefined): Deliveries =>
  each((delivery) => ({
    ...delivery,
    headers: { ...delivery.headers, 'chainside-signature': change(delivery.headers['chainside-signature'] ?? '') },
  }));

const callbacks: readonly Omit<Fault, 'section'>[] = [
  { name: 'a callback without a signature', finds: /chainside-signature/, deliveries: signature(() => undefined) },
  {
    name: 'a signature in hex',
    finds: /chainside-signature/,
    deliveries: signature((text) => Buffer.from(text, 'base64').toString('hex')),
  },
  { name: 'a signature of something else', finds: /chainside-signature/, deliveries: signature((text) => `A${text.slice(1)}`) },
  {
    name: 'a body that was laid out after it was signed',
    finds: /chainside-signature/,
    deliveries: each((one) => ({ ...one, body: `${one.body}\n` })),
  },
  { name: 'a callback without cancel_url', finds: /cancel_url/, deliveries: spoilt(drop('object.cancel_url')) },
  {
    name: 'a callback whose continue_url is null',
    finds: /continue_url/,
    deliveries: spoilt(set('object.continue_url', null)),
  },
  { name: 'a field too many in a callback', finds: /additional/, deliveries: spoilt(set('object.extra', 1)) },
  { name: 'an event that there is not', finds: /event/, deliveries: spoilt(set('event', 'payment.done')) },
  { name: 'an object_type that there is not', finds: /object_type/, deliveries: spoilt(set('object_type', 'order')) },
  {
    name: 'an event that does not fit the order',
    finds: /state\.status: expected/,
    deliveries: spoilt(set('event', 'payment.expired')),
  },
  { name: 'callbacks in another order', finds: /events in their order/, deliveries: (all) => [...all].reverse() },
  {
    name: 'a callback that never comes',
    finds: /events in their order/,
    deliveries: (all) => all.filter(({ body: text }) => !text.includes('"payment.overpaid"')),
  },
  { name: 'a callback that comes twice', finds: /events in their order/, deliveries: (all) => all.flatMap((one) => [one, one]) },
  { name: 'a callback by PUT', finds: /method/, deliveries: each((one) => ({ ...one, method: 'PUT' })) },
  {
    name: 'a callback as a form',
    finds: /Content-Type/,
    deliveries: each((one) => ({ ...one, headers: { ...one.headers, 'content-type': 'application/x-www-form-urlencoded' } })),
  },
];

const chain: readonly Omit<Fault, 'section'>[] = [
  {
    name: 'a partly paid order that is told as pending',
    finds: /blockchain_status: expected "partial"/,
    spoiling: read(change<string>('state.blockchain_status', (old) => (old === 'partial' ? 'pending' : old))),
  },
  {
    name: 'what is in the mempool counts as paid',
    finds: /paid\.crypto/,
    spoiling: read(change<Json>('state', (old) => ({ ...old, paid: old['in_confirmation'], in_confirmation: old['paid'] }))),
  },
  { name: 'a dispute without its date', finds: /dispute_start_date/, spoiling: read(set('dispute_start_date', null)) },
];

const surroundings: readonly Omit<Fault, 'section'>[] = [
  { name: '1007 for a token that has run out', finds: /expected 1004/, spoiling: errors('1004', { code: '1007' }) },
  { name: '500 without a rate', finds: /expected 4003/, spoiling: errors('4003', { status: 500 }) },
  { name: 'no Retry-After while the store is down', finds: /Retry-After/, spoiling: header('retry-after', () => undefined) },
  { name: '500 while the store is down', finds: /expected 4006/, spoiling: errors('4006', { code: '4000', status: 500 }) },
  {
    name: 'a mistake that is told in other words',
    finds: /expected 4000/,
    spoiling: errors('4000', { code: '0001', status: 400 }),
  },
];

const of = (section: Section, faults: readonly Omit<Fault, 'section'>[]): Fault[] =>
  faults.map((fault) => ({ ...fault, section }));

export const FAULTS: readonly Fault[] = [
  ...of('login', login),
  ...of('protocol', protocol),
  ...of('orders', orders),
  ...of('lives', lives),
  ...of('lives', callbacks),
  ...of('chain', chain),
  ...of('surroundings', surroundings),
];
