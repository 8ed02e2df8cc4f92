/** Whose request it is, by its access token. */
import type { FastifyRequest } from 'fastify';
import type { Pos } from '../orders/pos.ts';
import { ContractError } from '../services/contract-error.ts';
import { posOfToken, type LoginContext } from '../services/login.ts';
import { recognise } from './limits/caller.ts';

/**
 * Answers at once where the POS is at hand.
 *
 * @throws ContractError 3007, 1004 or 1007; 2000 when the client asks too often.
 */
export function authenticate(context: LoginContext, request: FastifyRequest): Pos | Promise<Pos> {
  const token = bearerOf(request, 'an access token');
  const recognised = (pos: Pos): Pos => {
    recognise(request, pos.id);
    return pos;
  };
  const pos = posOfToken(context, token);
  return pos instanceof Promise ? pos.then(recognised) : recognised(pos);
}

/** @throws ContractError 3007 when there is none. */
export function bearerOf({ headers }: Pick<FastifyRequest, 'headers'>, expected: string): string {
  const [, token] = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) throw new ContractError('3007', `Authorization: expected Bearer with ${expected}`);
  return token;
}
