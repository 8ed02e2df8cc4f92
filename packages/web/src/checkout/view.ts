import type { BlockchainStatus, CallbackEvent, OrderStatus } from '@webpos/sdk/wire';

/** Where an order stands for its buyer. The gateway decides it; the page has words and a look for each. */
export type BuyerStage =
  | 'pending'
  /** The time is up, and it is not yet known whether a payment came before. */
  | 'closing'
  | 'partial'
  /** A payment that the network had shown is gone. */
  | 'lost'
  | 'seen'
  | 'confirming'
  | 'paid'
  | 'overpaid'
  | 'expired'
  /** Expired with a part of its amount. */
  | 'short'
  /** Seen in time, but never confirmed. */
  | 'unsettled'
  | 'cancelled'
  /** Something came after the order had ended unpaid. */
  | 'late'
  | 'dispute'
  | 'dispute-waiting'
  | 'disputed'
  | 'chargeback';

export type BuyerRefundStatus = 'requested' | 'approved' | 'sent' | 'paid' | 'declined';

/** A refund as its buyer follows it. */
export interface BuyerRefund {
  status: BuyerRefundStatus;
  address: string;
  /** Null until the shop has approved it. */
  amountBtc: string | null;
  /** The transaction that pays it; null until it is seen. */
  txid: string | null;
  confirmations: number;
  requiredConfirmations: number;
}

/** All that the checkout page shows of a payment order. Amounts are decimal strings. */
export interface CheckoutView {
  uuid: string;
  /** The path that the gateway is reached under, such as `/pay`; empty if it has its host to itself. */
  basePath: string;
  /** Names this version of the page: another one has other styles, scripts or texts. */
  release: string;
  /** Differs whenever the order's page would; the stream of events reports it too. */
  version: string;
  merchantName: string;
  /** The merchant's words for what is bought. */
  details: string | null;
  /** The merchant's own reference. */
  reference: string | null;
  /** The whole amount in bitcoin, such as `0.00016667`. */
  amountBtc: string;
  /** The whole amount in `currency`, such as `10.00`. */
  amountFiat: string;
  /** An ISO 4217 code, such as `EUR`. */
  currency: string;
  address: string;
  /** The payment URI (BIP 321) for the whole amount. */
  uri: string;
  stage: BuyerStage;
  /** The contract's two statuses, for a shop that shows the page in a frame. */
  status: OrderStatus;
  blockchainStatus: BlockchainStatus;
  /** What is still unpaid in bitcoin; `0` if nothing is. */
  missingBtc: string;
  /** The same in `currency`. */
  missingFiat: string;
  /** The payment URI for `missingBtc`, shown once a part has arrived. */
  missingUri: string;
  /** What the network shows now, in bitcoin. */
  receivedBtc: string;
  /** What of that came after the order had ended unpaid. */
  receivedLateBtc: string;
  /** What of that is beyond the amount; null if nothing is. */
  surplusBtc: string | null;
  /** What the buyer may ask back; null if nothing. */
  owedBtc: string | null;
  /** Where the buyer asked to be refunded; null if the buyer has not. */
  refundAddress: string | null;
  /** The oldest first. */
  refunds: readonly BuyerRefund[];
  /** Whether the buyer may have a new order on the same terms. */
  mayRetry: boolean;
  /** What determined the amount in bitcoin. `at`: ISO 8601. */
  rate: { value: string; source: string; at: string };
  /** ISO 8601; null until it is paid. */
  paidAt: string | null;
  /** The payments that count. */
  payments: readonly { txid: string; amountBtc: string }[];
  /** Whether the first of them has waited for a block for more than an hour. */
  isSlow: boolean;
  /** The confirmations of the payment that has the fewest. */
  confirmations: number;
  requiredConfirmations: number;
  /** Seconds until the order expires; 0 once that time has passed. */
  expiresInS: number;
  /** Whether the order closes at that time: not once its whole amount was seen. */
  isTimed: boolean;
  /** What may still change and is followed by an open page: the order, or only a refund, which takes people longer. Null: nothing. */
  follows: 'order' | 'refund' | null;
  /** Where the buyer goes next, with payment_id: to continue_url or, when the order has ended unpaid, to cancel_url. Null before. */
  backUrl: string | null;
  /** Whether the buyer has just cancelled on this page, and so wants to leave. */
  asksToLeave: boolean;
  /** Why the buyer's last request on this page failed. */
  note: CheckoutNote | null;
  choices: PageChoices;
  /** Whether a page of the shop shows it in a frame: then it reports to that page, which navigates. */
  isFramed: boolean;
  look: CheckoutLook;
  /** What the sandbox lets one do to the order; null where bitcoin is real. */
  sandbox: SandboxControls | null;
}

/** Why no refund could be requested, or no new order be made. */
export type CheckoutNote = 'refund_invalid' | 'refund_network' | 'refund_same' | 'refund_too_often' | 'try_again_failed';

/** What the buyer has chosen on the page. Its links carry it on. */
export interface PageChoices {
  unit: 'btc' | 'sat';
  /** Whether the buyer wants to see the code although a payment may still be under way. */
  paysAgain: boolean;
  /** Whether the buyer wants to stay rather than return to the shop. */
  stays: boolean;
}

/** What makes the page the merchant's own. */
export interface CheckoutLook {
  /** The colour of buttons, as `#rrggbb`; null: the page's own. */
  accent: string | null;
  /** The path of the merchant's logo on the page's own host. */
  logoUrl: string | null;
  /** The contact: an e-mail address, a telephone number, a URL or plain words. */
  support: string | null;
  /** The origins whose pages may show this one in a frame and receive its messages. */
  origins: readonly string[];
}

/** The buttons of the sandbox, each offered only while the order has a use for it. */
export interface SandboxControls {
  /** Where "Pay with test bitcoin" posts to; null once nothing is left to pay. */
  payUrl: string | null;
  /** Where all other buttons post to, as the fields `action` or `event`. */
  url: string;
  actions: readonly SandboxAction[];
  /** The events that can follow now. */
  events: readonly SandboxEvent[];
  /** The limits of a part payment, in whole satoshi; null if there can be none. */
  part: { min: string; max: string; half: string } | null;
  /** Whether somebody is using the controls: then they are open, and the page stays when the order is paid. */
  open: boolean;
  /** Why the last button did nothing. */
  note: 'refused' | 'amount' | null;
}

/** The events that the sandbox can bring about: those that change where an order stands. */
export type SandboxEvent = Exclude<
  CallbackEvent,
  'payment.transaction.changed' | 'payment.refund.paid' | 'payment.refund.reverted'
>;

export type SandboxAction = 'send' | 'send-more' | 'replace' | 'mine' | 'reorganize' | 'reset';
