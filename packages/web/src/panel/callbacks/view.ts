/** What the pages of the panel show. Times are ISO 8601; texts are shown as text, never as HTML. */

import type { PanelFrame } from '../frame/panel-frame.ts';

export type CallbackStatus = 'waiting' | 'delivered' | 'failed' | 'not_wanted';

/** An endpoint that fails for a POS, or has a backlog. */
export interface PanelEndpoint {
  pos: string;
  posName: string;
  endpoint: string;
  failing: { since: string; failures: number; lastError: string } | null;
  /** How many orders have callbacks waiting. */
  waiting: { count: number; hasMore: boolean };
  nextAttemptAt: string | null;
}

export interface PanelCallback {
  uuid: string;
  order: string;
  posName: string;
  event: string;
  /** The origin of its URL. */
  endpoint: string | null;
  status: CallbackStatus;
  createdAt: string;
  /** When it was delivered or given up. */
  endedAt: string | null;
  nextAttemptAt: string | null;
  attempts: number;
  lastError: string | null;
}

export interface PanelPos {
  uuid: string;
  name: string;
  /** The callback URL, which receives test events. */
  callbackUrl: string | null;
}

/** Which callbacks are shown; an empty string means all. */
export interface CallbackFilters {
  status: CallbackStatus | '';
  pos: string;
  order: string;
  endpoint: string;
}

/** The outcome of a button, or how far it is. */
export type PanelNote =
  | { kind: 'due' }
  | { kind: 'waits'; forUuid: string }
  | { kind: 'busy' }
  | { kind: 'not_wanted' }
  | { kind: 'damaged' }
  | { kind: 'many'; due: number; busy: number; damaged: number }
  /** A redelivery is under way. */
  | { kind: 'resending'; due: number }
  /** A redelivery has ended half-way. */
  | { kind: 'resent_partly'; due: number }
  | { kind: 'test'; url: string; status: number | null; durationMs: number; error: string | null }
  | { kind: 'no_url' }
  | { kind: 'stale' };

/** Bitcoin at an address that belongs to no order. */
export interface PanelUnassigned {
  accountName: string;
  index: number;
  address: string;
  amountBtc: string;
  txid: string;
  vout: number;
  place: 'mempool' | 'block' | 'missing' | 'gone';
  blockHeight: number | null;
  firstSeenAt: string;
}

export interface CallbacksView extends PanelFrame {
  /** How many payments the chain source no longer has although nothing has replaced them. */
  missingPayments: number;
  /** The newest that have not been acknowledged. */
  unassigned: readonly PanelUnassigned[];
  endpoints: readonly PanelEndpoint[];
  callbacks: readonly PanelCallback[];
  filters: CallbackFilters;
  /** Whether the viewer sees every POS. */
  seesAllPos: boolean;
  pos: readonly PanelPos[];
  /** The cursor of the next page. */
  next: string | null;
  /** Whether this page ended before it was full, because the search had taken long enough. */
  isCutOff: boolean;
  /** Whether this is the first page. */
  isFirst: boolean;
  note: PanelNote | null;
}

export interface PanelAttempt {
  at: string;
  durationMs: number;
  status: number | null;
  responseExcerpt: string;
}

export interface CallbackView extends PanelFrame {
  callback: PanelCallback & { sequence: number; url: string | null; body: string };
  attempts: readonly PanelAttempt[];
  note: PanelNote | null;
}
