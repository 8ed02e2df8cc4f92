import { throwIfInvalid } from '../checks/check-fields.ts';
import { describeValue } from '../checks/value-rules.ts';
import type { ClientCredentialsLoginResponse, PaymentOrderRetrieval } from '../wire/index.ts';

/** The HTTP methods of requests. */
export type RequestMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request to one endpoint, without the Authorization header. */
export interface ApiRequest<T> {
  method: RequestMethod;
  path: string;
  /** Includes the `?`. */
  query?: string;
  body?: string;
  /** Default: `application/json`. */
  contentType?: string;
  /** Makes the call repeatable if the server says that it honours the key. */
  idempotencyKey?: string;
  /** True if sending it twice has the same effect as sending it once, with any server. */
  repeatable: boolean;
  /** Fields that the answer must have; missing if its body does not matter. */
  answer?: AnswerShape<T> | undefined;
  /** Whether an empty answer is allowed too. */
  mayBeEmpty?: boolean;
}

/** Some fields of an answer with their types, enough to recognise the API's JSON. */
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

/** The fields that identify an order. */
export const ORDER_SHAPE: AnswerShape<PaymentOrderRetrieval> = {
  uuid: 'string',
  address: 'string',
  amount: 'string',
  state: 'object',
};

/**
 * Makes a repeatable request about one order. The id is checked, because an empty one would address the list, and one with a
 * slash another resource.
 *
 * @throws ValidationError if the id is not a version 4 UUID.
 */
export function orderRequest<T>(
  method: ApiRequest<T>['method'],
  uuid: string,
  below: string,
  answer?: AnswerShape<T>,
): ApiRequest<T> {
  const isUuid = typeof uuid === 'string' && /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(uuid);
  if (!isUuid)
    throwIfInvalid(method, `/payment-order/{uuid}${below}`, {
      uuid: `must be a version 4 UUID in lower case, got ${describeValue(uuid)}`,
    });
  return { method, path: `/payment-order/${uuid}${below}`, repeatable: true, answer };
}
