/** Fetches the bytes of mempool transactions. `mempool-mirror.ts` tracks which transactions there are. */
import type { Txid } from '../../kernel/chain.ts';
import { asBytes } from './rpc/answer-parts.ts';
import type { RpcOutcome } from './rpc/rpc-answer.ts';
import { RPC_CODE } from './rpc/rpc-error.ts';
import { resultOf, type NodeRpc } from './rpc/rpc.ts';

// 25 of the largest standard transactions make 20 MB of hex. Four batches at a time leave the node threads for other clients.
const BATCH_SIZE = 25;
const BATCHES_AT_ONCE = 4;

/**
 * Fetches transactions of the mempool in consensus serialisation, without those that have left it. A node with a transaction
 * index still finds one that has just been mined.
 */
export async function fetchMempoolTransactions(
  rpc: NodeRpc,
  txids: readonly Txid[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Txid, Uint8Array>> {
  const found = new Map<Txid, Uint8Array>();
  const batches = batchesOf(txids);
  async function work(): Promise<void> {
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      const calls = batch.map((txid) => ({ method: 'getrawtransaction', params: [txid, false] }));
      const outcomes = await rpc.batch(calls, signal);
      for (const [place, txid] of batch.entries()) {
        const outcome = outcomes[place];
        if (!isNotFound(outcome)) found.set(txid, asBytes(resultOf(outcome), 'getrawtransaction'));
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, work));
  } finally {
    batches.length = 0; // after a failure, the other workers stop at the end of their batch
  }
  return found;
}

function batchesOf(txids: readonly Txid[]): (readonly Txid[])[] {
  return Array.from({ length: Math.ceil(txids.length / BATCH_SIZE) }, (_, n) =>
    txids.slice(n * BATCH_SIZE, (n + 1) * BATCH_SIZE),
  );
}

function isNotFound(outcome: RpcOutcome | undefined): boolean {
  return outcome?.kind === 'error' && outcome.error.code === RPC_CODE.notFound;
}
