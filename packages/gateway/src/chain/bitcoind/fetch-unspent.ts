/** Finds which outputs are unspent, by blocks and mempool (`gettxout`). */
import { outPointKey, type OutPoint } from '../../kernel/chain.ts';
import type { NodeRpc } from './rpc/rpc.ts';

const OUT_POINTS_PER_CALL = 100;

/** The unspent ones by output key. */
export async function fetchUnspent(
  rpc: NodeRpc,
  outPoints: readonly OutPoint[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const unspent = new Set<string>();
  for (let start = 0; start < outPoints.length; start += OUT_POINTS_PER_CALL) {
    const page = outPoints.slice(start, start + OUT_POINTS_PER_CALL);
    const calls = page.map(({ txid, vout }) => ({ method: 'gettxout', params: [txid, vout, true] }));
    const outcomes = await rpc.batch(calls, signal);
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.kind === 'error') throw outcome.error;
      const outPoint = page[at];
      if (outPoint !== undefined && outcome.result !== null) unspent.add(outPointKey(outPoint));
    }
  }
  return unspent;
}

/** In how many blocks a transaction with the estimated fee should be mined. */
const TARGET_BLOCKS = 6;

/** Estimates the fee rate in whole satoshi per virtual byte (`estimatesmartfee`); undefined if the node has no estimate. */
export async function fetchFeeRate(rpc: NodeRpc, signal: AbortSignal): Promise<number | undefined> {
  const answer = await rpc.call('estimatesmartfee', [TARGET_BLOCKS], signal);
  const { feerate: btcPerKvb } = (answer ?? {}) as { readonly feerate?: unknown };
  // A rate, not an amount: the nearest whole number above is enough.
  return typeof btcPerKvb === 'number' && btcPerKvb > 0 ? Math.max(1, Math.ceil(btcPerKvb * 100_000)) : undefined;
}
