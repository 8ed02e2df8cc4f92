/**
 * Serves the description of the panel's API at `/panel/api/openapi.json`. It needs no token, like the description of the shops' API: it
 * says what every gateway of this version can do, and nothing about this one except its URL.
 */
import type { FastifyInstance } from 'fastify';
import { apiRoute } from '../../../http/api-route.ts';
import { TaggedText } from '../../../http/tagged-text.ts';
import type { PanelRoute } from '../panel-router.ts';

/**
 * @param routes May still grow until the server is ready.
 * @param publicUrl Called at the first request, because the port may not be known before.
 */
export function panelOpenApiRoute(server: FastifyInstance, routes: readonly PanelRoute[], publicUrl: () => string): void {
  let made: Promise<TaggedText> | undefined;
  apiRoute(server, '/panel/api/openapi.json', {
    GET: async (request, reply) => {
      made ??= makeText(routes, publicUrl());
      return (await made).send(request, reply, 'application/json');
    },
  });
}

async function makeText(routes: readonly PanelRoute[], publicUrl: string): Promise<TaggedText> {
  const { describedRoutes, panelDocument } = await import('./panel-document.ts');
  return new TaggedText(JSON.stringify(panelDocument(await describedRoutes(routes), publicUrl)));
}
