import type { CallbackEvent } from './events.ts';
import type { BlockchainStatus, OrderStatus } from './statuses.ts';

/** An amount of bitcoin in satoshi, as the wire carries it: an integer of at most 2,100,000,000,000,000. */
export type Satoshi = number;
/** A decimal number as a string, such as `"10.00"`: fiat amounts and rates. */
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
  /** Seconds until the token expires. */
  expires_in: number;
  /** A JSON Web Token: three base64url parts. */
  id_token: string;
  scope?: string | null;
}

/** The body of `POST /payment-order`. Missing fields default to the settings of the POS. */
export interface PaymentOrderCreation {
  /** The price, in the currency of the POS: a decimal above 0. */
  amount: DecimalString;
  /** Where signed callbacks are sent: an https URL of at most 300 characters. */
  callback_url?: string | null | undefined;
  /** Where the checkout page sends the buyer once the order is paid. */
  continue_url?: string | null | undefined;
  /** Where the checkout page sends the buyer if the order is cancelled or expired. */
  cancel_url?: string | null | undefined;
  /** Free text for the buyer, at most 300 characters. */
  details?: string | null | undefined;
  /** The merchant's own reference, at most 300 characters. */
  reference?: string | null | undefined;
  /** The confirmations that the order requires to be paid; 0 accepts a payment as soon as it is seen. */
  required_confirmations?: number | null | undefined;
}

/** The answer to `POST /payment-order`. */
export interface PaymentOrderCreationResponse {
  uuid: Uuid;
  /** The bitcoin address of this order only. */
  address: string;
  /** The payment URI (BIP 321, which replaces BIP 21). */
  uri: string;
  /** The amount to pay, in **satoshi**. */
  amount: Satoshi;
  rate: RateRetrieval;
  /** The URL of the checkout page. */
  redirect_url: string | null;
  created_at?: IsoDate;
  expiration_time: IsoDate;
  /** Seconds until `expiration_time`. */
  expires_in: number;
  reference?: string | null;
}

/** A payment order, as `GET /payment-order/{uuid}` returns it. */
export interface PaymentOrderRetrieval {
  uuid: Uuid;
  address: string;
  uri: string;
  /** The price, in **fiat**. */
  amount: DecimalString;
  /** The amount to pay, in satoshi. */
  btc_amount: Satoshi;
  currency: CurrencyRetrieval;
  rate: RateRetrieval;
  state: PaymentOrderState;
  /** Never null from a WebPOS gateway; the contract allows the public platform to send null for an empty list. */
  transactions: Transaction[] | null;
  required_confirmations: number;
  created_at: IsoDate;
  created_by: PaymentOrderCreator;
  expiration_time: IsoDate;
  /** Seconds until `expiration_time`; 0 once it has passed. */
  expires_in: number;
  /** When the order was paid, or entered another final state. */
  resolved_at: IsoDate | null;
  dispute_start_date: IsoDate | null;
  chargeback_date: IsoDate | null;
  reference: string | null;
  details?: string | null;
  redirect_url?: string | null;
  callback_url?: string | null;
}

/** The order in a callback: a {@link PaymentOrderRetrieval} that always has its URLs. */
export interface CallbackPaymentOrder extends PaymentOrderRetrieval {
  details: string | null;
  redirect_url: string;
  callback_url: string;
  continue_url: string;
  cancel_url: string;
}

/** The state of a payment order. */
export interface PaymentOrderState {
  status: OrderStatus;
  blockchain_status: BlockchainStatus;
  /** The part with the confirmations that the order requires. */
  paid: PaidStatus | null;
  /** The part that has been seen, but does not have those confirmations yet. */
  in_confirmation: PaidStatus | null;
  /** The part that is missing; never below zero. */
  unpaid: PaidStatus | null;
}

/** An amount in bitcoin and in the currency of the order. */
export interface PaidStatus {
  /** In satoshi. */
  crypto: Satoshi;
  /** Its share of the order's price, rounded half to even to the decimals of the currency. */
  fiat: DecimalString;
}

/** A bitcoin transaction that pays an order. */
export interface Transaction {
  /** 64 hex digits, in the conventional (reversed) byte order. */
  txid: string;
  /** Deprecated: the hash of the transaction with empty input scripts. */
  normalized_txid: string;
  status: 'unconfirmed' | 'confirmed' | 'reverted';
  blockchain_status: 'mempool' | 'unconfirmed' | 'confirmed' | 'reverted';
  /** When it was first seen, by the gateway's own clock. */
  created_at: IsoDate;
  /** Only the outputs that pay the order. */
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

/** The price of one bitcoin when the order was created. */
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

/** The point of sale (POS) that created an order. */
export interface PaymentOrderCreator {
  uuid: Uuid;
  name: string;
  type: 'web' | 'mobile';
  active?: boolean;
  deposit_account: DepositAccountLite;
}

/** The account that receives the money of a POS. */
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

/** An event that can be triggered in the sandbox now. */
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

/** The body of a callback, which is sent by `POST` to the order's callback_url and signed in the `chainside-signature` header. */
export interface CallbackBody {
  event: CallbackEvent;
  created_at: IsoDate;
  object_type: 'payment_order';
  object: CallbackPaymentOrder;
}
