/**
 * The tables of the wire contract, version 1, transcribed as data, so that tests can check the library against them. It imports
 * nothing from the library, so that an omission there is not repeated here.
 */

/** An endpoint: its request, and the object of {@link OBJECTS} in each body; undefined without a body. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body?: string;
  answer?: string;
  /** Its own error codes. */
  errors: readonly string[];
  /** The client's call for it. */
  call: string;
}

export const ENDPOINTS: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/token',
    body: 'ClientCredentials',
    answer: 'ClientCredentialsLoginResponse',
    errors: ['1001', '1002', '1013'],
    call: 'clientCredentialsLogin',
  },
  {
    method: 'POST',
    path: '/payment-order',
    body: 'PaymentOrderCreation',
    answer: 'PaymentOrderCreationResponse',
    errors: ['0001', '4003', '4006'],
    call: 'createPaymentOrder',
  },
  { method: 'GET', path: '/payment-order', answer: 'PaymentOrderList', errors: ['0001', '1012'], call: 'getPaymentOrders' },
  { method: 'GET', path: '/payment-order/{uuid}', answer: 'PaymentOrderRetrieval', errors: ['3001'], call: 'getPaymentOrder' },
  {
    method: 'DELETE',
    path: '/payment-order/{uuid}',
    answer: 'PaymentOrderDeletionResponse',
    errors: ['3001'],
    call: 'deletePaymentOrder',
  },
  {
    method: 'GET',
    path: '/payment-order/{uuid}/callbacks',
    answer: 'CallbackList',
    errors: ['0001', '3001'],
    call: 'getCallbacks',
  },
  {
    method: 'PATCH',
    path: '/payment-order/{uuid}/test/',
    body: 'PaymentUpdateObject',
    errors: ['3001', '0013'],
    call: 'paymentUpdate',
  },
  {
    method: 'PATCH',
    path: '/payment-order/{uuid}/test/reset',
    answer: 'PaymentOrderRetrieval',
    errors: ['3001'],
    call: 'paymentReset',
  },
];

/** The query of `GET /payment-order`, with a valid value each; `reference` extends the contract. */
export const LIST_QUERY: Readonly<Record<string, string>> = {
  status: 'paid',
  reference: 'cart 42',
  page: '0',
  page_size: '40',
  sort_by: 'amount',
  sort_order: 'asc',
};

export const ORDER_STATUSES: readonly string[] = ['pending', 'paid', 'cancelled', 'expired', 'network_dispute', 'chargeback'];

export const BLOCKCHAIN_STATUSES: readonly string[] = [
  'pending',
  'partial',
  'mempool_unconfirmed',
  'unconfirmed',
  'paid',
  'cancelled',
  'expired',
  'network_dispute',
  'mempool_network_dispute',
  'possible_chargeback',
  'chargeback',
];

/** The events; the one that was added later is last. */
export const EVENTS: readonly string[] = [
  'payment.completed',
  'payment.overpaid',
  'payment.cancelled',
  'payment.expired',
  'payment.dispute.start',
  'payment.dispute.end',
  'payment.chargeback',
  'payment.transaction.changed',
  'payment.refund.paid',
  'payment.refund.reverted',
];

/** Each code with its name and its HTTP status. */
export const ERRORS: readonly (readonly [code: string, name: string, status: number])[] = [
  ['0001', 'ValidationError', 400],
  ['0013', 'InvalidCallback', 400],
  ['1001', 'UnauthorizedClient', 401],
  ['1002', 'InvalidGrantType', 400],
  ['1004', 'AccessTokenExpired', 401],
  ['1006', 'InvalidRefreshToken', 401],
  ['1007', 'InvalidAccessToken', 401],
  ['1012', 'Forbidden', 403],
  ['1013', 'InvalidScope', 400],
  ['1018', 'InvalidRealm', 403],
  ['2000', 'TooManyRequests', 429],
  ['3001', 'NotFound', 404],
  ['3003', 'MethodNotAllowed', 405],
  ['3007', 'InvalidAuthorizationHeader', 401],
  ['3012', 'InvalidContentTypeHeader', 415],
  ['3013', 'InvalidAcceptHeader', 406],
  ['4000', 'InternalServerError', 500],
  ['4003', 'RateUnavailable', 503],
  ['4006', 'FunctionalityDown', 503],
];

