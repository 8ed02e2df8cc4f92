/** The data of the panel's pages. */
import type { CallbacksView, CallbackStatus, CallbackView, PanelNote } from '@webpos/web';
import type { ListedCallback } from '../../../callbacks/callback.ts';
import { MINUTE_MS } from '../../../kernel/durations.ts';
import { isUuidV4, type CallbackId, type OrderId, type PosId } from '../../../kernel/ids.ts';
import type { Pos } from '../../../merchants/pos.ts';
import { callbackDetails, callbackSummary, endpointSummary } from '../../../contract/callback-json.ts';
import {
  listCallbacks,
  listEndpoints,
  MAX_COUNTED,
  NoCallbackError,
  showCallback,
} from '../../../services/callbacks/callback-log.ts';
import type { GuardedContext, OrderReadContext, RedeliveryContext } from '../../../services/context.ts';
import type { BackgroundRedelivery } from '../../../services/callbacks/background-redelivery.ts';
import type { TestCallback } from '../../../services/callbacks/send-test-callback.ts';
import { seesPos, type Viewer } from '../../../people/viewer.ts';
import type { PageRequest } from '../panel-router.ts';
import { panelUnassigned } from './panel-unassigned.ts';

export interface CallbackPagesOptions {
  readonly context: OrderReadContext & RedeliveryContext & GuardedContext;
  readonly redelivery: Pick<BackgroundRedelivery, 'state' | 'begin'>;
  readonly sendTest: (pos: Pos) => Promise<TestCallback>;
}

const PAGE_SIZE = 25;
const STATUSES: readonly CallbackStatus[] = ['waiting', 'delivered', 'failed', 'not_wanted'];

/** @param page The filters are in its query. An impossible value matches nothing. */
export async function callbacksView(
  options: CallbackPagesOptions,
  { query, viewer, frame }: PageRequest,
  note: PanelNote | null,
): Promise<CallbacksView> {
  const { context } = options;
  const shops = (await context.store.pos.list()).filter(({ id }) => seesPos(viewer, id));
  const text = (name: string): string => (typeof query[name] === 'string' ? query[name].trim().slice(0, 300) : '');
  const [order, pos, before] = [text('order').toLowerCase(), posFilter(viewer, text('pos'), shops), text('before')];
  const endpoint = URL.canParse(text('endpoint')) ? new URL(text('endpoint')).origin : text('endpoint');
  const status = STATUSES.find((one) => one === text('status'));
  const isPossible = [order, pos, before].every((id) => id === '' || isUuidV4(id)) && (pos !== '' || viewer.posIds === undefined);
  const found = isPossible
    ? await listCallbacks(context, {
        orderId: order === '' ? undefined : (order as OrderId),
        posId: pos === '' ? undefined : (pos as PosId),
        status,
        endpoint: endpoint === '' ? undefined : endpoint,
        before: before === '' ? undefined : (before as CallbackId),
        limit: PAGE_SIZE,
      })
    : { callbacks: [], next: undefined, isCutOff: false };
  const endpoints = (await listEndpoints(context)).filter(({ posId }) => seesPos(viewer, posId));
  const { missingPayments } = await context.store.stats(MAX_COUNTED);
  return {
    ...(await frame()),
    missingPayments,
    // They belong to no POS.
    unassigned: viewer.posIds === undefined ? await panelUnassigned(context.store) : [],
    endpoints: endpoints.map(endpointSummary).map((one) => ({
      pos: one.pos,
      posName: shops.find(({ id }) => id === one.pos)?.name ?? one.pos,
      endpoint: one.endpoint,
      failing:
        one.failing_since === null ? null : { since: one.failing_since, failures: one.failures, lastError: one.last_error ?? '' },
      waiting: { count: one.waiting, hasMore: one.waiting === MAX_COUNTED },
      nextAttemptAt: one.next_attempt_at,
    })),
    callbacks: found.callbacks.map((callback) => panelCallback(callback, shops)),
    filters: { status: status ?? '', pos, order, endpoint },
    seesAllPos: viewer.posIds === undefined,
    pos: shops.map(({ id, name, defaults }) => ({ uuid: id, name, callbackUrl: defaults.callbackUrl })),
    next: found.next ?? null,
    isCutOff: found.isCutOff,
    isFirst: before === '',
    note: note ?? (await noteOfRedelivery(options)),
  };
}

