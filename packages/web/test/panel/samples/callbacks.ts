import type { Reader } from '../../../src/i18n/languages.ts';
import { EVENT_TEXTS } from '../../../src/panel/callbacks/callback-words.ts';
import { renderCallbackPage } from '../../../src/panel/callbacks/callback-page.tsx';
import { renderCallbacksPage } from '../../../src/panel/callbacks/callbacks-page.tsx';
import type { CallbacksView, CallbackStatus, CallbackView, PanelCallback, PanelNote } from '../../../src/panel/callbacks/view.ts';
import { ADDRESS, AT, LATER, OTHER_UUID, POS, sampleFrame, TXID, UUID } from './frame.ts';

const EVENTS = Object.keys(EVENT_TEXTS);
const STATUSES: readonly CallbackStatus[] = ['waiting', 'delivered', 'failed', 'not_wanted'];
const URL = 'https://shop.example/callback';
const SOON = '2026-11-23T18:19:30.000Z';

const NOTES: readonly PanelNote[] = [
  ...(['due', 'busy', 'not_wanted', 'damaged', 'no_url', 'stale'] as const).map((kind) => ({ kind })),
  { kind: 'waits', forUuid: UUID },
  { kind: 'many', due: 0, busy: 0, damaged: 0 },
  ...[1, 2, 3, 11, 100].map((n) => ({ kind: 'many', due: n, busy: n, damaged: n }) as const),
  { kind: 'resending', due: 3 },
  { kind: 'resent_partly', due: 1 },
  { kind: 'test', url: URL, status: 204, durationMs: 12, error: null },
  { kind: 'test', url: URL, status: 500, durationMs: 12, error: '500' },
];

function callback(changes: Partial<PanelCallback> = {}): PanelCallback {
  return {
    uuid: UUID,
    order: OTHER_UUID,
    posName: 'Corner Café',
    event: 'payment.completed',
    endpoint: 'https://shop.example',
    status: 'waiting',
    createdAt: AT,
    endedAt: null,
    nextAttemptAt: SOON,
    attempts: 3,
    lastError: '500',
    ...changes,
  };
}

function callbacksView(reader: Reader, changes: Partial<CallbacksView> = {}): CallbacksView {
  return {
    ...sampleFrame(reader, { path: '/panel/callbacks' }),
    missingPayments: 0,
    unassigned: [],
    endpoints: [],
    callbacks: [],
    filters: { status: '', pos: '', order: '', endpoint: '' },
    seesAllPos: true,
    pos: POS,
    next: null,
    isCutOff: false,
    isFirst: true,
    note: null,
    ...changes,
  };
}

function full(reader: Reader): CallbacksView {
  const failing = { since: AT, failures: 4, lastError: '500' };
  const payment = { accountName: 'Ledger', index: 3, address: ADDRESS, amountBtc: '0.00004321', txid: TXID };
  const endpoint = { pos: UUID, posName: 'Corner Café', endpoint: 'https://shop.example' };
  return callbacksView(reader, {
    missingPayments: 2,
    unassigned: (['mempool', 'block', 'missing', 'gone'] as const).map((place, vout) => ({
      ...payment,
      vout,
      place,
      blockHeight: place === 'block' ? 900_000 : null,
      firstSeenAt: AT,
    })),
    endpoints: [
      { ...endpoint, failing, waiting: { count: 3, hasMore: false }, nextAttemptAt: SOON },
      { ...endpoint, failing: null, waiting: { count: 1_000, hasMore: true }, nextAttemptAt: AT },
    ],
    callbacks: [
      ...EVENTS.map((event, at) => callback({ event, attempts: at })),
      ...STATUSES.map((status) => callback({ status, nextAttemptAt: null, lastError: status === 'failed' ? '500' : null })),
    ],
    next: UUID,
    isFirst: false,
    note: { kind: 'due' },
  });
}

function callbackView(reader: Reader, changes: Partial<CallbackView['callback']> = {}): CallbackView {
  return {
    ...sampleFrame(reader, { path: `/panel/callbacks/${UUID}` }),
    callback: { ...callback(), sequence: 1, url: URL, body: '{"event":"payment.completed"}', ...changes },
    attempts: [500, 204, null].map((status, at) => ({
      at: at === 0 ? AT : at === 1 ? LATER : SOON,
      durationMs: 12,
      status,
      responseExcerpt: '{"ok":false}',
    })),
    note: null,
  };
}

export function callbackSamples(reader: Reader): Readonly<Record<string, string[]>> {
  const noUrl = POS.filter(({ callbackUrl }) => callbackUrl === null);
  return {
    renderCallbacksPage: [
      renderCallbacksPage(full(reader)),
      renderCallbacksPage(callbacksView(reader, { pos: noUrl })),
      renderCallbacksPage(callbacksView(reader, { isFirst: false })),
      renderCallbacksPage(callbacksView(reader, { next: UUID, isCutOff: true })),
      ...NOTES.map((note) => renderCallbacksPage(callbacksView(reader, { note, missingPayments: 1 }))),
    ],
    renderCallbackPage: [
      ...EVENTS.map((event) => renderCallbackPage(callbackView(reader, { event }))),
      ...STATUSES.map((status) => renderCallbackPage(callbackView(reader, { status, endedAt: LATER, nextAttemptAt: null }))),
      renderCallbackPage({ ...callbackView(reader, { url: null, attempts: 0, nextAttemptAt: AT }), attempts: [] }),
      renderCallbackPage({ ...callbackView(reader), attempts: [], note: { kind: 'waits', forUuid: UUID } }),
    ],
  };
}
