import type {
  ClientCredentialsLoginResponse,
  PaymentOrderCreation,
  PaymentOrderCreationResponse,
  PaymentOrderRetrieval,
} from './wire/index.ts';

/** One endpoint with all that a request to it needs, except the Authorization header. */
export interface Call<T> {
  method: 'GET' | 'POST';
  path: string;
  body?: { contentType: string; text: string };
  idempotencyKey?: string;
  /** True when sending twice does no more than sending once. */
  repeatable: boolean;
  /** Fields without which an answer is not the contract's. */
  answer: AnswerShape<T>;
}

/** Some fields of an answer with their types; enough to tell it from a stranger's JSON. */
export type AnswerShape<T> = { readonly [K in keyof T]?: 'string' | 'number' | 'object' };

/** `POST /token`. */
export function loginCall(): Call<ClientCredentialsLoginResponse> {
  return {
    method: 'POST',
    path: '/token',
    body: { contentType: 'application/x-www-form-urlencoded', text: 'grant_type=client_credentials&scope=*' },
    repeatable: true,
    answer: { access_token: 'string', expires_in: 'number' },
  };
}

/**
 * `POST /payment-order`. The Idempotency-Key would let a server that honours it recognise a repetition. None is taken
 * to do so, and the call does not count as repeatable.
 */
export function createPaymentOrderCall(
  creation: PaymentOrderCreation,
  idempotencyKey: string,
): Call<PaymentOrderCreationResponse> {
  return {
    method: 'POST',
    path: '/payment-order',
    body: { contentType: 'application/json', text: JSON.stringify(creation) },
    idempotencyKey,
    repeatable: false,
    answer: { uuid: 'string', address: 'string', uri: 'string', amount: 'number' },
  };
}

/** `GET /payment-order/{uuid}`. */
export function getPaymentOrderCall(uuid: string): Call<PaymentOrderRetrieval> {
  return {
    method: 'GET',
    path: `/payment-order/${encodeURIComponent(uuid)}`,
    repeatable: true,
    answer: { uuid: 'string', address: 'string', amount: 'string', state: 'object' },
  };
}
