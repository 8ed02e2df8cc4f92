/** The meanings of the contract's error codes, and the codes that each endpoint can return. */
import type { ErrorCode } from '@webpos/sdk/wire';
import type { Endpoint } from './endpoint.ts';

export const ERROR_MEANINGS: Readonly<Record<ErrorCode, string>> = {
  '0001':
    'The request is invalid; `errors` lists the problems by field. The status is 408 if the request took too long to arrive, and 413, 414 or 431 if its body, URL or headers are too large.',
  '0013': "The event cannot follow from the order's present state, or does not exist.",
  '1001': 'The client id or the secret is wrong.',
  '1002': 'grant_type is not client_credentials.',
  '1004': 'The access token has expired, or its secret has been replaced: log in again and repeat the request once.',
  '1006': 'Part of the contract. This gateway issues no refresh tokens and never returns it.',
  '1007': 'The access token is invalid.',
  '1012': 'Part of the contract. This gateway has no restricted endpoints and never returns it.',
  '1013': 'scope is not *.',
  '1018': 'Part of the contract. This gateway has a single realm and never returns it.',
  '2000': 'Too many requests: wait for the seconds in Retry-After.',
  '3001': 'Nothing exists at this path, or it belongs to another POS.',
  '3003': 'The path does not support the method; Allow lists the supported ones.',
  '3007': 'The Authorization header is missing or cannot be read.',
  '3012': 'The type of the body is not application/json (or, for /token, application/x-www-form-urlencoded).',
  '3013': 'Accept does not include application/json.',
  '4000': 'An internal error. The operator finds it in the log by its request_id.',
  '4003': 'There is no current rate for the currency.',
  '4006': 'This part of the gateway is unavailable: retry after the seconds in Retry-After.',
};

/** Returns all codes that an endpoint can return. */
export function errorsOf({ security, errors }: Pick<Endpoint, 'security' | 'errors'>): readonly ErrorCode[] {
  const codes: ErrorCode[] = [
    '0001',
    ...errors,
    ...(security === 'bearer' ? (['1004', '1007', '3007'] as const) : []),
    ...(security === 'basic' ? (['3007'] as const) : []),
    '3012',
    '2000',
    '3003',
    '3013',
    '4000',
    '4006',
  ];
  return [...new Set(codes)].sort();
}
