/**
 * The panel: pages for operators. `services/operator/panel-access.ts` decides who may see them. They contain no scripts; everything that
 * changes something is a form with the key of its session.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { renderCallbackPage, renderCallbacksPage, type PanelNote } from '@webpos/web';
import { plusMs } from '../../kernel/clock.ts';
import { isUuidV4, type CallbackId, type PosId } from '../../kernel/ids.ts';
import { NoCallbackError } from '../../services/callbacks/callback-log.ts';
import { RedeliveryUnderWayError } from '../../services/callbacks/background-redelivery.ts';
import { redeliverCallback, RedeliveryError } from '../../services/callbacks/redeliver-callback.ts';
import type { FailedSince } from '../../services/callbacks/redeliver-failed.ts';
import { NoCallbackUrlError, testCallbackSummary } from '../../services/callbacks/send-test-callback.ts';
import { refuseOtherSites } from '../shared/refuse-other-sites.ts';
import { panelLoginRoutes } from './panel-login-routes.ts';
import { redirectTo, sendPage } from './panel-reply.ts';
import { isFormKeyOf } from './panel-session.ts';
import { callbacksView, callbackView, queryOfNote, type PanelOptions, type Visit } from './panel-views.ts';
import { PanelVisits } from './panel-visits.ts';

type Fields = Readonly<Record<string, string | undefined>>;
/** Renders a page; undefined if what it would show does not exist. */
type Render = (visit: Visit, request: FastifyRequest) => Promise<string | undefined>;
/** Handles a form, and returns the path to redirect to or the page to send; undefined for the list of callbacks. */
type Submit = (visit: Visit, fields: Fields, params: Fields) => Promise<string | { readonly html: string } | undefined>;

const MAX_PERIOD_S = 366 * 86_400;

export function panelRoutes(server: FastifyInstance, options: PanelOptions): void {
  void server.register(async (scope) => {
    acceptOwnForms(scope, options);
    const visits = new PanelVisits(options.context);
    scope.get('/panel', async (_request, reply) => redirectTo(reply, visits.basePath, '/panel/callbacks'));
    panelLoginRoutes(scope, options, visits);
    pages(scope, options, visits);
    forms(scope, options, visits);
  });
}

/** Accepts the bodies of HTML forms only, and only from pages of this gateway. */
function acceptOwnForms(scope: FastifyInstance, { context }: PanelOptions): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
  scope.addHook('onRequest', async (request) => {
    if (request.method === 'POST') refuseOtherSites(request, context.publicUrl);
  });
}

function pages(scope: FastifyInstance, options: PanelOptions, visits: PanelVisits): void {
  const page = (path: string, render: Render): void => {
    scope.get(path, async (request, reply) => {
      const visit = await visits.of(request);
      if (visit === undefined) return redirectTo(reply, visits.basePath, '/panel/login');
      const html = await render(visit, request);
      return html === undefined ? redirectTo(reply, visits.basePath, '/panel/callbacks') : sendPage(request, reply, html);
    });
  };
  page('/panel/callbacks', async (visit, { query }) => renderCallbacksPage(await callbacksView(options, visit, query as Fields)));
  page('/panel/callbacks/:callback', async (visit, { params }) => {
    const { callback: id = '' } = params as Fields;
    const view = await callbackView(options, visit, id);
    return view && renderCallbackPage(view);
  });
}

function forms(scope: FastifyInstance, options: PanelOptions, visits: PanelVisits): void {
  const { context } = options;
  const form = (path: string, submit: Submit): void => {
    scope.post(path, async (request, reply) => {
      const visit = await visits.of(request);
      if (visit === undefined) return redirectTo(reply, visits.basePath, '/panel/login');
      const fields = (request.body ?? {}) as Fields;
      if (!isFormKeyOf(visit.session, fields['form_key']))
        return redirectTo(reply, visits.basePath, '/panel/callbacks?note=stale');
      const result = await submit(visit, fields, request.params as Fields);
      return typeof result === 'object'
        ? sendPage(request, reply, result.html)
        : redirectTo(reply, visits.basePath, result ?? '/panel/callbacks');
    });
  };
  form('/panel/callbacks/:callback/redeliver', async (_visit, _fields, { callback: id = '' }) => {
    const note = await redeliver(options, id);
    return note && `/panel/callbacks/${id}?${queryOfNote(note)}`;
  });
  form('/panel/callbacks/redeliver', async (_visit, { within_s: text = '' }) => {
    const withinS = /^\d{1,8}$/.test(text) ? Math.min(Number(text), MAX_PERIOD_S) : 0;
    const endedSince = plusMs(context.clock.now(), -withinS * 1000);
    const note = await redeliverMany(options, { endedSince, posId: undefined, endpoint: undefined });
    return note && `/panel/callbacks?${queryOfNote(note)}`;
  });
  // The outcome is in the page itself, because an endpoint's answer must not appear in a URL.
  form('/panel/callbacks/test', async (visit, { pos = '' }) => {
    const note = await sendTest(options, pos);
    return note && { html: renderCallbacksPage(await callbacksView(options, { ...visit, note }, {})) };
  });
}

/** Makes a callback due, and returns a note about it; undefined if it does not exist. */
async function redeliver({ context }: PanelOptions, id: string): Promise<PanelNote | undefined> {
  if (!isUuidV4(id)) return undefined;
  try {
    const { blockedBy } = await redeliverCallback(context, id as CallbackId);
    return blockedBy === undefined ? { kind: 'due' } : { kind: 'waits', forUuid: blockedBy };
  } catch (error) {
    if (error instanceof RedeliveryError) return { kind: error.reason };
    if (error instanceof NoCallbackError) return undefined;
    throw error;
  }
}

/** Begins a redelivery, and returns a note about its outcome; undefined if the page that follows shows how far one is. */
async function redeliverMany({ redelivery }: PanelOptions, which: FailedSince): Promise<PanelNote | undefined> {
  try {
    const { state, due, busy, damaged } = await redelivery.start(which);
    return state === 'done' ? { kind: 'many', due, busy, damaged } : undefined;
  } catch (error) {
    if (error instanceof RedeliveryUnderWayError) return undefined;
    throw error;
  }
}

/** Sends a test event to a POS, and returns a note about the outcome; undefined if the POS does not exist. */
async function sendTest(options: PanelOptions, posId: string): Promise<PanelNote | undefined> {
  const pos = isUuidV4(posId) ? await options.context.store.pos.get(posId as PosId) : undefined;
  if (pos === undefined) return undefined;
  try {
    const { url, status, duration_ms: durationMs, error } = testCallbackSummary(await options.sendTest(pos));
    return { kind: 'test', url, status, durationMs, error };
  } catch (error) {
    if (error instanceof NoCallbackUrlError) return { kind: 'no_url' };
    throw error;
  }
}
