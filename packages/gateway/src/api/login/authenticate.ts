/** Whose request it is, by its access token. */
import type { FastifyRequest } from 'fastify';
import type { Pos } from '../../merchants/pos.ts';
import { bearerOf } from '../../http/bearer.ts';
import { posOfToken, type LoginContext } from '../../services/merchants/login.ts';
import { recognise } from '../../http/limits/caller.ts';

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
