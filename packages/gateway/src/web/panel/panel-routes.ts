/**
 * The panel: pages for those who run the gateway. Who may see them is decided by `services/operator/panel-access.ts`. Nothing on them
 * needs a script; what changes something is a form of the page's own session.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { panelSecurityPolicy, renderCallbackPage, renderCallbacksPage, renderLoginPage, type PanelNote } from '@webpos/web';
import { basePathOf } from '../../kernel/base-path.ts';
import { plusMs } from '../../kernel/clock.ts';
import { isUuidV4, type CallbackId, type PosId } from '../../kernel/ids.ts';
import { NoCallbackError } from '../../services/callbacks/callback-log.ts';
import { VerifiedSecrets } from '../../services/merchants/verified-secrets.ts';
import { closeSession, mayEnter, openSession } from '../../services/operator/panel-access.ts';
import { redeliverCallback, redeliverFailed, RedeliveryError } from '../../services/callbacks/redeliver-callback.ts';
import { NoCallbackUrlError, testCallbackSummary } from '../../services/callbacks/send-test-callback.ts';
import { refuseOtherSites } from '../shared/refuse-other-sites.ts';
import { formKeyOf, isFormKeyOf, readSession, setSession, type PanelPlace } from './panel-session.ts';
import { callbacksView, callbackView, noteOf, queryOfNote, type PanelOptions, type Visit } from './panel-views.ts';
import { sendCompressed } from '../../http/send-compressed.ts';

type Fields = Readonly<Record<string, string | undefined>>;
type Work = (visit: Visit, fields: Fields, params: Fields) => Promise<string | { readonly html: string } | undefined>;

const MAX_PERIOD_S = 366 * 86_400;

export function panelRoutes(server: FastifyInstance, options: PanelOptions): void {
  const { context } = options;
  const known = new VerifiedSecrets();
  const place = (): PanelPlace => ({ isHttps: context.publicUrl.startsWith('https:'), basePath: base() });
  const base = (): string => basePathOf(context.publicUrl);
  const to = (reply: FastifyReply, path: string): FastifyReply => reply.redirect(`${base()}${path}`, 303);

  const visitOf = async (request: FastifyRequest): Promise<(Visit & { readonly session: string }) | undefined> => {
    const session = readSession(request, place());
    if (session === undefined || session === '') return undefined;
    const { address = '', limits } = request.caller ?? {};
    if (!known.has(session)) limits?.guess(address, undefined);
    if (!(await mayEnter(context, 'session', session))) {
      const tooMany = limits?.failure(address, undefined);
      if (tooMany !== undefined) throw tooMany;
      return undefined;
    }
    known.add(session);
    return { session, basePath: base(), formKey: formKeyOf(session), note: noteOf(request.query) };
  };

  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(body as string))),
    );
    scope.addHook('onRequest', async (request) => {
      if (request.method === 'POST') refuseOtherSites(request, context.publicUrl);
    });

    const page = (path: string, render: (visit: Visit, request: FastifyRequest) => Promise<string | undefined>): void => {
      scope.get(path, async (request, reply) => {
        const visit = await visitOf(request);
        if (visit === undefined) return to(reply, '/panel/login');
        const html = await render(visit, request);
        return html === undefined ? to(reply, '/panel/callbacks') : sendPage(request, reply, html);
      });
    };
    /** Answers with a page, or goes to a path. */
    const button = (path: string, work: Work): void => {
      scope.post(path, async (request, reply) => {
        const visit = await visitOf(request);
        if (visit === undefined) return to(reply, '/panel/login');
        const fields = (request.body ?? {}) as Fields;
        if (!isFormKeyOf(visit.session, fields['form_key'])) return to(reply, '/panel/callbacks?note=stale');
        const done = await work(visit, fields, request.params as Fields);
        return typeof done === 'object' ? sendPage(request, reply, done.html) : to(reply, done ?? '/panel/callbacks');
      });
    };

    scope.get('/panel', async (_request, reply) => to(reply, '/panel/callbacks'));
    scope.get('/panel/login', async (request, reply) => {
      if ((await visitOf(request)) !== undefined) return to(reply, '/panel/callbacks');
      return sendPage(request, reply, renderLoginPage({ basePath: base(), isWrong: false }));
    });
    scope.post('/panel/login', async (request, reply) => {
      const { code = '' } = (request.body ?? {}) as Fields;
      request.caller?.limits?.guess(request.caller.address, 'panel');
      const opened = await openSession(context, code);
      if (opened !== undefined) {
        known.add(opened.secret);
        setSession(reply, opened.secret, place());
        return to(reply, '/panel/callbacks');
      }
      const tooMany = request.caller?.limits?.failure(request.caller.address, 'panel');
      if (tooMany !== undefined) throw tooMany;
      return sendPage(request, reply.code(401), renderLoginPage({ basePath: base(), isWrong: true }));
    });
    scope.post('/panel/logout', async (request, reply) => {
      const visit = await visitOf(request);
      if (visit !== undefined && isFormKeyOf(visit.session, ((request.body ?? {}) as Fields)['form_key'])) {
        await closeSession(context, visit.session);
        setSession(reply, '', place());
      }
      return to(reply, '/panel/login');
    });

    page('/panel/callbacks', async (visit, { query }) =>
      renderCallbacksPage(await callbacksView(options, visit, query as Fields)),
    );
    page('/panel/callbacks/:callback', async (visit, { params }) => {
      const { callback: id = '' } = params as Fields;
      const view = await callbackView(options, visit, id);
      return view && renderCallbackPage(view);
    });
    button('/panel/callbacks/:callback/redeliver', async (_visit, _fields, { callback: id = '' }) => {
      const note = await redeliver(options, id);
      return note && `/panel/callbacks/${id}?${queryOfNote(note)}`;
    });
    button('/panel/callbacks/redeliver', async (_visit, { within_s: text = '' }) => {
      const withinS = /^\d{1,8}$/.test(text) ? Math.min(Number(text), MAX_PERIOD_S) : 0;
      const endedSince = plusMs(context.clock.now(), -withinS * 1000);
      const many = await redeliverFailed(context, { endedSince, posId: undefined, endpoint: undefined });
      return `/panel/callbacks?${queryOfNote({ kind: 'many', ...many })}`;
    });
    // Its outcome is on the page that answers: no address of a page says what an endpoint has said.
    button('/panel/callbacks/test', async (visit, { pos = '' }) => {
      const note = await test(options, pos);
      return note && { html: renderCallbacksPage(await callbacksView(options, { ...visit, note }, {})) };
    });
  });
}

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

async function test(options: PanelOptions, posId: string): Promise<PanelNote | undefined> {
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

async function sendPage(request: FastifyRequest, reply: FastifyReply, html: string): Promise<FastifyReply> {
  reply.headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': panelSecurityPolicy,
    'cache-control': 'no-store',
    // A page that opened this one in a window, or is opened by it, has no hold of it.
    'cross-origin-opener-policy': 'same-origin',
    'x-robots-tag': 'noindex',
  });
  return sendCompressed(request, reply, html);
}
