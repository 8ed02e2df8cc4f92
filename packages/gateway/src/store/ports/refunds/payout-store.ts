import type { BlockRef, OutPoint, ScriptHex } from '../../../kernel/chain.ts';
import type { RefundId } from '../../../kernel/ids.ts';
import type { Payout } from '../../../refunds/payout.ts';
import type { PaymentPlaces } from '../payment-places.ts';

/** The outputs that pay refunds, or may pay them. Their places follow the chain like those of payments. */
export interface PayoutStore extends PaymentPlaces {
  /** Stores a payout without a refund, or the new place of one that is stored already. */
  place(payout: Omit<Payout, 'refundId'>): Promise<void>;
  /** Moves the payouts of a rolled-back block to the mempool, and those that a transaction in it had replaced. Returns their scripts. */
  rollBackBlock(block: BlockRef): Promise<ScriptHex[]>;
  get(outPoint: OutPoint): Promise<Payout | undefined>;
  /** Returns at most `limit` payouts to these scripts, the newest first. */
  toScripts(scripts: readonly ScriptHex[], limit: number): Promise<Payout[]>;
  /** Links a payout to a refund. Returns false if it is linked already. */
  link(outPoint: OutPoint, id: RefundId): Promise<boolean>;
  /** Returns the scripts that these outputs pay. */
  scriptsOf(outPoints: readonly OutPoint[]): Promise<ScriptHex[]>;
}
