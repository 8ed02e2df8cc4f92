/** Serves the description of the API: `/openapi.json` for programs, `/docs` for people. */
import type { FastifyInstance } from 'fastify';
import { apiRoute } from '../../http/api-route.ts';
import { TaggedText } from '../../http/tagged-text.ts';

interface Texts {
  readonly json: TaggedText;
  readonly page: TaggedText;
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
      return (await texts()).json.send(request, reply, 'application/json');
    },
  });
  server.get('/docs', async (request, reply) => {
    const { page, policy } = await texts();
    reply.headers({ 'content-security-policy': policy, 'referrer-policy': 'no-referrer' });
    return page.send(request, reply, 'text/html; charset=utf-8');
  });
}

/** Builds both texts on demand, because the schema library is a third of all files that a start would load. */
async function makeTexts(publicUrl: string): Promise<Texts> {
  const [{ openApiDocument }, { renderDocsPage, docsPolicy }] = await Promise.all([
    import('./document.ts'),
    import('./docs-page/render-docs-page.ts'),
  ]);
  const document = openApiDocument(publicUrl);
  return { json: new TaggedText(JSON.stringify(document)), page: new TaggedText(renderDocsPage(document)), policy: docsPolicy };
}
