import { parseBlockHash, type BlockRef } from '../../kernel/chain.ts';
import { asInteger, asRecord, parsedBy } from './rpc/answer-parts.ts';
import { RPC_CODE, RpcError } from './rpc/rpc-error.ts';
import type { NodeRpc } from './rpc/rpc.ts';

/** Fetches the best block in one call, so that height and hash match. */
export async function fetchTip(rpc: NodeRpc, signal: AbortSignal): Promise<BlockRef> {
  const answer = asRecord(await rpc.call('getblockchaininfo', [], signal), 'getblockchaininfo');
  return {
    height: asInteger(answer['blocks'], 'getblockchaininfo: blocks'),
    hash: parsedBy(parseBlockHash, answer['bestblockhash'], 'getblockchaininfo: bestblockhash'),
  };
}

/** Fetches the block at this height, or undefined above the tip. */
export async function fetchBlockAt(rpc: NodeRpc, height: number, signal: AbortSignal): Promise<BlockRef | undefined> {
  try {
    return { height, hash: parsedBy(parseBlockHash, await rpc.call('getblockhash', [height], signal), 'getblockhash') };
  } catch (error) {
    if (error instanceof RpcError && error.code === RPC_CODE.outOfRange) return undefined;
    throw error;
  }
}
