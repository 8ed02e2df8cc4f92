/** The pages of callbacks and their endpoints, and the buttons that redeliver. */
import { renderCallbackPage, renderCallbacksPage, type PanelNote } from '@webpos/web';
import { plusMs } from '../../../kernel/clock.ts';
import { isUuidV4, type CallbackId, type PosId } from '../../../kernel/ids.ts';
import { seesPos, type Viewer } from '../../../people/viewer.ts';
import { NoCallbackError } from '../../../services/callbacks/callback-log.ts';
import { RedeliveryUnderWayError } from '../../../services/callbacks/background-redelivery.ts';
import { redeliverCallback, RedeliveryError } from '../../../services/callbacks/redeliver-callback.ts';
import type { FailedSince } from '../../../services/callbacks/redeliver-failed.ts';
import { NoCallbackUrlError, testCallbackSummary } from '../../../services/callbacks/send-test-callback.ts';
import type { PanelRouter } from '../panel-router.ts';
import { callbacksView, callbackView, noteOf, queryOfNote, type CallbackPagesOptions } from './callback-views.ts';

const MAX_PERIOD_S = 366 * 86_400;
const STALE = { staleTo: '/panel/callbacks?note=stale' } as const;

export function callbackRoutes(panel: PanelRouter, options: CallbackPagesOptions): void {
  const { context } = options;
  panel.page('/panel/callbacks', 'callbacks.read', async (page) =>
    renderCallbacksPage(await callbacksView(options, page, noteOf(page.query))),
  );
  panel.page('/panel/callbacks/:callback', 'callbacks.read', async (page) => {
    const view = await callbackView(options, page);
    return view && renderCallbackPage(view);
  });
  panel.form(
    '/panel/callbacks/:callback/redeliver',
    'callbacks.redeliver',
    async ({ viewer, params: { callback: id = '' } }) => {
      const note = await redeliver(options, viewer, id);
      return note && `/panel/callbacks/${id}?${queryOfNote(note)}`;
    },
    STALE,
  );
  panel.form(
    '/panel/callbacks/redeliver',
    'callbacks.redeliver',
    async ({ viewer, fields: { within_s: text = '', pos = '' } }) => {
      if (pos === '' ? viewer.posIds !== undefined : !isUuidV4(pos) || !seesPos(viewer, pos as PosId)) return undefined;
      const withinS = /^\d{1,8}$/.test(text) ? Math.min(Number(text), MAX_PERIOD_S) : 0;
      const endedSince = plusMs(context.clock.now(), -withinS * 1000);
      const posId = pos === '' ? undefined : (pos as PosId);
      const note = await redeliverMany(options, { endedSince, posId, endpoint: undefined });
      return note === undefined ? '/panel/callbacks' : `/panel/callbacks?${queryOfNote(note)}`;
    },
    STALE,
  );
  // The outcome is in the page itself, because an endpoint's answer must not appear in a URL.
  panel.form(
    '/panel/callbacks/test',
    'callbacks.redeliver',
    async (page) => {
      const note = await sendTest(options, page.viewer, page.fields['pos'] ?? '');
      return note && { html: renderCallbacksPage(await callbacksView(options, { ...page, query: {} }, note)) };
    },
    STALE,
  );
}

/** Makes a callback due, and returns a note about it; undefined if it does not exist. */
async function redeliver({ context }: CallbackPagesOptions, viewer: Viewer, id: string): Promise<PanelNote | undefined> {
  if (!isUuidV4(id)) return undefined;
  const listed = await context.store.callbacks.listed(id as CallbackId);
  if (listed === undefined || !seesPos(viewer, listed.posId)) return undefined;
  try {
    const { blockedBy } = await redeliverCallback(context, id as CallbackId);
    return blockedBy === undefined ? { kind: 'due' } : { kind: 'waits', forUuid: blockedBy };
  } catch (error) {
    if (error instanceof RedeliveryError) return { kind: error.reason };
    if (error instanceof NoCallbackError) return undefined;
    throw error;
  }
}

/** Begins a redelivery, and returns a note about its outcome; undefined if the page that follows shows how far one is. */
async function redeliverMany({ redelivery }: CallbackPagesOptions, which: FailedSince): Promise<PanelNote | undefined> {
  try {
    const { state, due, busy, damaged } = await redelivery.begin(which);
    return state === 'done' ? { kind: 'many', due, busy, damaged } : undefined;
  } catch (error) {
    if (error instanceof RedeliveryUnderWayError) return undefined;
    throw error;
  }
}

/** Sends a test event to a POS, and returns a note about the outcome; undefined if the POS does not exist. */
async function sendTest(options: CallbackPagesOptions, viewer: Viewer, posId: string): Promise<PanelNote | undefined> {
  const pos = isUuidV4(posId) ? await options.context.store.pos.get(posId as PosId) : undefined;
  if (pos === undefined || !seesPos(viewer, pos.id)) return undefined;
  try {
    const { url, status, duration_ms: durationMs, error } = testCallbackSummary(await options.sendTest(pos));
    return { kind: 'test', url, status, durationMs, error };
  } catch (error) {
    if (error instanceof NoCallbackUrlError) return { kind: 'no_url' };
    throw error;
  }
}
