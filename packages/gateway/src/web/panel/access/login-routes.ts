/** The login and logout of the panel. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { renderLoginPage } from '@webpos/web';
import type { PeopleContext } from '../../../services/people/people-context.ts';
import { endSession, openOperatorSession, type SessionPlace } from '../../../services/people/sessions.ts';
import { redirectTo, sendPage } from '../panel-reply.ts';
import { isSameKey } from './panel-session.ts';
import type { PanelVisits } from './panel-visits.ts';

type Fields = Readonly<Record<string, string | undefined>>;

/** Where a request comes from. */
export function placeOf({ headers, caller }: FastifyRequest): SessionPlace {
  return { userAgent: headers['user-agent'] ?? '', address: caller?.address ?? '' };
}

export function loginRoutes(server: FastifyInstance, context: PeopleContext, visits: PanelVisits): void {
  server.get('/panel/login', async (request, reply) => {
    if ((await visits.of(request)) !== undefined) return redirectTo(reply, visits.basePath, '/panel');
    return sendPage(request, reply, renderLoginPage({ basePath: visits.basePath, isWrong: false }));
  });
  server.post('/panel/login', async (request, reply) => {
    const { code = '' } = (request.body ?? {}) as Fields;
    const { caller } = request;
    caller?.limits?.guess(caller.address, 'panel');
    const opened = await openOperatorSession(context, code, placeOf(request));
    if (opened !== undefined) {
      visits.begin(reply, opened);
      return redirectTo(reply, visits.basePath, '/panel');
    }
    const tooMany = caller?.limits?.failure(caller.address, 'panel');
    if (tooMany !== undefined) throw tooMany;
    return sendPage(request, reply.code(401), renderLoginPage({ basePath: visits.basePath, isWrong: true }));
  });
  server.post('/panel/logout', async (request, reply) => {
    const visit = await visits.of(request);
    const { form_key: formKey } = (request.body ?? {}) as Fields;
    if (visit !== undefined && isSameKey(visit.formKey, formKey)) {
      await endSession(context, visit.viewer.actor, visit.session.id);
      visits.end(reply);
    }
    return redirectTo(reply, visits.basePath, '/panel/login');
  });
}
