/** `/` as a page for people. A program that asks for it is told, as ever, that there is nothing. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ContractError } from '../../contract/contract-error.ts';
import { acceptsHtml } from '../../http/accepts-html.ts';
import { sendCompressed } from '../../http/send-compressed.ts';
import { basePathOf } from '../../kernel/base-path.ts';
import { renderHomePage, renderNoPage, STYLE, type HomeLink } from './home-page.ts';

export type { HomeLink } from './home-page.ts';

export interface HomeOptions {
  readonly context: { readonly publicUrl: string };
  readonly isSandbox: boolean;
  /** Whether the gateway may be relied on now. */
  readonly isReady: () => Promise<boolean>;
  /** What runs beside the gateway. */
  readonly links: () => readonly HomeLink[];
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
};

export function homeRoutes(server: FastifyInstance, { context, isSandbox, isReady, links }: HomeOptions): void {
  server.get('/', async (request, reply) => {
    if (!acceptsHtml(request)) throw new ContractError('3001', 'nothing exists at this path');
    const basePath = basePathOf(context.publicUrl);
    const page = renderHomePage({ basePath, isSandbox, isReady: await isReady(), links: links() });
    return sendCompressed(request, reply.headers(HEADERS), page);
  });
}

/** Answers a browser that asks for a path which does not exist; false: a program asks. */
export function answerNoPage(
  { context, isSandbox }: Pick<HomeOptions, 'context' | 'isSandbox'>,
  request: FastifyRequest,
  reply: FastifyReply,
): boolean {
  if (!acceptsHtml(request)) return false;
  const page = renderNoPage({ basePath: basePathOf(context.publicUrl), isSandbox });
  void sendCompressed(request, reply.code(404).headers(HEADERS), page);
  return true;
}
