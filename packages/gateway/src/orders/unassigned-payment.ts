/**
 * An output to an address of an account that belongs to no order: it arrived before an order got the address, or the address is in a
 * skipped range.
 */
import type { OutPoint, ScriptHex, Txid } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { AccountId } from '../kernel/ids.ts';
import type { Sats } from '../kernel/sats.ts';
import type { PaymentPlace } from './order.ts';

export interface UnassignedPayment {
  readonly accountId: AccountId;
  readonly addressIndex: number;
  readonly address: string;
  readonly script: ScriptHex;
  readonly outPoint: OutPoint;
  readonly amount: Sats;
  readonly normalizedTxid: Txid;
  readonly firstSeenAt: EpochMs;
  readonly place: PaymentPlace;
  /** The operator's note on how the payment was handled; null until it is. */
  readonly acknowledged: { readonly at: EpochMs; readonly note: string } | null;
}
