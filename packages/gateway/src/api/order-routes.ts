/** The routes of payment orders. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pos } from '../orders/pos.ts';
import type { ShopUrlRules } from '../orders/shop-url.ts';
import type { ServiceContext } from '../services/context.ts';
import { ContractError } from '../services/contract-error.ts';
import { createOrder } from '../services/create-order.ts';
import { posOfToken, type LoginContext } from '../services/login.ts';
import { creationResponse, orderRetrieval } from '../services/order-wire.ts';
import { readOrderOfPos } from '../services/read-order.ts';
import { apiRoute } from './api-route.ts';
import { parseCreation } from './parse-creation.ts';

export function orderRoutes(server: FastifyInstance, context: ServiceContext & LoginContext, rules: ShopUrlRules): void {
  apiRoute(server, '/payment-order', {
    POST: async (request, reply) => {
      const pos = await authenticate(context, request);
      const order = await createOrder(context, pos, parseCreation(request.body, pos.currency, rules));
      const whole = await readOrderOfPos(context, pos, order.terms.id);
      return reply.code(201).send(creationResponse(whole));
    },
  });
  apiRoute(server, '/payment-order/:uuid', {
    GET: async (request) => {
      const pos = await authenticate(context, request);
      const { uuid } = request.params as { uuid: string };
      return orderRetrieval(await readOrderOfPos(context, pos, uuid));
    },
  });
}

/** @throws ContractError 3007, 1004 or 1007. */
async function authenticate(context: LoginContext, request: FastifyRequest): Promise<Pos> {
  const [, token] = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token === undefined) throw new ContractError('3007', 'Authorization: expected Bearer with an access token');
  return posOfToken(context, token);
}
