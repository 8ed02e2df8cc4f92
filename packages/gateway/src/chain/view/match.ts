import type { OutPoint, ScriptHex, Txid } from '../../kernel/chain.ts';
import type { Sats } from '../../kernel/sats.ts';

/** An output that pays a script that we watch. */
export interface Match {
  readonly outPoint: OutPoint;
  readonly amount: Sats;
  readonly script: ScriptHex;
  readonly normalizedTxid: Txid;
}
