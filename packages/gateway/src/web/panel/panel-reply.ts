/** The answers of the panel: a page, or a redirect to another page. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { panelSecurityPolicy } from '@webpos/web';
import { sendCompressed } from '../../http/send-compressed.ts';

/** Redirects with 303, so that the browser requests the page with GET. */
export function redirectTo(reply: FastifyReply, basePath: string, path: string): FastifyReply {
  return reply.redirect(`${basePath}${path}`, 303);
}

export async function sendPage(request: FastifyRequest, reply: FastifyReply, html: string): Promise<FastifyReply> {
  reply.headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': panelSecurityPolicy,
    'cache-control': 'no-store',
    // Isolates the page from windows that open it, or that it opens.
    'cross-origin-opener-policy': 'same-origin',
    'x-robots-tag': 'noindex',
  });
  return sendCompressed(request, reply, html);
}
