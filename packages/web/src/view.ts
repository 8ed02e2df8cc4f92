import type { BlockchainStatus, OrderStatus } from '@webpos/sdk/wire';

/** All that the checkout page shows of a payment order. Amounts are decimal strings, ready to be shown. */
export interface CheckoutView {
  uuid: string;
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
  /** The payment URI for `missingBtc`, shown when a part has arrived. */
  missingUri: string;
  /** How deep the payment as a whole is: the depth of its shallowest part. */
  confirmations: number;
  requiredConfirmations: number;
  /** ISO 8601. */
  expiresAt: string;
  /** Seconds until `expiresAt`; 0 once it has passed. */
  expiresInS: number;
  /** Where the buyer goes at the end: continue_url or cancel_url with its payment_id. Null while the order waits. */
  backUrl: string | null;
  /** Where "Pay with sandbox bitcoin" posts to. Null outside the sandbox and once there is nothing left to pay. */
  sandboxPayUrl: string | null;
}
