/** When each error code of the contract comes, and by which every endpoint may answer. */
import type { ErrorCode } from '@webpos/sdk/wire';
import type { Endpoint } from './endpoint.ts';

export const ERROR_MEANINGS: Readonly<Record<ErrorCode, string>> = {
  '0001':
    'The request is not valid; `errors` says what is wrong by the name of the field. Status 408 where the request took too long to arrive, 413, 414 or 431 where its body, URL or headers are too large.',
  '0013': "The event cannot follow from the order's present state, or there is no such event.",
  '1001': 'The client id or the secret is wrong.',
  '1002': 'grant_type is not client_credentials.',
  '1004': 'The access token has expired, or its secret has been replaced: log in again and repeat the request once.',
  '1006': 'Part of the contract; this gateway gives out no refresh tokens and never answers by it.',
  '1007': 'The access token is not valid.',
  '1012': 'Part of the contract; at this gateway a POS may do all that there is, so that it never answers by it.',
  '1013': 'scope is not *.',
  '1018': 'Part of the contract; this gateway has one realm and never answers by it.',
  '2000': 'Too many requests: wait as long as Retry-After says.',
  '3001': 'There is nothing at this path, or nothing that this POS may know of.',
  '3003': 'The method is not for this path; Allow says which are.',
  '3007': 'The Authorization header is missing or cannot be read.',
  '3012': 'The body is of another type than application/json (for /token also application/x-www-form-urlencoded).',
  '3013': 'Accept does not take application/json.',
  '4000': 'Something went wrong in the gateway; the operator finds it in the log by request_id.',
  '4003': 'There is no rate for the currency now.',
  '4006': 'This part of the gateway is down: try again after as many seconds as Retry-After says.',
};

/** All codes by which an endpoint may answer. */
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
