/**
 * The panel: the pages of people who work with the gateway, and its API. Every subject registers its routes on one router, which checks
 * who may use them.
 */
import type { FastifyInstance } from 'fastify';
import type { PeopleContext } from '../../services/people/people-context.ts';
import { refuseOtherSites } from '../shared/refuse-other-sites.ts';
import { loginRoutes } from './access/login-routes.ts';
import { PanelTokens } from './access/panel-tokens.ts';
import { PanelVisits } from './access/panel-visits.ts';
import { callbackApiRoutes, type CallbackApiOptions } from './callbacks/callback-api-routes.ts';
import { callbackRoutes } from './callbacks/callback-routes.ts';
import type { CallbackPagesOptions } from './callbacks/callback-views.ts';
import { FrameSource } from './frame-source.ts';
import { panelOpenApiRoute } from './openapi/panel-openapi-route.ts';
import { redirectTo } from './panel-reply.ts';
import { PanelRouter, type PanelRoute } from './panel-router.ts';

export interface PanelOptions extends CallbackPagesOptions, CallbackApiOptions {
  readonly context: CallbackPagesOptions['context'] & CallbackApiOptions['context'] & PeopleContext;
  readonly redelivery: CallbackApiOptions['redelivery'];
  readonly isSandbox: boolean;
}

/** Registers every route of the panel, and returns them, once the server is ready, as the table of who may do what. */
export function panelRoutes(server: FastifyInstance, options: PanelOptions): readonly PanelRoute[] {
  const { context } = options;
  const routes: PanelRoute[] = [];
  void server.register(async (pages) => {
    acceptOwnForms(pages, context);
    const visits = new PanelVisits(context);
    const panel = new PanelRouter({
      pages,
      api: server,
      visits,
      tokens: new PanelTokens(context),
      frames: new FrameSource(options),
    });
    loginRoutes(pages, context, visits);
    pages.get('/panel', async (_request, reply) => redirectTo(reply, visits.basePath, '/panel/callbacks'));
    callbackRoutes(panel, options);
    callbackApiRoutes(panel, options);
    panelOpenApiRoute(server, panel.routes, () => context.publicUrl);
    routes.push(...panel.routes);
  });
  return routes;
}

/** Accepts the bodies of HTML forms only, and only from pages of this gateway. */
function acceptOwnForms(pages: FastifyInstance, context: Pick<PanelOptions['context'], 'publicUrl'>): void {
  pages.removeAllContentTypeParsers();
  pages.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
  pages.addHook('onRequest', async (request) => {
    if (request.method === 'POST') refuseOtherSites(request, context.publicUrl);
  });
}
