/** Places on the best chain. */
import { parseBlockHash, type BlockRef } from '../../kernel/chain.ts';
import { asInteger, asRecord, parsedBy } from './answer-parts.ts';
import { RPC_CODE, RpcError } from './rpc-error.ts';
import type { NodeRpc } from './rpc.ts';

/** The best block, by one call, so that height and hash belong together. */
export async function fetchTip(rpc: NodeRpc, signal: AbortSignal): Promise<BlockRef> {
  const answer = asRecord(await rpc.call('getblockchaininfo', [], signal), 'getblockchaininfo');
  return {
    height: asInteger(answer['blocks'], 'getblockchaininfo: blocks'),
    hash: parsedBy(parseBlockHash, answer['bestblockhash'], 'getblockchaininfo: bestblockhash'),
  };
}

/** The block at this height, or undefined above the tip. */
export async function fetchBlockAt(rpc: NodeRpc, height: number, signal: AbortSignal): Promise<BlockRef | undefined> {
  try {
    return { height, hash: parsedBy(parseBlockHash, await rpc.call('getblockhash', [height], signal), 'getblockhash') };
  } catch (error) {
    if (error instanceof RpcError && error.code === RPC_CODE.outOfRange) return undefined;
    throw error;
  }
}
