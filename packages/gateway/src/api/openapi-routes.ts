/** The description of the API: `/openapi.json` for programs, `/docs` for people. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { apiRoute } from './api-route.ts';

interface Text {
  readonly text: string;
  readonly etag: string;
}

interface Texts {
  readonly json: Text;
  readonly page: Text;
  /** Content-Security-Policy of the page. */
  readonly policy: string;
}

/** @param publicUrl Asked when the first request comes: the port may not be known before. */
export function openApiRoutes(server: FastifyInstance, publicUrl: () => string): void {
  let made: Promise<Texts> | undefined;
  const texts = (): Promise<Texts> => (made ??= makeTexts(publicUrl()));
  apiRoute(server, '/openapi.json', {
    GET: async (request, reply) => {
      reply.header('access-control-allow-origin', '*');
      return sendTagged(request, reply, 'application/json; charset=utf-8', (await texts()).json);
    },
  });
  server.get('/docs', async (request, reply) => {
    const { page, policy } = await texts();
    reply.headers({ 'content-security-policy': policy, 'referrer-policy': 'no-referrer' });
    return sendTagged(request, reply, 'text/html; charset=utf-8', page);
  });
}

/** What the schemas are made of takes a third of the files of a start, and is loaded by the first who asks. */
async function makeTexts(publicUrl: string): Promise<Texts> {
  const [{ openApiDocument }, { renderDocsPage, docsPolicy }] = await Promise.all([
    import('./openapi/document.ts'),
    import('./docs-page/render-docs-page.ts'),
  ]);
  const document = openApiDocument(publicUrl);
  return { json: tagged(JSON.stringify(document)), page: tagged(renderDocsPage(document)), policy: docsPolicy };
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
