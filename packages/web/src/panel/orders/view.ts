/** What the pages of orders show. Times are ISO 8601, amounts of bitcoin decimal strings; texts are shown as text, never as HTML. */
import type { PanelFrame } from '../frame/panel-frame.ts';
import type { OrderRefundsView } from '../refunds/view.ts';

export type OrderStatusName =
  | 'pending'
  | 'partial'
  | 'mempool_unconfirmed'
  | 'unconfirmed'
  | 'paid'
  | 'cancelled'
  | 'expired'
  | 'network_dispute'
  | 'mempool_network_dispute'
  | 'possible_chargeback'
  | 'chargeback';

/** Why an order needs attention, with the amount that it is about. */
export interface PanelAttention {
  kind: 'late' | 'partial' | 'surplus' | 'disputed';
  amountBtc: string;
}

export interface PanelOrder {
  uuid: string;
  createdAt: string;
  posName: string;
  amountFiat: string;
  currency: string;
  amountBtc: string;
  status: OrderStatusName;
  attention: PanelAttention | null;
  reference: string | null;
}

/** Which orders are shown; an empty string means all. */
export interface OrderFiltersView {
  q: string;
  status: OrderStatusName | '';
  pos: string;
  /** Days such as `2026-11-23`, both included. */
  from: string;
  to: string;
  attention: '1' | '';
}

/** Bitcoin at an address that belongs to no order. */
export interface UnassignedView {
  accountName: string;
  address: string;
  amountBtc: string;
  txid: string;
  firstSeenAt: string;
}

export interface OrdersView extends PanelFrame {
  orders: readonly PanelOrder[];
  filters: OrderFiltersView;
  pos: readonly { uuid: string; name: string }[];
  /** The IANA name of the time zone whose days the filters mean. */
  timeZone: string;
  /** Whether the viewer sees the orders of today only, so that no period can be chosen. */
  isTodayOnly: boolean;
  /** The cursors of the neighbouring pages. */
  older: string | null;
  newer: string | null;
  /** Whether the search was cut off before the page was full. */
  isCutOff: boolean;
  /** The newest that nobody has acknowledged, beside the orders that need attention. */
  unassigned: readonly UnassignedView[];
}

export interface PanelPayment {
  txid: string;
  vout: number;
  amountBtc: string;
  firstSeenAt: string;
  confirmations: number;
  place: 'mempool' | 'block' | 'missing' | 'gone';
  blockHeight: number | null;
  replacedBy: string | null;
}

export type PanelActor = { kind: 'named'; name: string } | { kind: 'operator' | 'command' | 'buyer' | 'gateway' };

export type TimelineView = { at: string } & (
  | { kind: 'created' | 'covered' | 'paid' | 'disputed' | 'charged_back' | 'expired' | 'cancelled' }
  | { kind: 'seen'; amountBtc: string; txid: string }
  | { kind: 'decided'; action: 'settle' | 'refuse'; by: PanelActor; reason: string }
  | { kind: 'attempt'; event: string; status: number | null; durationMs: number }
  | { kind: 'note'; by: PanelActor; text: string }
  | { kind: 'refund_requested'; address: string; isVerified: boolean }
  | { kind: 'action'; action: string; by: PanelActor }
);

export interface OrderCallbackView {
  uuid: string;
  event: string;
  status: 'waiting' | 'delivered' | 'failed' | 'not_wanted';
  attempts: number;
}

/** The outcome of a form. */
export type OrderNote =
  'cancelled' | 'settled' | 'refused' | 'noted' | 'due' | 'not_possible' | 'busy' | 'reason_invalid' | 'note_invalid' | 'stale';

export interface OrderView extends PanelFrame {
  order: PanelOrder;
  receivedBtc: string;
  unpaidBtc: string;
  surplusBtc: string;
  rate: { value: string; source: string; at: string };
  details: string | null;
  /** Null if the stored one is not authentic. */
  address: string | null;
  accountName: string;
  addressIndex: number;
  requiredConfirmations: number;
  expiresAt: string;
  checkoutUrl: string;
  payments: readonly PanelPayment[];
  timeline: readonly TimelineView[];
  notes: readonly { at: string; by: PanelActor; text: string }[];
  callbacks: readonly OrderCallbackView[];
  /** Null if the viewer may not read refunds. */
  refunds: OrderRefundsView | null;
  /** What can be done with the order in its present state, apart from what the viewer may do. */
  can: { cancel: boolean; settle: boolean; refuse: boolean };
  note: OrderNote | null;
  maxNote: number;
}

export interface OrderReceiptView extends PanelFrame {
  order: PanelOrder;
  receivedBtc: string;
  rate: { value: string; source: string; at: string };
  details: string | null;
  paidAt: string | null;
  txids: readonly string[];
}
