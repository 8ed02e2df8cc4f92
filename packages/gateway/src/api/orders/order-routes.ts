/** The routes of payment orders. */
import type { FastifyInstance } from 'fastify';
import type { PaymentOrderDeletionResponse } from '@webpos/sdk/wire';
import type { Pos } from '../../merchants/pos.ts';
import type { ShopUrlRules } from '../../merchants/shop-url.ts';
import type { OrderChangeContext } from '../../services/context.ts';
import { cancelOrder } from '../../services/orders/cancel-order.ts';
import { createOrder, type OrderCreationContext } from '../../services/orders/create-order.ts';
import { listOrders } from '../../services/orders/list-orders.ts';
import type { LoginContext } from '../../services/merchants/login.ts';
import { orderText } from '../../contract/order-text.ts';
import { cancelUrl, creationResponse } from '../../contract/order-wire.ts';
import { cachedOrderOfPos, readOrderOfPos, type OrderShowContext } from '../../services/orders/read-order.ts';
import { apiRoute } from '../../http/api-route.ts';
import { orderPasser } from '../../http/limits/caller.ts';
import { authenticate } from '../login/authenticate.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { parseCreation } from './parse-creation.ts';
import { parseListQuery } from './parse-list-query.ts';

export type OrderRoutesContext = OrderCreationContext & OrderChangeContext & LoginContext;

const JSON_TYPE = 'application/json';

export function orderRoutes(server: FastifyInstance, context: OrderRoutesContext, rules: ShopUrlRules): void {
  apiRoute(server, '/payment-order', {
    POST: async (request, reply) => {
      const pos = await authenticate(context, request);
      const creation = parseCreation(request.body, pos.currency, rules);
      const order = await createOrder(context, pos, creation, readIdempotencyKey(request));
      // As at the creation, so that a repeated request gets exactly the same response.
      const now = order.terms.createdAt;
      reply.code(201);
      return creationResponse({ order, pos, now, publicUrl: context.publicUrl });
    },
    GET: async (request) => {
      const pos = await authenticate(context, request);
      return listOrders(context, pos, parseListQuery(request.query), orderPasser(request));
    },
  });
  apiRoute(server, '/payment-order/:uuid', {
    GET: (request, reply) => {
      reply.type(JSON_TYPE);
      const pos = authenticate(context, request);
      const { uuid } = request.params as { uuid: string };
      if (pos instanceof Promise) return pos.then((known) => textOfOrder(context, known, uuid));
      const found = cachedOrderOfPos(context, pos, uuid);
      return found === undefined ? textOfOrder(context, pos, uuid) : orderText(found);
    },
    DELETE: async (request) => {
      const pos = await authenticate(context, request);
      const { uuid } = request.params as { uuid: string };
      const found = await readOrderOfPos(context, pos, uuid);
      await cancelOrder(context, found.order.terms.id);
      return { cancel_url: cancelUrl(found) } satisfies PaymentOrderDeletionResponse;
    },
  });
}

async function textOfOrder(context: OrderShowContext, pos: Pos, uuid: string): Promise<string> {
  return orderText(await readOrderOfPos(context, pos, uuid));
}
