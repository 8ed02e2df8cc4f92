/** What the pages of the panel are told. Times are ISO 8601; texts of others are text, never HTML. */

/** What is the same on every page behind the login. */
export interface PanelFrame {
  /** What stands before every path, such as `/pay`; usually nothing. */
  basePath: string;
  /** Goes with every form, so that no other site can send one. */
  formKey: string;
  isSandbox: boolean;
  /** What the operator should know, in sentences. */
  notices: readonly string[];
  /** Now. */
  now: string;
}

export type CallbackStatus = 'waiting' | 'delivered' | 'failed' | 'not_wanted';

/** An endpoint that fails for a POS, or for which anything of its waits. */
export interface PanelEndpoint {
  pos: string;
  posName: string;
  endpoint: string;
  failing: { since: string; failures: number; lastError: string } | null;
  /** Orders, as text: there may be more than were counted. */
  waiting: string;
  nextAttemptAt: string | null;
}

export interface PanelCallback {
  uuid: string;
  order: string;
  posName: string;
  event: string;
  /** Where it goes: the origin of its URL. */
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
  /** Where a test event goes; null: it has no callback URL. */
  callbackUrl: string | null;
}

/** Which callbacks are shown; an empty text stands for all. */
export interface CallbackFilters {
  status: CallbackStatus | '';
  pos: string;
  order: string;
  endpoint: string;
}

/** What came of a button. */
export type PanelNote =
  | { kind: 'due' }
  | { kind: 'waits'; forUuid: string }
  | { kind: 'busy' }
  | { kind: 'not_wanted' }
  | { kind: 'many'; due: number; busy: number }
  | { kind: 'test'; url: string; status: number | null; durationMs: number; error: string | null }
  | { kind: 'no_url' }
  | { kind: 'stale' };

/** Bitcoin at an address that no order has. */
export interface PanelUnassigned {
  accountName: string;
  index: number;
  address: string;
  /** Satoshi, as text. */
  sats: string;
  txid: string;
  vout: number;
  place: string;
  firstSeenAt: string;
}

export interface CallbacksView extends PanelFrame {
  /** How many payments the chain source no longer has, of those that nothing has replaced. */
  missingPayments: number;
  /** The newest that nobody has acknowledged. */
  unassigned: readonly PanelUnassigned[];
  endpoints: readonly PanelEndpoint[];
  callbacks: readonly PanelCallback[];
  filters: CallbackFilters;
  pos: readonly PanelPos[];
  /** Behind which the next page begins. */
  next: string | null;
  /** Whether newer ones come before these. */
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
