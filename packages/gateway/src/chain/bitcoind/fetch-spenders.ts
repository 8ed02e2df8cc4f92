/** Finds which mempool transaction spends an output (`gettxspendingprevout`, since Bitcoin Core 24). */
import { outPointKey, parseTxid, type OutPoint, type Txid } from '../../kernel/chain.ts';
import { asArray, asInteger, asRecord, parsedBy } from './rpc/answer-parts.ts';
import { RPC_CODE, RpcError } from './rpc/rpc-error.ts';
import type { NodeRpc } from './rpc/rpc.ts';

/** Max number of outputs in one call. */
const OUT_POINTS_PER_CALL = 1000;

/**
 * The spending transactions by output key. An older node does not support the call, so a replacement is then noticed only in a
 * block.
 */
export async function fetchSpenders(
  rpc: NodeRpc,
  outPoints: readonly OutPoint[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Txid>> {
  const spenders = new Map<string, Txid>();
  const what = 'gettxspendingprevout';
  for (let start = 0; start < outPoints.length; start += OUT_POINTS_PER_CALL) {
    const page = outPoints.slice(start, start + OUT_POINTS_PER_CALL).map(({ txid, vout }) => ({ txid, vout }));
    try {
      for (const each of asArray(await rpc.call(what, [page], signal), what)) {
        const { txid, vout, spendingtxid: by } = asRecord(each, what);
        if (by === undefined) continue;
        const outPoint = { txid: parsedBy(parseTxid, txid, `${what}: txid`), vout: asInteger(vout, `${what}: vout`) };
        spenders.set(outPointKey(outPoint), parsedBy(parseTxid, by, `${what}: spendingtxid`));
      }
    } catch (error) {
      if (error instanceof RpcError && error.code === RPC_CODE.methodNotFound) return spenders;
      throw error;
    }
  }
  return spenders;
}
