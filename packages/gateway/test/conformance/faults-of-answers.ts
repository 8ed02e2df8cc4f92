/** Faults in the login, in every answer, and in answers about orders. */
import { answer, body, errors, header, list, made, READ, read, token, type FaultOfSection } from './fault.ts';
import { change, drop, set } from './tamper.ts';

export const LOGIN_FAULTS: readonly FaultOfSection[] = [
  { name: 'token_type in lower case', finds: /token_type/, tampering: token(set('token_type', 'bearer')) },
  { name: 'an id_token of two parts', finds: /id_token/, tampering: token(set('id_token', 'a.b')) },
  { name: 'expires_in of a token as text', finds: /expires_in/, tampering: token(set('expires_in', '3600')) },
  {
    name: 'an additional field in the answer to a login',
    finds: /additional/,
    tampering: token(set('refresh_token', 'x')),
  },
  { name: '1002 for a wrong secret', finds: /expected 1001/, tampering: errors('1001', { code: '1002' }) },
  { name: '400 for a wrong secret', finds: /expected 1001 with status 401/, tampering: errors('1001', { status: 400 }) },
  { name: '1002 for a wrong scope', finds: /expected 1013/, tampering: errors('1013', { code: '1002' }) },
  { name: 'a token that may be cached', finds: /no-store/, tampering: header('cache-control', () => undefined) },
  {
    name: '401 without a challenge',
    finds: /WWW-Authenticate/,
    tampering: header('www-authenticate', () => undefined),
  },
];

export const PROTOCOL_FAULTS: readonly FaultOfSection[] = [
  { name: 'no X-Request-Id', finds: /X-Request-Id: expected a UUID/, tampering: header('x-request-id', () => undefined) },
  {
    name: 'the same X-Request-Id twice',
    finds: /was used before/,
    tampering: answer(({ headers }) => (headers['x-request-id'] = '9b2d7f10-4c3e-4a5b-8d6f-0e1a2b3c4d5e')),
  },
  {
    name: 'a charset after application/json',
    finds: /Content-Type: expected application\/json/,
    tampering: answer(({ headers }) => (headers['content-type'] = 'application/json; charset=utf-8')),
  },
  {
    name: 'request_id of another request',
    finds: /request_id and X-Request-Id/,
    tampering: errors('3003', { tamper: set('request_id', crypto.randomUUID()) }),
  },
  { name: 'an error without a message', finds: /message/, tampering: errors('3003', { tamper: drop('message') }) },
  {
    name: 'an error with an additional field',
    finds: /additional/,
    tampering: errors('3007', { tamper: set('status', 401) }),
  },
  {
    name: 'an error code as a number',
    finds: /error_code|expected 3001/,
    tampering: errors('3001', { tamper: set('error_code', 3001) }),
  },
  { name: 'no Allow', finds: /without Allow/, tampering: header('allow', () => undefined) },
  {
    name: 'Allow without one of the methods',
    finds: /Allow does not name/,
    tampering: header('allow', (value) => value.replace(/GET, /, '')),
  },
  {
    name: 'Allow with a refused method',
    finds: /Allow names the method/,
    tampering: header('allow', (value) => `${value}, PUT`),
  },
  { name: '404 for a wrong method', finds: /expected 3003/, tampering: errors('3003', { code: '3001', status: 404 }) },
  { name: '400 for a wrong Accept', finds: /expected 3013/, tampering: errors('3013', { status: 400 }) },
  { name: '400 for a wrong Content-Type', finds: /expected 3012/, tampering: errors('3012', { status: 400 }) },
  {
    name: '400 for a body that is too large',
    finds: /status 413/,
    tampering: answer((given) => void (given.status === 413 && (given.status = 400))),
  },
  { name: '1004 for an unknown token', finds: /expected 1007/, tampering: errors('1007', { code: '1004' }) },
  { name: '403 without a token', finds: /expected 3007/, tampering: errors('3007', { status: 403 }) },
  {
    name: 'a refusal of version 2',
    finds: /X-Api-Version v2/,
    tampering: answer((given, { headers }) => void (headers['x-api-version'] === 'v2' && (given.status = 400))),
  },
  {
    name: 'access for pages of other sites',
    finds: /other sites/,
    tampering: answer(({ headers }) => (headers['access-control-allow-origin'] = '*')),
  },
  {
    name: 'a server error for invalid JSON',
    finds: /expected 0001/,
    tampering: errors('0001', { code: '4000', status: 500 }),
  },
  { name: 'errors as plain text', finds: /Content-Type/, tampering: header('content-type', () => 'text/plain') },
];

