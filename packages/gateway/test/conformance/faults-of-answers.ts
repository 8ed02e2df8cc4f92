/** Faults at the login, on every path, and of orders. */
import { answer, body, errors, header, list, made, READ, read, token, type FaultOfSection } from './fault.ts';
import { change, drop, set } from './spoil.ts';

export const LOGIN_FAULTS: readonly FaultOfSection[] = [
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

export const PROTOCOL_FAULTS: readonly FaultOfSection[] = [
  { name: 'no X-Request-Id', finds: /X-Request-Id: expected a UUID/, spoiling: header('x-request-id', () => undefined) },
  {
    name: 'the same X-Request-Id twice',
    finds: /was used before/,
    spoiling: answer(({ headers }) => (headers['x-request-id'] = '9b2d7f10-4c3e-4a5b-8d6f-0e1a2b3c4d5e')),
  },
  {
    name: 'a charset beside application/json',
    finds: /Content-Type: expected application\/json/,
    spoiling: answer(({ headers }) => (headers['content-type'] = 'application/json; charset=utf-8')),
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

export const ORDERS_FAULTS: readonly FaultOfSection[] = [
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
    name: 'a nonexistent date',
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
    name: 'a nonexistent kind of account',
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
    name: 'a reference that is passed over',
    finds: /reference of what was asked for/,
    spoiling: { path: (path) => path.replace(/reference=[^&]+/, '') },
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
