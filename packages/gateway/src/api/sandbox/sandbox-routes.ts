/** The test endpoints, with which a shop drives an order through its life in the sandbox. In live mode they answer 3001. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CallbackList } from '@webpos/sdk/wire';
import { ContractError } from '../../contract/contract-error.ts';
import type { LoginContext } from '../../services/merchants/login.ts';
import { orderRetrieval, type OrderInContext } from '../../contract/order-wire.ts';
import { readOrderOfPos } from '../../services/orders/read-order.ts';
import { resetOrder } from '../../services/sandbox/reset-order.ts';
import type { GuardedContext } from '../../services/context.ts';
import type { Sandbox, SandboxContext } from '../../services/sandbox/sandbox.ts';
import { eventsNow, triggerEvent } from '../../services/sandbox/trigger-event.ts';
import { apiRoute, type Methods } from '../../http/api-route.ts';
import { authenticate } from '../login/authenticate.ts';
import { parseUpdate } from './parse-update.ts';

/** @param sandbox Undefined without a sandbox chain. */
export function sandboxRoutes(
  server: FastifyInstance,
  context: SandboxContext & LoginContext & GuardedContext,
  sandbox: Sandbox | undefined,
): void {
  const find = async (request: FastifyRequest): Promise<{ found: OrderInContext; sandbox: Sandbox }> => {
    const pos = await authenticate(context, request);
    const { uuid } = request.params as { uuid: string };
    const found = await readOrderOfPos(context, pos, uuid);
    if (sandbox === undefined) throw new ContractError('3001', 'this endpoint exists only in the sandbox');
    return { found, sandbox };
  };
  apiRoute(server, '/payment-order/:uuid/callbacks', {
    GET: async (request) => {
      const { found, sandbox: here } = await find(request);
      return { callbacks: eventsNow(here, found).map((name) => ({ name })) } satisfies CallbackList;
    },
  });
  const test: Methods = {
    PATCH: async (request) => {
      const { found, sandbox: here } = await find(request);
      await triggerEvent(context, here, found.order.terms.id, parseUpdate(request.body));
      // The PHP and Java clients fail on an empty response.
      return {};
    },
  };
  // The older clients write the path with a trailing slash.
  apiRoute(server, '/payment-order/:uuid/test', test);
  apiRoute(server, '/payment-order/:uuid/test/', test);
  apiRoute(server, '/payment-order/:uuid/test/reset', {
    PATCH: async (request) => {
      const { found, sandbox: here } = await find(request);
      await resetOrder(context, here, found.order.terms.id);
      return orderRetrieval((await find(request)).found);
    },
  });
}
