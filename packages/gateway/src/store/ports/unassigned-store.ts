import type { BlockRef, OutPoint } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Sats } from '../../kernel/sats.ts';
import type { UnassignedPayment } from '../../orders/unassigned-payment.ts';
import type { PaymentPlaces } from './payment-places.ts';

/** Unassigned payments: outputs to addresses of accounts that belong to no order. Their places follow the chain like those of payments. */
export interface UnassignedStore extends PaymentPlaces {
  /** Stores a payment, or the new place of a payment that is stored already. Returns whether it is new. */
  place(payment: Omit<UnassignedPayment, 'acknowledged'>): Promise<boolean>;
  /** Stores a payment, unless it is stored already. Returns whether it is new. */
  record(payment: Omit<UnassignedPayment, 'acknowledged'>): Promise<boolean>;
  /** Returns which of these outputs are stored as unassigned, by `outPointKey`. */
  among(outPoints: readonly OutPoint[]): Promise<ReadonlySet<string>>;
  /** Moves the payments of a rolled-back block to the mempool, and those that a transaction in it had replaced. */
  rollBackBlock(block: BlockRef): Promise<void>;
  get(outPoint: OutPoint): Promise<UnassignedPayment | undefined>;
  /** Returns unassigned payments, the newest first. */
  list(query: UnassignedQuery): Promise<UnassignedPayment[]>;
  /** Returns the number and sum of unacknowledged payments that count, by account. */
  openSums(): Promise<UnassignedSum[]>;
  /** Records that the operator has dealt with a payment. Returns false if it is unknown or was acknowledged before. */
  acknowledge(outPoint: OutPoint, at: EpochMs, note: string): Promise<boolean>;
}

export interface UnassignedQuery {
  /** Undefined for all accounts. */
  readonly accountId: AccountId | undefined;
  /** Only payments that have not been acknowledged. */
  readonly open: boolean;
  readonly limit: number;
}

export interface UnassignedSum {
  readonly accountId: AccountId;
  readonly payments: number;
  readonly amount: Sats;
}
