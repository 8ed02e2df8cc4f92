/**
 * A payment order: what was asked for (its terms, fixed when it is made), what has come (its payments, which follow
 * the chain), and where it stands (its state, decided by `settle` alone).
 */
import type { OutPoint, ScriptHex, Txid, BlockHash } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { AccountId, OrderId, PosId } from '../kernel/ids.ts';
import type { Sats } from '../kernel/sats.ts';
import type { FiatAmount } from './fiat.ts';

export interface Order {
  readonly terms: OrderTerms;
  readonly state: OrderState;
  /** Every output that ever paid this order's address, one entry an outpoint, in the order of their coming. */
  readonly payments: readonly Payment[];
  /** The largest surplus that a `payment.overpaid` has told of. */
  readonly surplusTold: Sats;
}

/** What never changes once the order is made. */
export interface OrderTerms {
  readonly id: OrderId;
  readonly posId: PosId;
  readonly accountId: AccountId;
  /** The index of the address in the account's wallet. */
  readonly addressIndex: number;
  readonly address: string;
  readonly script: ScriptHex;
  /** What is owed in bitcoin: `fiat` by `rate`, rounded up. */
  readonly amount: Sats;
  readonly fiat: FiatAmount;
  readonly rate: OrderRate;
  /** How deep a payment must be to count as paid; 0 takes it as soon as it is seen. */
  readonly requiredConfirmations: number;
  readonly createdAt: EpochMs;
  readonly expiresAt: EpochMs;
  /** How long after `expiresAt` an order that was wholly seen in time waits for its confirmations. */
  readonly settlementTimeoutMs: number;
  /** How long a paid order may stay in dispute before it is charged back. */
  readonly chargebackTimeoutMs: number;
  readonly reference: string | null;
  readonly details: string | null;
  readonly callbackUrl: string | null;
  readonly continueUrl: string | null;
  readonly cancelUrl: string | null;
}

/** The rate that turned the fiat amount into satoshi. */
export interface OrderRate {
  readonly source: string;
  /** Units of fiat for one bitcoin, a decimal string. */
  readonly value: string;
  readonly at: EpochMs;
}

/**
 * The states of an order. `pending` is open until it is paid, expired or cancelled; `paid` may fall into `disputed` and
 * come back; `expired`, `cancelled` and `charged_back` are final.
 */
export type OrderState =
  /** `coveredAt`: when the whole amount had been seen, in the mempool or in blocks, if that was by the expiration time. */
  | { readonly status: 'pending'; readonly coveredAt: EpochMs | null }
  | { readonly status: 'paid'; readonly paidAt: EpochMs }
  | { readonly status: 'disputed'; readonly paidAt: EpochMs; readonly disputedAt: EpochMs }
  | { readonly status: 'charged_back'; readonly paidAt: EpochMs; readonly disputedAt: EpochMs; readonly chargedBackAt: EpochMs }
  | { readonly status: 'expired'; readonly expiredAt: EpochMs }
  | { readonly status: 'cancelled'; readonly cancelledAt: EpochMs };

/** One output that pays an order's address. */
export interface Payment {
  readonly outPoint: OutPoint;
  readonly amount: Sats;
  /** Deprecated id of its transaction, which older client libraries ask for: its hash with the input scripts emptied. */
  readonly normalizedTxid: Txid;
  /** By our own clock, never the block's. */
  readonly firstSeenAt: EpochMs;
  readonly place: PaymentPlace;
  /** Whether a `payment.completed` or `payment.overpaid` has counted it, so that no output is ever told of twice. */
  readonly counted: boolean;
}

/** Where the chain has a payment now. `gone`: neither in a block of the best chain nor in the mempool. */
export type PaymentPlace =
  | { readonly kind: 'mempool' }
  | { readonly kind: 'block'; readonly height: number; readonly hash: BlockHash }
  | { readonly kind: 'gone' };
