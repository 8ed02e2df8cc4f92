/** Finds, among the outputs of transactions, those that pay a script of ours. */
import type { OutPoint, ScriptHex, Txid } from '../../kernel/chain.ts';
import type { Sats } from '../../kernel/sats.ts';
import type { ChainTransaction } from './transaction.ts';

/** An output that pays a script that we watch. */
export interface Match {
  readonly outPoint: OutPoint;
  readonly amount: Sats;
  readonly script: ScriptHex;
  readonly normalizedTxid: Txid;
}

/** What knows the scripts that we watch. */
export interface ScriptSet {
  has(script: ScriptHex): boolean;
}

/** All outputs of a transaction that pay a watched script. */
export function matchOutputs(transaction: ChainTransaction, scripts: ScriptSet): Match[] {
  const matches: Match[] = [];
  for (const { vout, amount, script } of transaction.outputs) {
    if (!scripts.has(script)) continue;
    matches.push({ outPoint: { txid: transaction.txid, vout }, amount, script, normalizedTxid: transaction.normalizedTxid() });
  }
  return matches;
}
