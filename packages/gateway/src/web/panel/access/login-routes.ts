/** The login and logout of the panel. */
import type { FastifyInstance } from 'fastify';
import { renderLoginPage } from '@webpos/web';
import type { StoreContext } from '../../../services/context.ts';
import { closeSession, openSession } from '../../../services/people/panel-access.ts';
import { redirectTo, sendPage } from '../panel-reply.ts';
import { isFormKeyOf } from './panel-session.ts';
import type { PanelVisits } from './panel-visits.ts';

type Fields = Readonly<Record<string, string | undefined>>;

export function loginRoutes(server: FastifyInstance, context: StoreContext, visits: PanelVisits): void {
  server.get('/panel/login', async (request, reply) => {
    if ((await visits.of(request)) !== undefined) return redirectTo(reply, visits.basePath, '/panel');
    return sendPage(request, reply, renderLoginPage({ basePath: visits.basePath, isWrong: false }));
  });
  server.post('/panel/login', async (request, reply) => {
    const { code = '' } = (request.body ?? {}) as Fields;
    const { caller } = request;
    caller?.limits?.guess(caller.address, 'panel');
    const opened = await openSession(context, code);
    if (opened !== undefined) {
      visits.begin(reply, opened.secret);
      return redirectTo(reply, visits.basePath, '/panel');
    }
    const tooMany = caller?.limits?.failure(caller.address, 'panel');
    if (tooMany !== undefined) throw tooMany;
    return sendPage(request, reply.code(401), renderLoginPage({ basePath: visits.basePath, isWrong: true }));
  });
  server.post('/panel/logout', async (request, reply) => {
    const visit = await visits.of(request);
    const { form_key: formKey } = (request.body ?? {}) as Fields;
    if (visit !== undefined && isFormKeyOf(visit.session, formKey)) {
      await closeSession(context, visit.session);
      visits.end(reply);
    }
    return redirectTo(reply, visits.basePath, '/panel/login');
  });
}
