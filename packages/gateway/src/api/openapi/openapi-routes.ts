/** Serves the description of the API: `/openapi.json` for programs, `/docs` for people. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { apiRoute } from '../../http/api-route.ts';
import { CompressedFile } from '../../http/send-compressed.ts';

interface Text {
  readonly file: CompressedFile;
  readonly etag: string;
}

interface Texts {
  readonly json: Text;
  readonly page: Text;
  /** The Content-Security-Policy of the page. */
  readonly policy: string;
}

/** @param publicUrl Called at the first request, because the port may not be known before. */
export function openApiRoutes(server: FastifyInstance, publicUrl: () => string): void {
  let made: Promise<Texts> | undefined;
  const texts = (): Promise<Texts> => (made ??= makeTexts(publicUrl()));
  apiRoute(server, '/openapi.json', {
    GET: async (request, reply) => {
      reply.header('access-control-allow-origin', '*');
      return sendTagged(request, reply, 'application/json', (await texts()).json);
    },
  });
  server.get('/docs', async (request, reply) => {
    const { page, policy } = await texts();
    reply.headers({ 'content-security-policy': policy, 'referrer-policy': 'no-referrer' });
    return sendTagged(request, reply, 'text/html; charset=utf-8', page);
  });
}

/** Builds both texts on demand, because the schema library is a third of all files that a start would load. */
async function makeTexts(publicUrl: string): Promise<Texts> {
  const [{ openApiDocument }, { renderDocsPage, docsPolicy }] = await Promise.all([
    import('./document.ts'),
    import('./docs-page/render-docs-page.ts'),
  ]);
  const document = openApiDocument(publicUrl);
  return { json: tagged(JSON.stringify(document)), page: tagged(renderDocsPage(document)), policy: docsPolicy };
}

function tagged(text: string): Text {
  // Weak, because the tag is the same for the compressed and the plain text (RFC 9110, 8.8.1).
  const etag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  return { file: new CompressedFile(text), etag };
}

/** Sends a text with its ETag, or 304 to a client that already has it (RFC 9110, 13.1.2). */
async function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  contentType: string,
  { file, etag }: Text,
): Promise<FastifyReply> {
  reply.headers({ etag, 'cache-control': 'no-cache', vary: 'accept-encoding' });
  const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^(?:W\/)?/, 'W/'));
  if (known.includes(etag) || known.includes('W/*')) return reply.code(304).send();
  return file.send(request, reply.header('content-type', contentType));
}
