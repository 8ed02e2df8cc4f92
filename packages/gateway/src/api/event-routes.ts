/** The feed of events, and a test event that a shop has sent to itself. */
import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from '../services/context.ts';
import { validationError } from '../services/contract-error.ts';
import type { LoginContext } from '../services/login.ts';
import { readEvents } from '../services/read-events.ts';
import { NoCallbackUrlError, sendTestCallback, testCallbackSummary } from '../services/send-test-callback.ts';
import { apiRoute } from './api-route.ts';
import { authenticate } from './authenticate.ts';
import { parseEventsQuery } from './parse-events-query.ts';

export interface EventRoutesOptions {
  readonly context: ServiceContext & LoginContext;
  readonly dangerouslyAllowPrivateCallbacks: boolean;
}

export function eventRoutes(server: FastifyInstance, { context, dangerouslyAllowPrivateCallbacks }: EventRoutesOptions): void {
  apiRoute(server, '/events', {
    GET: async (request) => {
      const pos = await authenticate(context, request);
      return readEvents(context, pos.id, parseEventsQuery(request.query));
    },
  });
  apiRoute(server, '/events/test', {
    POST: async (request) => {
      const pos = await authenticate(context, request);
      try {
        // Nowhere else: who has a token of a shop is not to try out addresses from here.
        return testCallbackSummary(await sendTestCallback({ ...context, dangerouslyAllowPrivateCallbacks }, pos, undefined));
      } catch (error) {
        if (error instanceof NoCallbackUrlError) throw validationError({ callback_url: ['must be set at the POS'] });
        throw error;
      }
    },
  });
}
