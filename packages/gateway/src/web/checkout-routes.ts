/** The buyer's pages: one order behind a link that cannot be guessed, and nothing about any other. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { assets, contentSecurityPolicy, renderCheckoutPage, renderNotFoundPage } from '@webpos/web';
import type { ServiceContext } from '../services/context.ts';
import type { OrderInContext } from '../services/order-wire.ts';
import { findOrder } from '../services/read-order.ts';
import { checkoutView } from './checkout-view.ts';

export interface CheckoutOptions {
  readonly context: ServiceContext;
  /** Pays an order with coins of the sandbox chain; undefined where there is no such chain. */
  readonly payInSandbox: ((found: OrderInContext) => Promise<void>) | undefined;
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
};

export function checkoutRoutes(server: FastifyInstance, { context, payInSandbox }: CheckoutOptions): void {
  for (const [path, { contentType, body }] of assets) {
    server.get(path, async (_request, reply) =>
      reply.headers({ 'content-type': contentType, 'cache-control': 'public, max-age=31536000, immutable' }).send(body),
    );
  }
  server.get('/checkout/:id', async (request, reply) => {
    const found = await findOrder(context, (request.params as { id: string }).id);
    if (found === undefined) return notFound(reply);
    return reply.headers(PAGE_HEADERS).send(renderCheckoutPage(checkoutView(found, payInSandbox !== undefined)));
  });
  // Whatever else stands there is no order either: cut off, or with more behind it.
  server.get('/checkout/*', async (_request, reply) => notFound(reply));
  if (payInSandbox === undefined) return;
  void server.register(async (scope) => {
    // A browser posts its button as a form; what is in it does not matter.
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, _body, done) => done(null));
    scope.post('/checkout/:id/sandbox/pay', async (request, reply) => {
      const found = await findOrder(context, (request.params as { id: string }).id);
      if (found === undefined) return notFound(reply);
      await payInSandbox(found);
      return reply.redirect(`/checkout/${found.order.terms.id}`, 303);
    });
  });
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).headers(PAGE_HEADERS).send(renderNotFoundPage());
}
