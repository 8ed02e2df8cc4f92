/** The panel's API: what `webpos callback` does, for an operator's programs, which log in with a token of `webpos panel token`. */
import { isoDate } from '../../../kernel/clock.ts';
import { isUuidV4, type CallbackId, type OrderId, type PosId } from '../../../kernel/ids.ts';
import type { Pos } from '../../../merchants/pos.ts';
import { callbackDetails, callbackSummary, endpointSummary } from '../../../contract/callback-json.ts';
import { listCallbacks, listEndpoints, NoCallbackError, showCallback } from '../../../services/callbacks/callback-log.ts';
import type { GuardedContext, RedeliveryContext } from '../../../services/context.ts';
import { ContractError, validationError } from '../../../contract/contract-error.ts';
import { RedeliveryUnderWayError, type BackgroundRedelivery } from '../../../services/callbacks/background-redelivery.ts';
import type { RedeliveryState } from '../../../services/callbacks/redelivery-run.ts';
import { redeliverCallback, RedeliveryError } from '../../../services/callbacks/redeliver-callback.ts';
import { NoCallbackUrlError, testCallbackSummary, type TestCallback } from '../../../services/callbacks/send-test-callback.ts';
import { FieldReader } from '../../../http/field-reader.ts';
import { seesPos } from '../../../people/viewer.ts';
import type { ApiRequest, PanelRouter } from '../panel-router.ts';
import type * as Schemas from './callback-schemas.ts';
import { posInScope } from '../scope.ts';

export interface CallbackApiOptions {
  readonly context: RedeliveryContext & GuardedContext;
  readonly redelivery: BackgroundRedelivery;
  readonly sendTest: (pos: Pos) => Promise<TestCallback>;
}

/** The library of schemas is loaded with them. */
const schemas = (): Promise<typeof Schemas> => import('./callback-schemas.ts');

const STATUSES = ['waiting', 'delivered', 'failed', 'not_wanted'] as const;
const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 200;
const BUSY_RETRY_AFTER_S = 30;

export function callbackApiRoutes(panel: PanelRouter, options: CallbackApiOptions): void {
  readRoutes(panel, options);
  redeliveryRoutes(panel, options);
  testRoute(panel, options);
}

function readRoutes(panel: PanelRouter, { context }: CallbackApiOptions): void {
  panel.api('/endpoints', {
    GET: {
      permission: 'callbacks.read',
      schema: async () => (await schemas()).listEndpoints,
      handle: async ({ viewer }) => ({
        endpoints: (await listEndpoints(context)).filter(({ posId }) => seesPos(viewer, posId)).map(endpointSummary),
      }),
    },
  });
  panel.api('/callbacks', {
    GET: {
      permission: 'callbacks.read',
      schema: async () => (await schemas()).listCallbacks,
      handle: async ({ query, viewer }) => {
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
        const { callbacks, next } = await listCallbacks(context, { ...filters, posId: posInScope(viewer, filters.posId) });
        return { callbacks: callbacks.map(callbackSummary), next: next ?? null };
      },
    },
  });
  panel.api('/callbacks/:callback', {
    GET: {
      permission: 'callbacks.read',
      schema: async () => (await schemas()).showCallback,
      handle: (request) =>
        asContractErrors(async () => {
          const { callback, attempts } = await showCallback(context, await callbackIdOf(context, request));
          return callbackDetails(callback, attempts);
        }),
    },
  });
}

function redeliveryRoutes(panel: PanelRouter, { context, redelivery }: CallbackApiOptions): void {
  panel.api('/callbacks/:callback/redeliver', {
    POST: {
      permission: 'callbacks.redeliver',
      schema: async () => (await schemas()).redeliverCallback,
      handle: (request) =>
        asContractErrors(async () => {
          const { callback, blockedBy } = await redeliverCallback(context, await callbackIdOf(context, request));
          return { uuid: callback.id, order: callback.orderId, event: callback.event, blocked_by: blockedBy ?? null };
        }),
    },
  });
  panel.api('/callbacks/redeliver', {
    GET: {
      permission: 'callbacks.read',
      schema: async () => (await schemas()).showRedelivery,
      handle: async () => {
        const state = await redelivery.state();
        return { redelivery: state === undefined ? null : redeliverySummary(state) };
      },
    },
    POST: {
      permission: 'callbacks.redeliver',
      schema: async () => (await schemas()).redeliverFailed,
      handle: async ({ body, viewer }) => {
        const read = new FieldReader(body);
        const query = {
          endedSince: read.time('failed_since'),
          posId: read.uuid<PosId>('pos'),
          endpoint: read.origin('endpoint'),
        };
        read.throwIfWrong();
        const posId = posInScope(viewer, query.posId);
        return asContractErrors(async () => redeliverySummary(await redelivery.begin({ ...query, posId })));
      },
    },
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

function testRoute(panel: PanelRouter, { context, sendTest }: CallbackApiOptions): void {
  panel.api('/callbacks/test', {
    POST: {
      permission: 'callbacks.redeliver',
      schema: async () => (await schemas()).sendTestEvent,
      handle: async ({ body, viewer }) => {
        const read = new FieldReader(body);
        const id = read.uuid<PosId>('pos');
        if (id === undefined) read.wrong('pos', 'must be the UUID of a POS');
        read.throwIfWrong();
        const pos = id && (await context.store.pos.get(id));
        if (pos === undefined || !seesPos(viewer, pos.id)) throw new ContractError('3001', 'no such POS');
        return asContractErrors(async () => testCallbackSummary(await sendTest(pos)));
      },
    },
  });
}

/** Returns the id in the path. @throws ContractError 3001 if no such callback exists, or not for this viewer. */
async function callbackIdOf({ store }: RedeliveryContext, { params, viewer }: ApiRequest): Promise<CallbackId> {
  const { callback: id = '' } = params;
  const found = isUuidV4(id) ? await store.callbacks.listed(id as CallbackId) : undefined;
  if (found === undefined || !seesPos(viewer, found.posId)) throw new ContractError('3001', 'no such callback');
  return found.id;
}

/** Translates the services' errors for operators into errors of the contract. */
async function asContractErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
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
