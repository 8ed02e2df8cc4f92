import type { CallbackEvent } from './events.ts';
import type { BlockchainStatus, OrderStatus } from './statuses.ts';

/** An amount of bitcoin in satoshi, as the wire carries it: an integer, at most 2,100,000,000,000,000. */
export type Satoshi = number;
/** A decimal number in a string, such as `"10.00"`: fiat amounts and rates. */
export type DecimalString = string;
/** An ISO 8601 date in UTC with milliseconds, such as `2026-11-23T18:00:00.000Z`. */
export type IsoDate = string;
/** A version 4 UUID in lower case. */
export type Uuid = string;

/** The body of `POST /token`. */
export interface ClientCredentials {
  grant_type: 'client_credentials';
  scope: '*';
}

/** The answer to `POST /token`. */
export interface ClientCredentialsLoginResponse {
  access_token: string;
  token_type: 'Bearer';
  /** Seconds until the token runs out. */
  expires_in: number;
  /** A JSON Web Token: three base64url parts. */
  id_token: string;
  scope?: string | null;
}

/** The body of `POST /payment-order`. What is missing is taken from the settings of the POS. */
export interface PaymentOrderCreation {
  /** What the buyer owes, in the currency of the POS: a decimal above 0. */
  amount: DecimalString;
  /** Where signed callbacks go: an https URL of at most 300 characters. */
  callback_url?: string | null | undefined;
  /** Where the checkout page sends the buyer once the order is paid. */
  continue_url?: string | null | undefined;
  /** Where the checkout page sends the buyer when the order is cancelled or expired. */
  cancel_url?: string | null | undefined;
  /** Free text for the buyer, at most 300 characters. */
  details?: string | null | undefined;
  /** The merchant's own reference, at most 300 characters. */
  reference?: string | null | undefined;
  /** How many confirmations make the order paid; 0 takes a payment as soon as it is seen. */
  required_confirmations?: number | null | undefined;
}

/** The answer to `POST /payment-order`. */
export interface PaymentOrderCreationResponse {
  uuid: Uuid;
  /** The bitcoin address that this order alone uses. */
  address: string;
  /** The payment URI (BIP 321, which replaces BIP 21). */
  uri: string;
  /** What the buyer owes, in **satoshi**. */
  amount: Satoshi;
  rate: RateRetrieval;
  /** The checkout page. */
  redirect_url: string | null;
  created_at?: IsoDate;
  expiration_time: IsoDate;
  /** Seconds until `expiration_time`. */
  expires_in: number;
  reference?: string | null;
}

/** A payment order as `GET /payment-order/{uuid}` answers it. */
export interface PaymentOrderRetrieval {
  uuid: Uuid;
  address: string;
  uri: string;
  /** What the buyer owes, in **fiat**. */
  amount: DecimalString;
  /** What the buyer owes, in satoshi. */
  btc_amount: Satoshi;
  currency: CurrencyRetrieval;
  rate: RateRetrieval;
  state: PaymentOrderState;
  /** Never null from a WebPOS gateway; the contract lets the public platform send null for an empty list. */
  transactions: Transaction[] | null;
  required_confirmations: number;
  created_at: IsoDate;
  created_by: PaymentOrderCreator;
  expiration_time: IsoDate;
  /** Seconds until `expiration_time`; 0 once it has passed. */
  expires_in: number;
  /** When the order was paid, or came to another end. */
  resolved_at: IsoDate | null;
  dispute_start_date: IsoDate | null;
  chargeback_date: IsoDate | null;
  reference: string | null;
  details?: string | null;
  redirect_url?: string | null;
  callback_url?: string | null;
}

/** The order inside a callback: all of {@link PaymentOrderRetrieval}, with its URLs always there. */
export interface CallbackPaymentOrder extends PaymentOrderRetrieval {
  details: string | null;
  redirect_url: string;
  callback_url: string;
  continue_url: string;
  cancel_url: string;
}

/** Where a payment order stands. */
export interface PaymentOrderState {
  status: OrderStatus;
  blockchain_status: BlockchainStatus;
  /** What is as deep in the chain as the order asks for. */
  paid: PaidStatus | null;
  /** What has been seen but is not yet that deep. */
  in_confirmation: PaidStatus | null;
  /** What is still missing; never below zero. */
  unpaid: PaidStatus | null;
}

/** One amount in bitcoin and in the currency of the order. */
export interface PaidStatus {
  /** In satoshi. */
  crypto: Satoshi;
  /** By the order's own terms, rounded half even to the decimals of the currency. */
  fiat: DecimalString;
}

/** A bitcoin transaction that pays an order. */
export interface Transaction {
  /** 64 hex digits, in the usual (reversed) byte order. */
  txid: string;
  /** Deprecated: the hash of the transaction with its input scripts emptied. */
  normalized_txid: string;
  status: 'unconfirmed' | 'confirmed' | 'reverted';
  blockchain_status: 'mempool' | 'unconfirmed' | 'confirmed' | 'reverted';
  /** When it was first seen, by the gateway's own clock. */
  created_at: IsoDate;
  /** The outputs that pay the order, and no others. */
  outs: Out[];
  /** The sum of `outs`, in satoshi. */
  outs_sum: Satoshi;
}

/** One output of a transaction. */
export interface Out {
  /** Its index in the transaction. */
  n: number;
  /** In satoshi. */
  amount: Satoshi;
}

/** What one bitcoin was worth when the order was made. */
export interface RateRetrieval {
  source: string;
  /** Units of fiat for one bitcoin. */
  value: DecimalString;
  created_at: IsoDate;
  from?: string;
  to?: string;
}

/** A currency. */
export interface CurrencyRetrieval {
  uuid: Uuid;
  /** Its ISO 4217 code, such as `EUR`. */
  name: string;
  type: 'fiat' | 'crypto';
}

/** The point of sale (POS) that made an order. */
export interface PaymentOrderCreator {
  uuid: Uuid;
  name: string;
  type: 'web' | 'mobile';
  active?: boolean;
  deposit_account: DepositAccountLite;
}

/** The account that the money of a POS goes to. */
export interface DepositAccountLite {
  uuid: Uuid;
  name: string;
  type: 'bank' | 'bitcoin';
}

/** The answer to `GET /payment-order`. */
export interface PaymentOrderList {
  total_items: number;
  total_pages: number;
  paymentorders: PaymentOrderRetrieval[];
}

/** The answer to `DELETE /payment-order/{uuid}`. */
export interface PaymentOrderDeletionResponse {
  cancel_url: string;
}

/** One event that may be triggered in the sandbox now. */
export interface Callback {
  name: CallbackEvent;
}

/** The answer to `GET /payment-order/{uuid}/callbacks`. */
export interface CallbackList {
  callbacks: Callback[];
}

/** The body of `PATCH /payment-order/{uuid}/test/`. */
export interface PaymentUpdateObject {
  callback: CallbackEvent;
}

/** The body of a callback: `POST`ed to the order's callback_url, signed in the `chainside-signature` header. */
export interface CallbackBody {
  event: CallbackEvent;
  created_at: IsoDate;
  object_type: 'payment_order';
  object: CallbackPaymentOrder;
}
