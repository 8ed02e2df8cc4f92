/** The feed of events. */
import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from '../services/context.ts';
import type { LoginContext } from '../services/login.ts';
import { readEvents } from '../services/read-events.ts';
import { apiRoute } from './api-route.ts';
import { authenticate } from './authenticate.ts';
import { parseEventsQuery } from './parse-events-query.ts';

export function eventRoutes(server: FastifyInstance, context: ServiceContext & LoginContext): void {
  apiRoute(server, '/events', {
    GET: async (request) => {
      const pos = await authenticate(context, request);
      return readEvents(context, pos.id, parseEventsQuery(request.query));
    },
  });
}
