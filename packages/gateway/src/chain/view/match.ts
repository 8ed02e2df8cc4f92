import type { OutPoint, ScriptHex, Txid } from '../../kernel/chain.ts';
import type { Sats } from '../../kernel/sats.ts';

/** An output that pays a watched script. */
export interface Match {
  readonly outPoint: OutPoint;
  readonly amount: Sats;
  readonly script: ScriptHex;
  readonly normalizedTxid: Txid;
  /** Its transaction in consensus serialisation. */
  readonly raw: Uint8Array;
}
