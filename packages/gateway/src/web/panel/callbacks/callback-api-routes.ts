/** The panel's API: what `webpos callback` does, for an operator's programs, which log in with a token of `webpos panel token`. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isoDate } from '../../kernel/clock.ts';
import { isUuidV4, type CallbackId, type OrderId, type PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import { callbackDetails, callbackSummary, endpointSummary } from '../../contract/callback-json.ts';
import { listCallbacks, listEndpoints, NoCallbackError, showCallback } from '../../services/callbacks/callback-log.ts';
import type { RedeliveryContext } from '../../services/context.ts';
import { ContractError, validationError } from '../../contract/contract-error.ts';
import { VerifiedSecrets } from '../../services/merchants/verified-secrets.ts';
import { mayEnter } from '../../services/operator/panel-access.ts';
import {
  RedeliveryUnderWayError,
  type BackgroundRedelivery,
  type RedeliveryState,
} from '../../services/callbacks/background-redelivery.ts';
import { redeliverCallback, RedeliveryError } from '../../services/callbacks/redeliver-callback.ts';
import { NoCallbackUrlError, testCallbackSummary, type TestCallback } from '../../services/callbacks/send-test-callback.ts';
import { apiRoute, type Handler } from '../../http/api-route.ts';
import { bearerOf } from '../../http/bearer.ts';
import { FieldReader } from '../../http/field-reader.ts';
import { refuseGuesses } from '../../http/limits/caller.ts';

export interface PanelApiOptions {
  readonly context: RedeliveryContext;
  readonly redelivery: BackgroundRedelivery;
  readonly sendTest: (pos: Pos) => Promise<TestCallback>;
}

type Work = (request: FastifyRequest) => Promise<unknown>;
/** Restricts a handler to callers with a token of the panel. */
type Guard = (work: Work) => Handler;

const STATUSES = ['waiting', 'delivered', 'failed', 'not_wanted'] as const;
const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 200;
const BUSY_RETRY_AFTER_S = 30;

export function panelApiRoutes(server: FastifyInstance, options: PanelApiOptions): void {
  const guarded = tokenGuard(options);
  readRoutes(server, options, guarded);
  redeliveryRoutes(server, options, guarded);
  testRoute(server, options, guarded);
}

function tokenGuard({ context }: PanelApiOptions): Guard {
  const verified = new VerifiedSecrets();
  return (work) => async (request) => {
    const token = bearerOf(request, 'a token of webpos panel token');
    if (!verified.has(token)) refuseGuesses(request);
    if (!(await mayEnter(context, 'token', token))) throw new ContractError('1007', 'the token is invalid, expired or revoked');
    verified.add(token);
    return asContractErrors(work(request));
  };
}

function readRoutes(server: FastifyInstance, { context }: PanelApiOptions, guarded: Guard): void {
  apiRoute(server, '/panel/api/endpoints', {
    GET: guarded(async () => ({ endpoints: (await listEndpoints(context)).map(endpointSummary) })),
  });
  apiRoute(server, '/panel/api/callbacks', {
    GET: guarded(async ({ query }) => {
      const read = new FieldReader(query);
      const filters = {
        orderId: read.uuid<OrderId>('order'),
        posId: read.uuid<PosId>('pos'),
        status: read.oneOf('status', STATUSES),
        endpoint: read.origin('endpoint'),
        before: read.uuid<CallbackId>('before'),
        limit: read.integer('limit', DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE),
      };
      read.throwIfWrong();
      const { callbacks, next } = await listCallbacks(context, filters);
      return { callbacks: callbacks.map(callbackSummary), next: next ?? null };
    }),
  });
  apiRoute(server, '/panel/api/callbacks/:callback', {
    GET: guarded(async (request) => {
      const { callback, attempts } = await showCallback(context, callbackIdOf(request));
      return callbackDetails(callback, attempts);
    }),
  });
}

function redeliveryRoutes(server: FastifyInstance, { context, redelivery }: PanelApiOptions, guarded: Guard): void {
  apiRoute(server, '/panel/api/callbacks/:callback/redeliver', {
    POST: guarded(async (request) => {
      const { callback, blockedBy } = await redeliverCallback(context, callbackIdOf(request));
      return { uuid: callback.id, order: callback.orderId, event: callback.event, blocked_by: blockedBy ?? null };
    }),
  });
  apiRoute(server, '/panel/api/callbacks/redeliver', {
    GET: guarded(async () => ({ redelivery: redelivery.state === undefined ? null : redeliverySummary(redelivery.state) })),
    POST: guarded(async ({ body }) => {
      const read = new FieldReader(body);
      const query = {
        endedSince: read.time('failed_since'),
        posId: read.uuid<PosId>('pos'),
        endpoint: read.origin('endpoint'),
      };
      read.throwIfWrong();
      return redeliverySummary(await redelivery.start(query));
    }),
  });
}

function redeliverySummary({ due, busy, damaged, state, startedAt, endedAt, error }: RedeliveryState): Record<string, unknown> {
  return {
    state,
    due,
    busy,
    damaged,
    started_at: isoDate(startedAt),
    ended_at: endedAt === undefined ? null : isoDate(endedAt),
    error: error ?? null,
  };
}

function testRoute(server: FastifyInstance, { context, sendTest }: PanelApiOptions, guarded: Guard): void {
  apiRoute(server, '/panel/api/callbacks/test', {
    POST: guarded(async ({ body }) => {
      const read = new FieldReader(body);
      const id = read.uuid<PosId>('pos');
      if (id === undefined) read.wrong('pos', 'must be the UUID of a POS');
      read.throwIfWrong();
      const pos = id && (await context.store.pos.get(id));
      if (pos === undefined) throw new ContractError('3001', 'no such POS');
      return testCallbackSummary(await sendTest(pos));
    }),
  });
}

function callbackIdOf({ params }: FastifyRequest): CallbackId {
  const { callback: id } = params as { readonly callback: string };
  if (!isUuidV4(id)) throw new ContractError('3001', 'no such callback');
  return id as CallbackId;
}

/** Translates the services' errors for operators into errors of the contract. */
async function asContractErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NoCallbackError) throw new ContractError('3001', 'no such callback', { cause: error });
    if (error instanceof NoCallbackUrlError) throw validationError({ pos: ['must be one with a callback URL'] });
    if (error instanceof RedeliveryUnderWayError)
      throw new ContractError('4006', error.message, { retryAfterS: BUSY_RETRY_AFTER_S, cause: error });
    if (!(error instanceof RedeliveryError)) throw error;
    if (error.reason === 'damaged') throw validationError({ id: ['must be a callback whose stored body is not damaged'] });
    if (error.reason === 'not_wanted') throw validationError({ id: ['must be a callback with a URL to send it to'] });
    throw new ContractError('4006', error.message, { retryAfterS: BUSY_RETRY_AFTER_S, cause: error });
  }
}
