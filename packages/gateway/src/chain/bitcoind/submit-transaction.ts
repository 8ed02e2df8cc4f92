/** Submits a transaction to the node (`sendrawtransaction`). */
import type { SubmitOutcome } from '../source.ts';
import { RPC_CODE, RpcError } from './rpc/rpc-error.ts';
import type { NodeRpc } from './rpc/rpc.ts';

/**
 * A node gives the same answer for a transaction that is already in its mempool as for one that it accepts now. A transaction
 * that it refuses (-25: an input is missing or spent; -26: the fee is too low, or a conflict) may be accepted later, or by
 * another node.
 *
 * @throws SourceUnavailableError, and RpcError when the node refuses the call rather than the transaction.
 */
export async function submitTransaction(rpc: NodeRpc, raw: Uint8Array, signal: AbortSignal): Promise<SubmitOutcome> {
  try {
    // 0: no fee limit, because the buyer decides about the fee.
    await rpc.call('sendrawtransaction', [Buffer.from(raw).toString('hex'), 0], signal);
    return { kind: 'taken' };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    if (error.code === RPC_CODE.alreadyInChain) return { kind: 'taken' };
    // Some nodes refuse what they already have.
    if (error.code === RPC_CODE.rejected && /txn-already-(?:in-mempool|known)/.test(error.message)) return { kind: 'taken' };
    if (REFUSALS.has(error.code)) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

const REFUSALS: ReadonlySet<number> = new Set([RPC_CODE.undecodable, RPC_CODE.verify, RPC_CODE.rejected]);
