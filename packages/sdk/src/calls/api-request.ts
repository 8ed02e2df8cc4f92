import { throwIfInvalid } from '../checks/check-fields.ts';
import { describeValue } from '../checks/value-rules.ts';
import type { ClientCredentialsLoginResponse, PaymentOrderRetrieval } from '../wire/index.ts';

/** The methods of requests. */
export type RequestMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One endpoint with all that a request to it needs, except the Authorization header. */
export interface ApiRequest<T> {
  method: RequestMethod;
  path: string;
  /** With its `?`. */
  query?: string;
  body?: string;
  /** Default: that of JSON. */
  contentType?: string;
  /** With it, a call is repeatable to a server that says that it honours it. */
  idempotencyKey?: string;
  /** True when, to any server, sending twice does no more than sending once. */
  repeatable: boolean;
  /** Fields without which an answer is not the contract's; missing where its body does not matter. */
  answer?: AnswerShape<T>;
  /** True when an empty answer is one, too. */
  mayBeEmpty?: boolean;
}

/** Some fields of an answer with their types; enough to tell it from a stranger's JSON. */
export type AnswerShape<T> = { readonly [K in keyof T]?: 'string' | 'number' | 'object' | 'objects' };

/** `POST /token`. */
export const LOGIN_REQUEST: ApiRequest<ClientCredentialsLoginResponse> = {
  method: 'POST',
  path: '/token',
  body: 'grant_type=client_credentials&scope=*',
  contentType: 'application/x-www-form-urlencoded',
  repeatable: true,
  answer: { access_token: 'string', expires_in: 'number' },
};

/** What an order is known by. */
export const ORDER_SHAPE: AnswerShape<PaymentOrderRetrieval> = {
  uuid: 'string',
  address: 'string',
  amount: 'string',
  state: 'object',
};

/**
 * A repeatable call about one order. An empty id would ask for all orders, and one with a slash for something else.
 *
 * @throws ValidationError when the id is not one.
 */
export function orderRequest<T>(
  method: ApiRequest<T>['method'],
  uuid: string,
  below: string,
  answer?: AnswerShape<T>,
): ApiRequest<T> {
  const isUuid = typeof uuid === 'string' && /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(uuid);
  throwIfInvalid(method, `/payment-order/{uuid}${below}`, {
    uuid: !isUuid && `must be a version 4 UUID in lower case, got ${describeValue(uuid)}`,
  });
  return { method, path: `/payment-order/${uuid}${below}`, repeatable: true, ...(answer && { answer }) };
}
