/**
 * A payment order: what was asked for (its terms, fixed when it is made), what has come (its payments, which follow
 * the chain), and where it stands (its state, decided by `settle` alone).
 */
import type * as rules from '@webpos/order-rules';
import type { BlockHash, BlockRef, OutPoint, ScriptHex, Txid } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { AccountId, OrderId, PosId } from '../kernel/ids.ts';
import type { Sats } from '../kernel/sats.ts';
import type { FiatAmount } from './fiat.ts';

export interface Order extends rules.Order<Sats, EpochMs> {
  readonly terms: OrderTerms;
  /** Every output that ever paid this order's address, one entry an outpoint, in the order of their coming. */
  readonly payments: readonly Payment[];
  /** What had come when the merchant refused it by hand: it needs nobody's attention until more comes. */
  readonly handled: Sats;
}

/** What never changes once the order is made. */
export interface OrderTerms extends rules.OrderTerms<Sats, EpochMs> {
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
  readonly createdAt: EpochMs;
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

export type OrderState = rules.OrderState<Sats, EpochMs>;
export type AcceptedManually = rules.AcceptedManually<Sats>;

/** One output that pays an order's address. */
export interface Payment extends rules.Payment<Sats> {
  readonly outPoint: OutPoint;
  /** Deprecated id of its transaction, which older client libraries ask for: its hash with the input scripts emptied. */
  readonly normalizedTxid: Txid;
  /** By our own clock, never the block's. */
  readonly firstSeenAt: EpochMs;
  readonly place: PaymentPlace;
  /** What was last reported about its transaction; undefined: nothing; `unknown`: it was not recorded. */
  readonly noted?: rules.TransactionStatus | 'unknown' | undefined;
}

/** Where the chain has a payment now. */
export type PaymentPlace =
  | { readonly kind: 'mempool' }
  | { readonly kind: 'block'; readonly height: number; readonly hash: BlockHash }
  /** The source no longer has it, and nothing explains why: it counts as seen. `since`: when it was first missed. */
  | { readonly kind: 'missing'; readonly since: EpochMs }
  /** It will not confirm, or was waited for in vain: it counts no more, unless it is seen again. */
  | { readonly kind: 'gone'; readonly reason: GoneReason };

/** Why a payment is gone. */
export type GoneReason =
  /** Another transaction spends what it spends, in the mempool (`block` is null) or in a block. */
  | { readonly kind: 'replaced'; readonly by: Txid; readonly block: BlockRef | null }
  /** A source that knows everything about its chain dropped it. */
  | { readonly kind: 'dropped' }
  /** It was missing for as long as the settings allow. */
  | { readonly kind: 'timed_out' }
  /** It went before reasons were recorded. */
  | { readonly kind: 'unrecorded' };
