import type { Reader } from '../../i18n/languages.ts';

/** What is the same on every page after the login. Times are ISO 8601; texts are shown as text, never as HTML. */
export interface PanelFrame {
  /** The prefix of every path, such as `/pay`; usually empty. */
  basePath: string;
  /** The path of this page, without the prefix. */
  path: string;
  /** Sent with every form, so that no other site can send one. */
  formKey: string;
  isSandbox: boolean;
  notices: readonly PanelNotice[];
  /** How many rows that decide where money goes are not authentic: an alarm, if there are any. */
  brokenSeals?: number;
  /** Which of several processes follows the chain; null if only one serves the database. */
  leader: PanelLeader | null;
  now: string;
  /** The language of the page. */
  reader: Reader;
  viewer: PanelViewer;
}

export interface PanelViewer {
  /** Null for somebody with a code of `webpos panel login`. */
  name: string | null;
  /** What the viewer may do, such as `orders.read`: what the viewer may not do is not shown. */
  permissions: readonly string[];
}

/** What an operator has to know about the addresses of a wallet. */
export type PanelNotice =
  /** Addresses are no longer handed out; the last index is included. */
  | { kind: 'skipped'; at: string; account: string; from: number; to: number; reason: 'older_database' | 'failover' | 'mark' }
  | { kind: 'marks_missing'; at: string };

export interface PanelLeader {
  term: number;
  /** Null if no process leads. */
  process: {
    name: string;
    /** When it read the chain to its tip; null if it has not yet. */
    readAt: string | null;
    /** How many addresses it watches; null if it does not say. */
    watched: number | null;
  } | null;
}
