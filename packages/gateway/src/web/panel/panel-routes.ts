/**
 * The panel: the pages of people who work with the gateway, and its API. Every subject registers its routes on one router, which checks
 * who may use them.
 */
import type { FastifyInstance } from 'fastify';
import { validationError } from '../../contract/contract-error.ts';
import { MAX_LOGO_BYTES } from '../../merchants/logo-image.ts';
import type { PeopleContext } from '../../services/people/people-context.ts';
import { readForms } from '../shared/read-forms.ts';
import { refuseOtherSites } from '../shared/refuse-other-sites.ts';
import { confirmRoutes } from './access/confirm-routes.ts';
import { loginRoutes } from './access/login-routes.ts';
import { welcomeRoutes } from './access/welcome-routes.ts';
import { auditApiRoutes } from './people/audit-api-routes.ts';
import { auditRoutes } from './people/audit-routes.ts';
import { peopleApiRoutes } from './people/people-api-routes.ts';
import { peopleRoutes } from './people/people-routes.ts';
import { profileRoutes } from './people/profile-routes.ts';
import { FailedLogins } from '../../services/people/failed-logins.ts';
import { PasswordLanes } from '../../services/people/password-lanes.ts';
import { PanelTokens } from './access/panel-tokens.ts';
import { PanelVisits } from './access/panel-visits.ts';
import { callbackApiRoutes, type CallbackApiOptions } from './callbacks/callback-api-routes.ts';
import { callbackRoutes } from './callbacks/callback-routes.ts';
import type { CallbackPagesOptions } from './callbacks/callback-views.ts';
import { orderRoutes, type OrderPagesOptions } from './orders/order-routes.ts';
import { dashboardRoutes, type DashboardOptions } from './dashboard/dashboard-routes.ts';
import { SessionWatch } from './live/session-watch.ts';
import { orderApiRoutes } from './orders/order-api-routes.ts';
import { orderEventsRoute, type OrderEventsOptions } from './orders/order-events.ts';
import { refundApiRoutes } from './refunds/refund-api-routes.ts';
import { refundRoutes } from './refunds/refund-routes.ts';
import type { RefundPagesContext } from './refunds/send-psbt.ts';
import type { RefundContext } from '../../services/refunds/refund-context.ts';
import { FrameSource } from './frame-source.ts';
import { panelOpenApiRoute } from './openapi/panel-openapi-route.ts';
import { notificationApiRoutes } from './notifications/notification-api-routes.ts';
import { notificationLinkRoutes } from './notifications/notification-link-routes.ts';
import { notificationRoutes, type NotificationPagesOptions } from './notifications/notification-routes.ts';
import { linkApiRoutes } from './links/link-api-routes.ts';
import { linkRoutes, type LinkPanelOptions } from './links/link-routes.ts';
import { walletRoutes, type WalletOptions } from './wallets/wallet-routes.ts';
import { reportApiRoutes } from './reports/report-api-routes.ts';
import { reportRoutes, type ReportPagesOptions } from './reports/report-routes.ts';
import type { SettingsOptions } from './settings/settings-options.ts';
import { settingsApiRoutes } from './settings/settings-api-routes.ts';
import { settingsRoutes } from './settings/settings-routes.ts';
import { readMultipart } from './settings/multipart.ts';
import { PanelRouter, takesFiles, type PanelRoute } from './panel-router.ts';

export interface PanelOptions
  extends
    CallbackPagesOptions,
    CallbackApiOptions,
    ReportPagesOptions,
    SettingsOptions,
    NotificationPagesOptions,
    OrderPagesOptions,
    OrderEventsOptions,
    DashboardOptions {
  readonly context: CallbackPagesOptions['context'] &
    CallbackApiOptions['context'] &
    ReportPagesOptions['context'] &
    SettingsOptions['context'] &
    OrderPagesOptions['context'] &
    DashboardOptions['context'] &
    PeopleContext &
    RefundContext &
    WalletOptions['context'] &
    LinkPanelOptions['context'];
  readonly redelivery: CallbackApiOptions['redelivery'];
  readonly isSandbox: boolean;
  /** Says which outputs are unspent. */
  readonly source: RefundPagesContext['source'];
}

/** Registers every route of the panel, and returns them, once the server is ready, as the table of who may do what. */
export function panelRoutes(server: FastifyInstance, options: PanelOptions): readonly PanelRoute[] {
  const { context } = options;
  const routes: PanelRoute[] = [];
  void server.register(async (pages) => {
    acceptOwnForms(pages, context);
    const visits = new PanelVisits(context);
    const frames = new FrameSource(options);
    const access = { context, visits, lanes: new PasswordLanes(), failed: new FailedLogins(context) };
    const confirm = { ...access, frames };
    const panel = new PanelRouter({
      pages,
      api: server,
      visits,
      tokens: new PanelTokens(context),
      frames,
      confirm,
    });
    loginRoutes(pages, access);
    welcomeRoutes(pages, access);
    confirmRoutes(pages, confirm);
    peopleRoutes(panel, context);
    peopleApiRoutes(panel, context);
    profileRoutes(panel, access);
    auditRoutes(panel, context);
    auditApiRoutes(panel, context);
    dashboardRoutes(panel, options);
    const sessions = new SessionWatch();
    pages.addHook('onClose', async () => sessions.close());
    orderRoutes(panel, options);
    orderEventsRoute(panel, options, sessions);
    orderApiRoutes(panel, options);
    callbackRoutes(panel, options);
    callbackApiRoutes(panel, options);
    linkRoutes(panel, options);
    linkApiRoutes(panel, options);
    reportRoutes(panel, options);
    reportApiRoutes(panel, options);
    settingsRoutes(panel, options);
    settingsApiRoutes(panel, options);
    notificationRoutes(panel, options);
    notificationApiRoutes(panel, options);
    notificationLinkRoutes(pages, visits, options);
    walletRoutes(panel, options);
    const refunds = refundPages(options);
    refundRoutes(panel, refunds);
    refundApiRoutes(panel, refunds);
    panelOpenApiRoute(server, panel.routes, () => context.publicUrl);
    routes.push(...panel.routes);
  });
  return routes;
}

/** Without the public URL, which is not known yet. */
function refundPages({ context, source }: PanelOptions): RefundPagesContext {
  const { store, clock, newUuid, keys, guard, network, rates } = context;
  return { store, clock, newUuid, keys, guard, network, rates, source, ordersChanged: (ids) => context.ordersChanged(ids) };
}

/** Accepts the bodies of HTML forms only, and only from pages of this gateway. */
function acceptOwnForms(pages: FastifyInstance, context: Pick<PanelOptions['context'], 'publicUrl'>): void {
  pages.removeAllContentTypeParsers();
  readForms(pages);
  // Only where a form takes an image, and hardly more than an image may have.
  pages.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: MAX_LOGO_BYTES + 4_096 },
    (request, body, done) => {
      if (!takesFiles(request)) return done(validationError({ form: ['takes no file'] }));
      try {
        done(null, readMultipart(request.headers['content-type'] ?? '', body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    },
  );
  pages.addHook('onRequest', async (request) => {
    if (request.method === 'POST') refuseOtherSites(request, context.publicUrl);
  });
}