export const ORDERS_FAULTS: readonly FaultOfSection[] = [
  { name: 'satoshi as text', finds: /\/amount/, tampering: made(change<number>('amount', String)) },
  { name: 'a creation without its address', finds: /address/, tampering: made(drop('address')) },
  { name: 'an additional field in a creation', finds: /additional/, tampering: made(set('status', 'pending')) },
  { name: 'an additional field in an order', finds: /additional/, tampering: read(set('version', 1)) },
  {
    name: '200 for a creation',
    finds: /expected 201/,
    tampering: answer((given) => void (given.status === 201 && (given.status = 200))),
  },
  {
    name: 'one satoshi too little at the creation',
    finds: /amount by the rate/,
    tampering: made(change<number>('amount', (old) => old - 1)),
  },
  {
    name: 'one satoshi too much later',
    finds: /btc_amount by amount and rate/,
    tampering: read(change<number>('btc_amount', (old) => old + 1)),
  },
  { name: 'a rate as a number', finds: /rate\/value/, tampering: made(set('rate.value', 60000)) },
  { name: 'a UUID in upper case', finds: /\/uuid/, tampering: made(change<string>('uuid', (old) => old.toUpperCase())) },
  {
    name: 'a UUID of another version',
    finds: /currency\/uuid/,
    tampering: read(set('currency.uuid', '00000000-0000-1000-8000-000000000000')),
  },
  {
    name: 'a date without milliseconds',
    finds: /created_at/,
    tampering: read(change<string>('created_at', (old) => old.replace(/\.\d+/, ''))),
  },
  {
    name: 'a date with an offset',
    finds: /expiration_time/,
    tampering: read(change<string>('expiration_time', (old) => old.replace('Z', '+00:00'))),
  },
  {
    name: 'a nonexistent date',
    finds: /created_at/,
    tampering: read(set('created_at', '2026-13-01T00:00:00.000Z')),
  },
  {
    name: 'a URL that is only a path',
    finds: /redirect_url/,
    tampering: read(change<string>('redirect_url', (old) => new URL(old).pathname)),
  },
  {
    name: 'the checkout page of another order',
    finds: /redirect_url/,
    tampering: read(set('redirect_url', 'https://pay.example.com/checkout/x')),
  },
  {
    name: 'null instead of an empty list of transactions',
    finds: /older clients fail on/,
    tampering: read(set('transactions', null)),
  },
  { name: 'null instead of a paid amount of zero', finds: /older clients fail on/, tampering: read(set('state.paid', null)) },
  { name: 'expires_in of an order as text', finds: /expires_in/, tampering: read(change<number>('expires_in', String)) },
  {
    name: 'expires_in of an order with a second too many',
    finds: /expires_in/,
    tampering: made(change<number>('expires_in', (old) => old + 1)),
  },
  {
    name: 'a URI with a smaller amount',
    finds: /uri asks for/,
    tampering: made(change<string>('uri', (old) => old.replace(/amount=0\.(\d{7})\d/, 'amount=0.$10'))),
  },
  {
    name: 'a URI with another address',
    finds: /uri pays address/,
    tampering: made(change<string>('uri', (old) => old.replace(/:\w+/, ':bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080'))),
  },
  { name: 'a lost reference', finds: /reference/, tampering: made(set('reference', null)) },
  {
    name: 'an altered text',
    finds: /what was sent/,
    tampering: read(change<string>('details', (old) => old?.replace('\ufe0f', '') ?? null)),
  },
  {
    name: 'the confirmations of the POS instead of the requested ones',
    finds: /what was sent/,
    tampering: read(set('required_confirmations', 1)),
  },
  {
    name: 'fiat with a decimal missing',
    finds: /amount/,
    tampering: read(change<string>('amount', (old) => old.replace(/0$/, ''))),
  },
  {
    name: 'a nonexistent kind of account',
    finds: /deposit_account\/type/,
    tampering: read(set('created_by.deposit_account.type', 'wallet')),
  },
  { name: 'a missing nullable field', finds: /resolved_at/, tampering: read(drop('resolved_at')) },
  { name: 'no errors by field', finds: /errors by field/, tampering: errors('0001', { tamper: drop('errors') }) },
  {
    name: 'errors by the name of another field',
    finds: /errors by field/,
    tampering: errors('0001', { tamper: set('errors', { body: ['is wrong'] }) }),
  },
  {
    name: 'an error of a field that is not a list',
    finds: /errors/,
    tampering: errors('0001', { tamper: set('errors', { amount: 'is wrong' }) }),
  },
  { name: '422 for a wrong field', finds: /expected 0001 with status 400/, tampering: errors('0001', { status: 422 }) },
  { name: 'one page too many', finds: /total_pages/, tampering: list(change<number>('total_pages', (old) => old + 1)) },
  {
    name: 'the oldest first',
    finds: /newest first/,
    tampering: list(change<unknown[]>('paymentorders', (old) => [...old].reverse())),
  },
  {
    name: 'an ignored filter',
    finds: /of the filter|sum over/,
    tampering: { path: (path) => path.replace(/status=\w+/, '') },
  },
  {
    name: 'an ignored reference',
    finds: /reference of the filter/,
    tampering: { path: (path) => path.replace(/reference=[^&]+/, '') },
  },
  {
    name: 'another default page size',
    finds: /by default/,
    tampering: { path: (path) => (path === '/payment-order' ? '/payment-order?page_size=3' : path) },
  },
  { name: 'pages that begin at 1', finds: /two pages of two/, tampering: { path: (path) => path.replace('page=1&', 'page=2&') } },
  {
    name: 'an ignored sort order',
    finds: /sorted by amount/,
    tampering: { path: (path) => path.replace('sort_order=asc', 'sort_order=desc') },
  },
  {
    name: 'another cancel_url',
    finds: /cancel_url/,
    tampering: body('DELETE', READ, set('cancel_url', 'https://shop.example/')),
  },
  {
    name: 'HEAD with another length',
    finds: /status and length/,
    tampering: answer((given, { method }) => void (method === 'HEAD' && (given.headers['content-length'] = '2'))),
  },
  { name: '403 for the order of another POS', finds: /expected 3001/, tampering: errors('3001', { code: '1012', status: 403 }) },
];
