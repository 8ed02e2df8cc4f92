import type { BlockchainStatus, CallbackEvent, OrderStatus } from '@webpos/sdk/wire';

/** All that the checkout page shows of a payment order. Amounts are decimal strings. */
export interface CheckoutView {
  uuid: string;
  /** The path that the gateway is reached under, such as `/pay`; empty when it has its host for itself. */
  basePath: string;
  /** Differs whenever the page would; the stream of events says it too. */
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
  status: OrderStatus;
  blockchainStatus: BlockchainStatus;
  /** What is still unpaid in bitcoin; `0` when nothing is. */
  missingBtc: string;
  /** The same in `currency`. */
  missingFiat: string;
  /** The payment URI for `missingBtc`, shown when a part has arrived. */
  missingUri: string;
  /** What the network shows now, in bitcoin. */
  receivedBtc: string;
  /** What of that is beyond the amount; null when nothing is. */
  surplusBtc: string | null;
  /** Whether something came after the order was closed. */
  late: boolean;
  /** Whether a payment has vanished that the network had shown, and it is now too little. */
  replaced: boolean;
  /** Whether the whole amount had been seen in time, so that the order has not simply expired. */
  covered: boolean;
  /** What made bitcoin of the price. `at`: ISO 8601. */
  rate: { value: string; source: string; at: string };
  /** ISO 8601; null until it is paid. */
  paidAt: string | null;
  /** What has paid it, for the receipt. */
  payments: readonly { txid: string; amountBtc: string }[];
  /** How deep the payment as a whole is: the depth of its shallowest part. */
  confirmations: number;
  requiredConfirmations: number;
  /** ISO 8601. */
  expiresAt: string;
  /** Seconds until `expiresAt`; 0 once it has passed. */
  expiresInS: number;
  /** Where the buyer goes next: continue_url once the whole amount is seen, cancel_url at another end, with payment_id. Null before. */
  backUrl: string | null;
  /** Whether the buyer has just cancelled on this page, and so knows and wants to go. */
  asksToLeave: boolean;
  /** Whether a page of the shop shows it in a frame: then it tells that page, which is the one to go on. */
  isFramed: boolean;
  look: CheckoutLook;
  /** What the sandbox lets one do to the order; null wherever bitcoin is real. */
  sandbox: SandboxControls | null;
}

/** What makes the page the merchant's own. */
export interface CheckoutLook {
  /** The colour of buttons, as `#rrggbb`; null: the page's own. */
  accent: string | null;
  /** The path of the merchant's logo on the page's own host. */
  logoUrl: string | null;
  /** Whom to ask: an e-mail address, a telephone number, a URL or plain words. */
  support: string | null;
  /** The origins whose pages may show this one in a frame, and are told by messages where the order stands. */
  origins: readonly string[];
}

/** The buttons of the sandbox, of which each is offered only while the order has a use for it. */
export interface SandboxControls {
  /** Where "Pay with sandbox bitcoin" posts to; null once there is nothing left to pay. */
  payUrl: string | null;
  /** Where all other buttons post to, as the fields `action` or `event`. */
  url: string;
  actions: readonly SandboxAction[];
  /** The events that can follow now. */
  events: readonly SandboxEvent[];
  /** What a part of what is missing can be, in whole satoshi; null when it can be none. */
  part: { least: string; most: string; half: string } | null;
  /** Whether the controls are shown at once, and the page stays when the order is paid: somebody is using them. */
  open: boolean;
  /** What came of the last button, when it was not what was asked for. */
  note: 'refused' | 'amount' | null;
}

/** What the sandbox can bring about: whatever changes where an order stands. */
export type SandboxEvent = Exclude<CallbackEvent, 'payment.transaction.changed'>;

export type SandboxAction = 'send' | 'send-more' | 'replace' | 'mine' | 'reorganize' | 'reset';
