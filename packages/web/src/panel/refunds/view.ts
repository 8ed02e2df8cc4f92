/** What the pages about refunds show. Times are ISO 8601; texts are shown as text, never as HTML. */
import type { PanelFrame } from '../frame/panel-frame.ts';

export type PanelRefundStatus = 'requested' | 'approved' | 'seen' | 'confirmed' | 'cancelled' | 'refused';

/** A refund in a list. */
export interface PanelRefund {
  uuid: string;
  order: string;
  posName: string;
  status: PanelRefundStatus;
  requestedBy: 'buyer' | 'merchant';
  requestedAt: string;
  address: string;
  reason: string | null;
  /** Null until it is approved. */
  amountBtc: string | null;
  /** The transaction that pays it; null until it is seen. */
  txid: string | null;
}

export interface RefundsView extends PanelFrame {
  refunds: readonly PanelRefund[];
  filters: { status: string; pos: string };
  pos: readonly { uuid: string; name: string }[];
  /** The refund before which the next page begins; null on the last page. */
  next: string | null;
  isFirst: boolean;
}

/** The refunds of one order, on its page. */
export interface OrderRefundsView {
  refunds: readonly PanelRefund[];
  leftBtc: string;
  /** Whether the viewer may start one now. */
  mayStart: boolean;
  /** The UUID of the refund that the form starts. */
  newId: string;
  /** Why the form did nothing. */
  note: RefundNote | null;
}

export interface RefundView extends PanelFrame {
  refund: PanelRefund;
  currency: string;
  orderFiat: string;
  rate: string;
  receivedBtc: string;
  leftBtc: string;
  suggestedSats: string;
  suggestedBtc: string;
  /** Whether payments of the order were reverted, so that refunds exceed what was received. */
  isUncovered: boolean;
  /** The payment URI; null unless the refund is to be paid. */
  uri: string | null;
  /** Whether a PSBT may be asked for. */
  mayBePsbt: boolean;
  confirmationsNeeded: number;
  /** The fiat amount that was converted; null if the amount was given in satoshi. */
  fiat: { amount: string; rate: string } | null;
  /** Outputs that pay the refund, or may pay it. */
  payouts: readonly PanelPayout[];
  note: RefundNote | null;
}

export interface PanelPayout {
  output: string;
  txid: string;
  firstSeenAt: string;
  place: 'mempool' | 'block' | 'missing' | 'gone';
  confirmations: number;
  isLinked: boolean;
}

/** The outcome of a form. */
export type RefundNote =
  | 'requested'
  | 'approved'
  | 'closed'
  | 'linked'
  | 'stale'
  | 'address'
  | 'network'
  | 'own_address'
  | 'too_much'
  | 'too_little'
  | 'no_rate'
  | 'amount'
  | 'state'
  | 'too_many'
  | 'payout'
  | 'paid_before'
  | 'unverified'
  | 'changed'
  | 'not_payable'
  | 'account'
  | 'no_source'
  | 'no_change'
  | 'fee_rate'
  | 'too_few_coins';
