/** The buyer's pages: one order behind a link that cannot be guessed, and nothing about any other. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  assets,
  contentSecurityPolicy,
  pickLanguage,
  renderCancelPage,
  renderCheckoutPage,
  renderNotFoundPage,
  renderReceiptPage,
  type CheckoutView,
  type Language,
} from '@webpos/web';
import type { OrderChangeContext } from '../../services/context.ts';
import { cancelOrder } from '../../services/orders/cancel-order.ts';
import { ContractError } from '../../contract/contract-error.ts';
import type { OrderInContext } from '../../contract/order-wire.ts';
import { findOrder } from '../../services/orders/read-order.ts';
import type { Sandbox, SandboxContext } from '../../services/sandbox/sandbox.ts';
import { checkoutView } from './checkout-view.ts';
import { logoRoutes } from './logo-routes.ts';
import { orderEvents } from './order-events.ts';
import type { OrderStreams } from './order-streams.ts';
import { pageTag } from './page-tag.ts';
import { refuseOtherSites } from '../shared/refuse-other-sites.ts';
import { shopScriptRoutes } from './shop-script-routes.ts';
import { sandboxControls, sandboxPageRoutes } from './sandbox-page.ts';
import { CompressedFile, sendCompressed } from '../../http/send-compressed.ts';

export interface CheckoutOptions {
  readonly context: SandboxContext;
  /** Whose buttons the page has; undefined where bitcoin is real. */
  readonly sandbox: Sandbox | undefined;
  /** How pages hear of changes; without it they ask. */
  readonly streams?: OrderStreams;
}

interface Query {
  readonly lang?: unknown;
  readonly cancelled?: unknown;
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

  const viewOf = (found: OrderInContext, request: FastifyRequest): CheckoutView => {
    const controls = sandbox === undefined ? null : sandboxControls(sandbox, found, request.query);
    const asksToLeave = queryOf(request).cancelled !== undefined;
    return checkoutView(found, { sandbox: controls, asksToLeave, isFramed: isFramed(request) });
  };
  const page = (path: string, render: (view: CheckoutView, language: Language) => string | null): void => {
    server.get(path, async (request, reply) => {
      const found = await findOrder(context, (request.params as { id: string }).id);
      if (found === undefined) return notFound(request, reply);
      const view = viewOf(found, request);
      const language = languageOf(request);
      // A page in the browser has a clock of its own, which it sets by this.
      reply.headers({ etag: pageTag(path, view, language), 'x-expires-in': String(view.expiresInS) });
      if (request.headers['if-none-match'] === reply.getHeader('etag')) return reply.code(304).headers(PAGE_HEADERS).send();
      const html = render(view, language);
      if (html === null) return reply.redirect(`${view.basePath}/checkout/${view.uuid}${langQuery(request)}`, 303);
      reply.headers({ ...PAGE_HEADERS, 'content-security-policy': contentSecurityPolicy(view.look) });
      // It knows no list of origins; where both are given, browsers go by the policy alone, but not every proxy and scanner does.
      if (view.look.origins.length > 0) reply.removeHeader('x-frame-options');
      return sendCompressed(request, reply, html);
    });
  };
  page('/checkout/:id', renderCheckoutPage);
  page('/checkout/:id/receipt', renderReceiptPage);
  // Once it has moved on there is nothing to ask: the order's page says where it stands.
  page('/checkout/:id/cancel', (view, language) => (mayCancel(view) ? renderCancelPage(view, language) : null));

  void server.register(async (scope) => {
    // A form without fields: there is nothing to read.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, _body, done) => done(null, undefined));
    // Before the body is read: what another site posts is not ours.
    scope.addHook('onRequest', async (request) => refuseOtherSites(request, context.publicUrl));
    scope.post('/checkout/:id/cancel', async (request, reply) => {
      const found = await findOrder(context, (request.params as { id: string }).id);
      if (found === undefined) return notFound(request, reply);
      const view = viewOf(found, request);
      if (mayCancel(view)) await cancelUnlessMovedOn(context, found);
      const lang = langQuery(request);
      return reply.redirect(`${view.basePath}/checkout/${view.uuid}${lang === '' ? '?' : `${lang}&`}cancelled=1`, 303);
    });
  });

  if (streams !== undefined)
    server.get('/checkout/:id/events', async (request, reply) => orderEvents({ context, streams, notFound }, request, reply));
  // Whatever else stands there is no order either: cut off, or with more behind it.
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

/** A buyer may cancel what is not yet wholly seen. */
function mayCancel({ status, blockchainStatus }: CheckoutView): boolean {
  return status === 'pending' && (blockchainStatus === 'pending' || blockchainStatus === 'partial');
}

async function cancelUnlessMovedOn(context: OrderChangeContext, { order }: OrderInContext): Promise<void> {
  try {
    await cancelOrder(context, order.terms.id);
  } catch (error) {
    // It was paid, or came to its end, in this very moment: its page says so.
    if (!(error instanceof ContractError && error.code === '3001')) throw error;
  }
}

/** Browsers say so of every page that they load into a frame (Fetch Metadata, "Sec-Fetch-Dest"). */
function isFramed({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-dest'] === 'iframe';
}

function queryOf(request: FastifyRequest): Query {
  return request.query ?? {};
}

function languageOf(request: FastifyRequest): Language {
  return pickLanguage(queryOf(request).lang, request.headers['accept-language']);
}

function langQuery(request: FastifyRequest): string {
  return queryOf(request).lang === undefined ? '' : `?lang=${languageOf(request).tag}`;
}

async function notFound(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.code(404).headers({ ...PAGE_HEADERS, 'content-security-policy': contentSecurityPolicy() });
  return sendCompressed(request, reply, renderNotFoundPage(languageOf(request)));
}
