/** The buyer's pages: one order behind a link that cannot be guessed, and nothing about any other. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { assets, contentSecurityPolicy, renderCheckoutPage, renderNotFoundPage } from '@webpos/web';
import type { ServiceContext } from '../services/context.ts';
import { findOrder } from '../services/read-order.ts';
import type { Sandbox } from '../services/sandbox/sandbox.ts';
import { checkoutView } from './checkout-view.ts';
import { sandboxControls, sandboxPageRoutes } from './sandbox-page.ts';

export interface CheckoutOptions {
  readonly context: ServiceContext;
  /** Whose buttons the page has; undefined where bitcoin is real. */
  readonly sandbox: Sandbox | undefined;
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
};

export function checkoutRoutes(server: FastifyInstance, { context, sandbox }: CheckoutOptions): void {
  for (const [path, { contentType, body }] of assets) {
    server.get(path, async (_request, reply) =>
      reply.headers({ 'content-type': contentType, 'cache-control': 'public, max-age=31536000, immutable' }).send(body),
    );
  }
  server.get('/checkout/:id', async (request, reply) => {
    const found = await findOrder(context, (request.params as { id: string }).id);
    if (found === undefined) return notFound(reply);
    const controls = sandbox === undefined ? null : sandboxControls(sandbox, found, request.query);
    return reply.headers(PAGE_HEADERS).send(renderCheckoutPage(checkoutView(found, controls)));
  });
  // Whatever else stands there is no order either: cut off, or with more behind it.
  server.get('/checkout/*', async (_request, reply) => notFound(reply));
  if (sandbox !== undefined) sandboxPageRoutes(server, { context, sandbox, notFound });
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.code(404).headers(PAGE_HEADERS).send(renderNotFoundPage());
}
