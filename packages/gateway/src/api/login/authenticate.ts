/** Identifies the POS of a request by its access token. */
import type { FastifyRequest } from 'fastify';
import type { Pos } from '../../merchants/pos.ts';
import { bearerOf } from '../../http/bearer.ts';
import { posOfToken, type LoginContext } from '../../services/merchants/login.ts';
import { recognise } from '../../http/limits/caller.ts';

/**
 * Returns the POS directly if it is cached, and a promise otherwise.
 *
 * @throws ContractError 3007, 1004 or 1007; 2000 when the client exceeds its rate.
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
