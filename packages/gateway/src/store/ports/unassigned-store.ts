import type { BlockRef, OutPoint } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Sats } from '../../kernel/sats.ts';
import type { UnassignedPayment } from '../../orders/unassigned-payment.ts';
import type { PaymentPlaces } from './payment-places.ts';

/** Payments to addresses of accounts that no order has. Each stands where the chain has it, as payments of orders do. */
export interface UnassignedStore extends PaymentPlaces {
  /** Adds a payment, or puts one that is known in its new place; answers whether it is new. */
  place(payment: Omit<UnassignedPayment, 'acknowledged'>): Promise<boolean>;
  /** Which of these outputs are known as unassigned, by `outPointKey`. */
  among(outPoints: readonly OutPoint[]): Promise<ReadonlySet<string>>;
  /** Moves the payments of a block that was undone back to the mempool, and those that a transaction in it had replaced. */
  undoBlock(block: BlockRef): Promise<void>;
  get(outPoint: OutPoint): Promise<UnassignedPayment | undefined>;
  /** The newest first. */
  list(query: UnassignedQuery): Promise<UnassignedPayment[]>;
  /** By account, what is there and nobody has acknowledged. */
  open(): Promise<UnassignedSum[]>;
  /** Notes that the operator has dealt with a payment; answers false when it is unknown or was acknowledged before. */
  acknowledge(outPoint: OutPoint, at: EpochMs, note: string): Promise<boolean>;
}

export interface UnassignedQuery {
  /** Undefined: of every account. */
  readonly accountId: AccountId | undefined;
  /** Only those that nobody has acknowledged. */
  readonly open: boolean;
  readonly limit: number;
}

export interface UnassignedSum {
  readonly accountId: AccountId;
  readonly payments: number;
  readonly amount: Sats;
}
