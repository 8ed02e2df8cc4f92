/** The description of the API: `/openapi.json` for programs, `/docs` for people. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { apiRoute } from './api-route.ts';
import { renderDocsPage, docsPolicy } from './docs-page/render-docs-page.ts';
import { openApiDocument } from './openapi/document.ts';

interface Text {
  readonly text: string;
  readonly etag: string;
}

/** @param publicUrl Asked when the first request comes: the port may not be known before. */
export function openApiRoutes(server: FastifyInstance, publicUrl: () => string): void {
  let made: { json: Text; page: Text } | undefined;
  const texts = (): { json: Text; page: Text } => {
    const document = openApiDocument(publicUrl());
    return (made ??= { json: tagged(JSON.stringify(document)), page: tagged(renderDocsPage(document)) });
  };
  apiRoute(server, '/openapi.json', {
    GET: async (request, reply) => {
      reply.header('access-control-allow-origin', '*');
      return sendTagged(request, reply, 'application/json; charset=utf-8', texts().json);
    },
  });
  server.get('/docs', async (request, reply) => {
    reply.headers({ 'content-security-policy': docsPolicy, 'referrer-policy': 'no-referrer' });
    return sendTagged(request, reply, 'text/html; charset=utf-8', texts().page);
  });
}

function tagged(text: string): Text {
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"` };
}

/** With an ETag, and without the text for whoever has it already (RFC 9110, 13.1.2). */
function sendTagged(request: FastifyRequest, reply: FastifyReply, contentType: string, { text, etag }: Text): FastifyReply {
  reply.headers({ etag, 'cache-control': 'no-cache' });
  const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(etag) || known.includes('*')) return reply.code(304).send();
  return reply.header('content-type', contentType).send(text);
}
