/** The event feed, and test events that a shop requests for itself. */
import type { FastifyInstance } from 'fastify';
import type { Pos } from '../../merchants/pos.ts';
import { validationError } from '../../contract/contract-error.ts';
import type { LoginContext } from '../../services/merchants/login.ts';
import type { GuardedContext } from '../../services/context.ts';
import { END, readEvents, readEventsEnd } from '../../services/callbacks/read-events.ts';
import { NoCallbackUrlError, testCallbackSummary, type TestCallback } from '../../services/callbacks/send-test-callback.ts';
import { apiRoute } from '../../http/api-route.ts';
import { authenticate } from '../login/authenticate.ts';
import { parseEventsQuery } from './parse-events-query.ts';

export interface EventRoutesOptions {
  readonly context: LoginContext & GuardedContext;
  readonly sendTest?: (pos: Pos) => Promise<TestCallback>;
}

export function eventRoutes(server: FastifyInstance, { context, sendTest }: EventRoutesOptions): void {
  apiRoute(server, '/events', {
    GET: async (request) => {
      const pos = await authenticate(context, request);
      const { after, limit } = parseEventsQuery(request.query);
      return after === END ? readEventsEnd(context, pos.id) : readEvents(context, pos.id, { after, limit });
    },
  });
  if (sendTest === undefined) return;
  apiRoute(server, '/events/test', {
    POST: async (request) => {
      const pos = await authenticate(context, request);
      try {
        // Only to the callback URL of the POS: a shop must not probe other addresses from here.
        return testCallbackSummary(await sendTest(pos));
      } catch (error) {
        if (error instanceof NoCallbackUrlError) throw validationError({ callback_url: ['must be set at the POS'] });
        throw error;
      }
    },
  });
}
