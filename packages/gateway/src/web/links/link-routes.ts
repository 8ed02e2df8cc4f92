/**
 * The public pages of payment links. Anyone may open one from anywhere; only its own form opens an order, by POST. The order's checkout
 * page takes over from there.
 */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  contentSecurityPolicy,
  LANGUAGES,
  numbersOf,
  pickReader,
  renderClosedLinkPage,
  renderLinkPage,
  type ClosedLink,
  type LinkPageFault,
  type Reader,
} from '@webpos/web';
import { ContractError } from '../../contract/contract-error.ts';
import { sendCompressed } from '../../http/send-compressed.ts';
import { basePathOf } from '../../kernel/base-path.ts';
import { availability } from '../../links/availability.ts';
import { payableAmount, type PayableAmount } from '../../links/payable-amount.ts';
import type { PaymentLink } from '../../links/payment-link.ts';
import { readBuyerNote } from '../../links/read-note.ts';
import { readTypedAmount } from '../../links/typed-amount.ts';
import type { Pos } from '../../merchants/pos.ts';
import { openOrderFromLink, type LinkOrderContext, type LinkPurchase } from '../../services/links/open-order.ts';
import { findLink, placesOf } from '../../services/links/read-links.ts';
import { readOwnForms } from '../shared/read-forms.ts';
import { linkFrame, linkView } from './link-view.ts';

export interface LinkPagesOptions {
  readonly context: LinkOrderContext;
  readonly isSandbox: boolean;
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
};

const STATUSES: Readonly<Record<ClosedLink, number>> = { unknown: 404, disabled: 410, expired: 410, sold_out: 410, busy: 429 };
const BUSY_RETRY_AFTER_S = 60;

/** A note of 300 characters of four bytes each, percent-encoded, and the rest. */
const MAX_FORM_BYTES = 8_192;

interface FoundLink {
  readonly link: PaymentLink;
  readonly pos: Pos;
}

export function linkRoutes(server: FastifyInstance, options: LinkPagesOptions): void {
  const { context } = options;
  server.get('/l/:name', async (request, reply) => {
    const found = await findLink(context, nameOf(request));
    if (found === undefined) return sendClosed(options, request, reply, 'unknown');
    const { link, pos } = found;
    const available = availability(link, pos, await placesOf(context, link), context.clock.now());
    if (available !== 'available') return sendClosed(options, request, reply, available, pos);
    return sendForm(options, request, reply, found, null);
  });
  // Links that are cut off, or have more at their end, lead to no link either.
  server.get('/l/*', async (request, reply) => sendClosed(options, request, reply, 'unknown'));
  void server.register(async (scope) => {
    // Only somebody who sees the page opens an order.
    readOwnForms(scope, context, MAX_FORM_BYTES);
    scope.post('/l/:name', async (request, reply) => submit(options, request, reply));
  });
}

async function submit(options: LinkPagesOptions, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { context } = options;
  const found = await findLink(context, nameOf(request));
  if (found === undefined) return sendClosed(options, request, reply, 'unknown');
  const { link, pos } = found;
  const purchase = purchaseOf(link, request);
  if ('fault' in purchase) return sendForm(options, request, reply.code(422), found, purchase.fault);
  try {
    request.caller?.limits?.linkOrder(request.caller.address, link.id);
    const opened = await openOrderFromLink(context, link, pos, purchase);
    if (opened.kind !== 'ordered')
      return await sendClosed(options, request, reply, opened.kind === 'busy' ? 'busy' : opened.why, pos);
    const path = `${basePathOf(context.publicUrl)}/checkout/${opened.orderId}${languageQuery(request)}`;
    return await reply.redirect(path, 303);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    if (error.code === '2000') return sendClosed(options, request, reply, 'busy', pos, error.retryAfterS);
    const isAmount = error.fields?.['amount'] !== undefined && link.price.kind === 'open';
    const fault: LinkPageFault = isAmount ? { field: 'amount', kind: 'unpayable' } : { field: null };
    return sendForm(options, request, reply.code(isAmount ? 422 : 503), found, fault);
  }
}

/** Reads the form. */
function purchaseOf(link: PaymentLink, request: FastifyRequest): LinkPurchase | { readonly fault: LinkPageFault } {
  const { token, amount: typed, note } = formOf(request);
  const payable = payableAmount(link, readTypedAmount(typed, numbersOf(readerOf(request).locale).decimal));
  if (payable.kind !== 'amount') return { fault: amountFault(payable) };
  const read = link.takesNote ? readBuyerNote(note) : null;
  if (read === undefined) return { fault: { field: 'note' } };
  return { token: /^[\w-]{20,64}$/.test(token) ? token : newToken(), amount: payable.amount, note: read };
}

function amountFault(payable: Exclude<PayableAmount, { kind: 'amount' }>): LinkPageFault {
  return payable.kind === 'invalid'
    ? { field: 'amount', kind: 'invalid' }
    : { field: 'amount', kind: payable.kind, limit: payable.limit };
}

interface LinkForm {
  readonly token: string;
  readonly amount: string;
  readonly note: string;
}

function formOf({ body }: FastifyRequest): LinkForm {
  const fields = (body ?? {}) as Readonly<Record<string, unknown>>;
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  return { token: text('token'), amount: text('amount'), note: text('note') };
}

function newToken(): string {
  return randomBytes(18).toString('base64url');
}

function nameOf({ params }: FastifyRequest): string {
  return (params as { name: string }).name;
}

function readerOf({ query, headers }: FastifyRequest): Reader {
  return pickReader((query as { lang?: unknown } | undefined)?.lang, headers['accept-language']);
}

/** The language that the buyer has chosen, for the checkout page. */
function languageQuery({ query }: FastifyRequest): string {
  const lang = (query as { lang?: unknown } | undefined)?.lang;
  return LANGUAGES.some(({ tag }) => tag === lang) ? `?lang=${String(lang)}` : '';
}

async function sendForm(
  { context, isSandbox }: LinkPagesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  { link, pos }: FoundLink,
  fault: LinkPageFault | null,
): Promise<FastifyReply> {
  const { token, amount, note } = formOf(request);
  const view = linkView(link, pos, {
    publicUrl: context.publicUrl,
    isSandbox,
    // A form that was refused has opened no order, so that it may be sent again.
    token: fault === null || token === '' ? newToken() : token,
    typed: { amount: amount.slice(0, 100), note: note.slice(0, 1_000) },
    fault,
  });
  reply.headers({ ...PAGE_HEADERS, 'content-security-policy': contentSecurityPolicy({ accent: view.accent, origins: [] }) });
  return sendCompressed(request, reply, renderLinkPage(view, readerOf(request)));
}

async function sendClosed(
  { context }: LinkPagesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  why: ClosedLink,
  pos?: Pos,
  retryAfterS: number = BUSY_RETRY_AFTER_S,
): Promise<FastifyReply> {
  const frame = linkFrame(pos, context.publicUrl, pos === undefined ? '' : nameOf(request));
  reply
    .code(STATUSES[why])
    .headers({ ...PAGE_HEADERS, 'content-security-policy': contentSecurityPolicy({ accent: frame.accent, origins: [] }) });
  if (why === 'busy') reply.header('retry-after', String(retryAfterS));
  return sendCompressed(request, reply, renderClosedLinkPage(why, frame, readerOf(request)));
}