/** Somebody who sees some POS only looks at one at a time: that is the order in which callbacks are searched. */
function posFilter({ posIds }: Viewer, asked: string, shops: readonly Pos[]): string {
  return asked === '' && posIds !== undefined ? (shops[0]?.id ?? '') : posIds?.has(asked as PosId) === false ? '' : asked;
}

/** How long the outcome of a redelivery is shown. */
const SHOWN_MS = 10 * MINUTE_MS;

/** Says how far the redelivery is that is under way, and for some minutes how one has ended; null without one. */
async function noteOfRedelivery({ context, redelivery }: CallbackPagesOptions): Promise<PanelNote | null> {
  const last = await redelivery.state();
  if (last === undefined) return null;
  const { state, due, busy, damaged, endedAt } = last;
  if (endedAt !== undefined && context.clock.now() - endedAt > SHOWN_MS) return null;
  if (state === 'running') return { kind: 'resending', due };
  return state === 'done' ? { kind: 'many', due, busy, damaged } : { kind: 'resent_partly', due };
}

/** Returns the view of a callback; undefined if it does not exist, or not for this viewer. */
export async function callbackView(
  { context }: CallbackPagesOptions,
  { query, params, viewer, frame }: PageRequest,
): Promise<CallbackView | undefined> {
  const { callback: id = '' } = params;
  if (!isUuidV4(id)) return undefined;
  try {
    const { callback, attempts } = await showCallback(context, id as CallbackId);
    if (!seesPos(viewer, callback.posId)) return undefined;
    const { body, log, sequence, url } = callbackDetails(callback, attempts);
    return {
      ...(await frame()),
      callback: { ...panelCallback(callback, await context.store.pos.list()), sequence, url, body },
      // The newest first.
      attempts: log
        .map(({ at, duration_ms: durationMs, status, response_excerpt: responseExcerpt }) => ({
          at,
          durationMs,
          status,
          responseExcerpt,
        }))
        .reverse(),
      note: noteOf(query),
    };
  } catch (error) {
    if (error instanceof NoCallbackError) return undefined;
    throw error;
  }
}

/** Returns a note about a form's outcome as the query of the page that follows. */
export function queryOfNote(note: PanelNote): string {
  if (note.kind === 'many') return `note=many&due=${note.due}&busy=${note.busy}&damaged=${note.damaged}`;
  return note.kind === 'waits' ? `note=waits&for=${note.forUuid}` : `note=${note.kind}`;
}

/** Reads a note from a query; null without a valid one. */
export function noteOf(query: unknown): PanelNote | null {
  const { note: kind, for: forUuid, due, busy, damaged } = (query ?? {}) as Readonly<Record<string, unknown>>;
  const count = (value: unknown): number => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : 0);
  switch (kind) {
    case 'due':
    case 'busy':
    case 'not_wanted':
    case 'damaged':
    case 'stale':
      return { kind };
    case 'waits':
      return typeof forUuid === 'string' && isUuidV4(forUuid) ? { kind, forUuid } : null;
    case 'many':
      return { kind, due: count(due), busy: count(busy), damaged: count(damaged) };
    default:
      return null;
  }
}

function panelCallback(callback: ListedCallback, shops: readonly Pos[]): CallbacksView['callbacks'][number] {
  const { uuid, order, pos, event, url, created_at, ended_at, next_attempt_at, attempts, last_error } = callbackSummary(callback);
  return {
    uuid,
    order,
    posName: shops.find(({ id }) => id === pos)?.name ?? pos,
    event,
    endpoint: url !== null && URL.canParse(url) ? new URL(url).origin : url,
    status: callback.delivery.status,
    createdAt: created_at,
    endedAt: ended_at,
    nextAttemptAt: next_attempt_at,
    attempts,
    lastError: last_error,
  };
}
