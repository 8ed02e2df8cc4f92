/** The buyer's pages: one order behind a link that cannot be guessed, and nothing about any other. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  assets,
  contentSecurityPolicy,
  renderCancelPage,
  renderCheckoutPage,
  renderNotFoundPage,
  renderReceiptPage,
  renderUnverifiedPage,
  type CheckoutView,
  type Reader,
} from '@webpos/web';
import type { OrderInContext } from '../../contract/order-wire.ts';
import { CompressedFile, sendCompressed } from '../../http/send-compressed.ts';
import { owedBack } from '../../orders/owed-back.ts';
import { ZERO_SATS } from '../../kernel/sats.ts';
import { UnverifiedError } from '../../services/seals/unverified-error.ts';
import { buyersRefunds } from '../../services/refunds/buyer-refunds.ts';
import { checkedRefundsOf } from '../../services/seals/checked-refund.ts';
import { addressOfBuyer } from '../../services/refunds/read-refund.ts';
import { findOrder } from '../../services/orders/read-order.ts';
import type { Sandbox, SandboxContext } from '../../services/sandbox/sandbox.ts';
import { checkoutForms, type FormsContext } from './checkout-forms.ts';
import { checkoutView } from './checkout-view.ts';
import { logoRoutes } from './logo-routes.ts';
import { mayCancel } from './may-cancel.ts';
import { orderEvents } from './order-events.ts';
import type { OrderStreams } from '../shared/order-streams.ts';
import { asksToLeave, carriedQuery, choicesOf, noteOf, readerOf } from './page-query.ts';
import { pageTag } from './page-tag.ts';
import { sandboxControls, sandboxPageRoutes } from './sandbox-page.ts';
import { shopScriptRoutes } from './shop-script-routes.ts';

export interface CheckoutOptions {
  readonly context: SandboxContext & FormsContext;
  /** Whose buttons the page has; undefined in live mode. */
  readonly sandbox: Sandbox | undefined;
  /** How pages hear of changes; without it they ask. */
  readonly streams?: OrderStreams;
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
};

export function checkoutRoutes(server: FastifyInstance, { context, sandbox, streams }: CheckoutOptions): void {
  assetRoutes(server);
  shopScriptRoutes(server);
  logoRoutes(server, context);

  const viewOf = async (found: OrderInContext, request: FastifyRequest): Promise<CheckoutView> => {
    const { order, tipHeight } = found;
    const isOwed = owedBack(order, tipHeight) > ZERO_SATS;
    const refunds = order.payments.length === 0 ? [] : await checkedRefundsOf(context, order.terms.id);
    const address = isOwed ? await addressOfBuyer(context.store, order.terms.id, refunds) : undefined;
    return checkoutView(found, {
      sandbox: sandbox === undefined ? null : sandboxControls(sandbox, found, request.query),
      refundAddress: address ?? null,
      refunds,
      followed: await buyersRefunds(context.store, refunds, tipHeight),
      asksToLeave: asksToLeave(request),
      isFramed: isFramed(request),
      note: noteOf(request),
      choices: choicesOf(request),
    });
  };
  const page = (
    path: string,
    render: (view: CheckoutView, reader: Reader) => string,
    isOffered: (found: OrderInContext) => boolean = () => true,
  ): void => {
    server.get(path, async (request, reply) => {
      const { id } = request.params as { id: string };
      const found = await findOrder(context, id).catch(asUnverified);
      if (found === undefined) return notFound(request, reply);
      if (found === 'unverified') return unverified(request, reply);
      const view = await viewOf(found, request);
      if (!isOffered(found)) return reply.redirect(`${view.basePath}/checkout/${view.uuid}${carriedQuery(request)}`, 303);
      const reader = readerOf(request);
      // A page in the browser sets its own clock by this.
      reply.headers({ etag: pageTag(path, view, reader), 'x-expires-in': String(view.expiresInS) });
      if (request.headers['if-none-match'] === reply.getHeader('etag')) return reply.code(304).headers(PAGE_HEADERS).send();
      reply.headers({ ...PAGE_HEADERS, 'content-security-policy': contentSecurityPolicy(view.look) });
      // This header knows no list of origins. Browsers obey the policy alone if they have both, but not every proxy and scanner does.
      if (view.look.origins.length > 0) reply.removeHeader('x-frame-options');
      return sendCompressed(request, reply, render(view, reader));
    });
  };
  page('/checkout/:id', renderCheckoutPage);
  page('/checkout/:id/receipt', renderReceiptPage);
  page('/checkout/:id/cancel', renderCancelPage, ({ order, tipHeight }) => mayCancel(order, tipHeight));
  checkoutForms(server, { context, notFound });

  if (streams !== undefined)
    server.get('/checkout/:id/events', async (request, reply) => orderEvents({ context, streams, notFound }, request, reply));
  // Links that are cut off, or have more at their end, lead to no order either.
  server.get('/checkout/*', async (request, reply) => notFound(request, reply));
  if (sandbox !== undefined) sandboxPageRoutes(server, { context, sandbox, notFound });
}

function assetRoutes(server: FastifyInstance): void {
  for (const [path, { contentType, body }] of assets) {
    const file = new CompressedFile(body);
    server.get(path, async (request, reply) => {
      reply.headers({ 'content-type': contentType, 'cache-control': 'public, max-age=31536000, immutable' });
      return file.send(request, reply);
    });
  }
}

/** Whether the browser loads the page into a frame (Fetch Metadata, "Sec-Fetch-Dest"). */
function isFramed({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-dest'] === 'iframe';
}

function asUnverified(error: unknown): 'unverified' {
  if (error instanceof UnverifiedError) return 'unverified';
  throw error;
}

async function unverified(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.code(503).headers({ ...PAGE_HEADERS, 'content-security-policy': contentSecurityPolicy() });
  return sendCompressed(request, reply, renderUnverifiedPage(readerOf(request)));
}

async function notFound(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.code(404).headers({ ...PAGE_HEADERS, 'content-security-policy': contentSecurityPolicy() });
  return sendCompressed(request, reply, renderNotFoundPage(readerOf(request)));
}
