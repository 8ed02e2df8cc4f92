/** Reads the bearer token of a request (RFC 6750, 2.1). */
import type { FastifyRequest } from 'fastify';
import { ContractError } from '../contract/contract-error.ts';

/** @throws ContractError 3007 when the request has none. */
export function bearerOf({ headers }: Pick<FastifyRequest, 'headers'>, expected: string): string {
  const [, token] = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) throw new ContractError('3007', `Authorization: expected Bearer with ${expected}`);
  return token;
}
