/** Bitcoin at an address of an account that no order has: it arrived before the address was given to one, or in a skipped range. */
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
  /** What the operator said when it was dealt with; null until then. */
  readonly acknowledged: { readonly at: EpochMs; readonly note: string } | null;
}
