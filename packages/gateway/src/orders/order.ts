/**
 * A payment order: its terms, which are fixed at its creation; its payments, which follow the chain; and its state, which `settle`
 * decides.
 */
import type * as rules from '@webpos/order-rules';
import type { BlockHash, BlockRef, OutPoint, ScriptHex, Txid } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { AccountId, OrderId, PosId } from '../kernel/ids.ts';
import type { Sats } from '../kernel/sats.ts';
import type { FiatAmount } from './fiat.ts';

export interface Order extends rules.Order<Sats, EpochMs> {
  readonly terms: OrderTerms;
  /** Every output that ever paid this order's address, in order of arrival. */
  readonly payments: readonly Payment[];
  /** What the order had received when the merchant refused it, in satoshi: it needs no attention until it receives more. */
  readonly handled: Sats;
}

/** The part of an order that never changes after its creation. */
export interface OrderTerms extends rules.OrderTerms<Sats, EpochMs> {
  readonly id: OrderId;
  readonly posId: PosId;
  readonly accountId: AccountId;
  /** The index of the address in the account's wallet. */
  readonly addressIndex: number;
  readonly address: string;
  readonly script: ScriptHex;
  /** Authenticates the address and the POS of this order (`security/wallet-seals.ts`); null: not sealed. */
  readonly addressSeal: string | null;
  /** The amount due in satoshi: `fiat` divided by `rate`, rounded up. */
  readonly amount: Sats;
  readonly fiat: FiatAmount;
  readonly rate: OrderRate;
  readonly createdAt: EpochMs;
  readonly reference: string | null;
  readonly details: string | null;
  readonly callbackUrl: string | null;
  readonly continueUrl: string | null;
  readonly cancelUrl: string | null;
}

/** The address of an order, with everything that its seal covers. */
export type OrderAddress = Pick<OrderTerms, 'id' | 'posId' | 'accountId' | 'addressIndex' | 'address' | 'script' | 'addressSeal'>;

/** The rate that turned the fiat amount into satoshi. */
export interface OrderRate {
  readonly source: string;
  /** The price of one bitcoin in fiat units: a decimal string. */
  readonly value: string;
  readonly at: EpochMs;
}

export type OrderState = rules.OrderState<Sats, EpochMs>;
export type AcceptedManually = rules.AcceptedManually<Sats>;

/** One output that pays an order's address. */
export interface Payment extends rules.Payment<Sats> {
  readonly outPoint: OutPoint;
  /** A deprecated id of the transaction that older client libraries read: its hash with empty input scripts. */
  readonly normalizedTxid: Txid;
  /** By the gateway's clock, never the block's. */
  readonly firstSeenAt: EpochMs;
  readonly place: PaymentPlace;
  /** The status last reported of its transaction; undefined: none yet; `unknown`: not recorded at the time. */
  readonly noted?: rules.TransactionStatus | 'unknown' | undefined;
}

/** Where a payment is now. */
export type PaymentPlace =
  | { readonly kind: 'mempool' }
  | { readonly kind: 'block'; readonly height: number; readonly hash: BlockHash }
  /** The source no longer has it for no known reason: it still counts as seen. */
  | { readonly kind: 'missing'; readonly since: EpochMs }
  /** Reverted: it no longer counts, unless it is seen again. */
  | { readonly kind: 'gone'; readonly reason: GoneReason };

/** Why a payment is reverted. */
export type GoneReason =
  /** Another transaction spends an output that it spends, in the mempool (`block` is null) or in a block. */
  | { readonly kind: 'replaced'; readonly by: Txid; readonly block: BlockRef | null }
  /** A source that knows its whole chain dropped it. */
  | { readonly kind: 'dropped' }
  /** It was missing for longer than the settings allow. */
  | { readonly kind: 'timed_out' }
  /** It was reverted before reasons were recorded. */
  | { readonly kind: 'unrecorded' };