const EVENT = union(EVENTS);
const RETRIEVAL: Readonly<Record<string, string>> = {
  uuid: 'string',
  address: 'string',
  uri: 'string',
  amount: 'string',
  btc_amount: 'number',
  currency: 'CurrencyRetrieval',
  rate: 'RateRetrieval',
  state: 'PaymentOrderState',
  transactions: 'Transaction[] | null',
  required_confirmations: 'number',
  created_at: 'string',
  created_by: 'PaymentOrderCreator',
  expiration_time: 'string',
  expires_in: 'number',
  resolved_at: 'string | null',
  dispute_start_date: 'string | null',
  chargeback_date: 'string | null',
  reference: 'string | null',
};

/** Every object, with the TypeScript types of its fields; a `?` marks an optional one. */
export const OBJECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ClientCredentials: { grant_type: '"client_credentials"', scope: '"*"' },
  ClientCredentialsLoginResponse: {
    access_token: 'string',
    token_type: '"Bearer"',
    expires_in: 'number',
    id_token: 'string',
    'scope?': 'string | null',
  },
  PaymentOrderCreation: {
    amount: 'string',
    'callback_url?': 'string | null',
    'continue_url?': 'string | null',
    'cancel_url?': 'string | null',
    'details?': 'string | null',
    'reference?': 'string | null',
    'required_confirmations?': 'number | null',
  },
  PaymentOrderCreationResponse: {
    uuid: 'string',
    address: 'string',
    uri: 'string',
    amount: 'number',
    rate: 'RateRetrieval',
    redirect_url: 'string | null',
    'created_at?': 'string',
    expiration_time: 'string',
    expires_in: 'number',
    'reference?': 'string | null',
  },
  PaymentOrderRetrieval: {
    ...RETRIEVAL,
    'details?': 'string | null',
    'redirect_url?': 'string | null',
    'callback_url?': 'string | null',
  },
  CallbackPaymentOrder: {
    ...RETRIEVAL,
    details: 'string | null',
    redirect_url: 'string',
    callback_url: 'string',
    continue_url: 'string',
    cancel_url: 'string',
  },
  PaymentOrderState: {
    status: union(ORDER_STATUSES),
    blockchain_status: union(BLOCKCHAIN_STATUSES),
    paid: 'PaidStatus | null',
    in_confirmation: 'PaidStatus | null',
    unpaid: 'PaidStatus | null',
  },
  PaidStatus: { crypto: 'number', fiat: 'string' },
  Transaction: {
    txid: 'string',
    normalized_txid: 'string',
    status: union(['unconfirmed', 'confirmed', 'reverted']),
    blockchain_status: union(['mempool', 'unconfirmed', 'confirmed', 'reverted']),
    created_at: 'string',
    outs: 'Out[]',
    outs_sum: 'number',
  },
  Out: { n: 'number', amount: 'number' },
  RateRetrieval: { source: 'string', value: 'string', created_at: 'string', 'from?': 'string', 'to?': 'string' },
  CurrencyRetrieval: { uuid: 'string', name: 'string', type: union(['fiat', 'crypto']) },
  PaymentOrderCreator: {
    uuid: 'string',
    name: 'string',
    type: union(['web', 'mobile']),
    'active?': 'boolean',
    deposit_account: 'DepositAccountLite',
  },
  DepositAccountLite: { uuid: 'string', name: 'string', type: union(['bank', 'bitcoin']) },
  PaymentOrderList: { total_items: 'number', total_pages: 'number', paymentorders: 'PaymentOrderRetrieval[]' },
  PaymentOrderDeletionResponse: { cancel_url: 'string' },
  CallbackList: { callbacks: 'Callback[]' },
  Callback: { name: EVENT },
  PaymentUpdateObject: { callback: EVENT },
  CallbackBody: { event: EVENT, created_at: 'string', object_type: '"payment_order"', object: 'CallbackPaymentOrder' },
  ErrorBody: { error_code: 'string', message: 'string', request_id: 'string', 'errors?': 'Record<string, string[]>' },
};

function union(words: readonly string[]): string {
  return words
    .map((word) => JSON.stringify(word))
    .sort()
    .join(' | ');
}
