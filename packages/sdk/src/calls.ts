import { refuseWrong, show, word } from './check.ts';
import { checkCreation } from './creation.ts';
import { listQuery, type PaymentOrderQuery } from './list-query.ts';
import type {
  CallbackList,
  ClientCredentialsLoginResponse,
  PaymentOrderCreation,
  PaymentOrderCreationResponse,
  PaymentOrderDeletionResponse,
  PaymentOrderList,
  PaymentOrderRetrieval,
  PaymentUpdateObject,
} from './wire/index.ts';

/** One endpoint with all that a request to it needs, except the Authorization header. */
export interface Call<T> {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  /** With its `?`. */
  query?: string;
  body?: { contentType: string; text: string };
  /** With it, a call is repeatable to a server that says that it honours it. */
  idempotencyKey?: string;
  /** True when, to any server, sending twice does no more than sending once. */
  repeatable: boolean;
  /** Fields without which an answer is not the contract's; undefined where its body does not matter. */
  answer: AnswerShape<T> | undefined;
}

/** Some fields of an answer with their types; enough to tell it from a stranger's JSON. */
export type AnswerShape<T> = { readonly [K in keyof T]?: 'string' | 'number' | 'object' | 'array' };

const ORDER: AnswerShape<PaymentOrderRetrieval> = { uuid: 'string', address: 'string', amount: 'string', state: 'object' };

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

/** `POST /payment-order`. By its Idempotency-Key a server that honours it recognises a repetition; the platform's might not. */
export function createPaymentOrderCall(
  creation: PaymentOrderCreation,
  idempotencyKey: string,
  allowHttp: boolean,
): Call<PaymentOrderCreationResponse> {
  checkCreation(creation, allowHttp);
  return {
    method: 'POST',
    path: '/payment-order',
    body: json(creation),
    idempotencyKey,
    repeatable: false,
    answer: { uuid: 'string', address: 'string', uri: 'string', amount: 'number' },
  };
}

/** `GET /payment-order`. */
export function getPaymentOrdersCall(query: PaymentOrderQuery): Call<PaymentOrderList> {
  return {
    method: 'GET',
    path: '/payment-order',
    query: listQuery(query),
    repeatable: true,
    answer: { total_items: 'number', total_pages: 'number', paymentorders: 'array' },
  };
}

/** `GET /payment-order/{uuid}`. */
export function getPaymentOrderCall(uuid: string): Call<PaymentOrderRetrieval> {
  return { ...ofOrder('GET', uuid), repeatable: true, answer: ORDER };
}

/** `DELETE /payment-order/{uuid}`. An order that is cancelled already answers as before. */
export function deletePaymentOrderCall(uuid: string): Call<PaymentOrderDeletionResponse> {
  return { ...ofOrder('DELETE', uuid), repeatable: true, answer: { cancel_url: 'string' } };
}

/** `GET /payment-order/{uuid}/callbacks`. */
export function getCallbacksCall(uuid: string): Call<CallbackList> {
  return { ...ofOrder('GET', uuid, '/callbacks'), repeatable: true, answer: { callbacks: 'array' } };
}

/** `PATCH /payment-order/{uuid}/test/reset`. */
export function paymentResetCall(uuid: string): Call<PaymentOrderRetrieval> {
  return { ...ofOrder('PATCH', uuid, '/test/reset'), repeatable: true, answer: ORDER };
}

/** `PATCH /payment-order/{uuid}/test/`. An event that has come about can seldom come about again. */
export function paymentUpdateCall(uuid: string, update: PaymentUpdateObject): Call<void> {
  const call = ofOrder('PATCH', uuid, '/test/');
  refuseWrong(call.method, call.path, { callback: word(update?.callback) });
  return { ...call, body: json(update), repeatable: false, answer: undefined };
}

/** A call about one order. An empty id would ask for all orders, and one with a slash for something else. */
function ofOrder<M extends string>(method: M, uuid: string, below = ''): { method: M; path: string } {
  const isUuid = typeof uuid === 'string' && /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuid);
  const problem = isUuid ? undefined : `must be a version 4 UUID in lower case, got ${show(uuid)}`;
  refuseWrong(method, `/payment-order/{uuid}${below}`, { uuid: problem });
  return { method, path: `/payment-order/${uuid}${below}` };
}

function json(value: object): { contentType: string; text: string } {
  return { contentType: 'application/json', text: JSON.stringify(value) };
}
