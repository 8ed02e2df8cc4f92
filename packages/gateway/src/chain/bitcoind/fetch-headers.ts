/** How many headers are fetched in one batch. */
import { asBytes } from './rpc/answer-parts.ts';
import { RPC_CODE } from './rpc/rpc-error.ts';
import { resultOf, type NodeRpc } from './rpc/rpc.ts';

const BATCH_SIZE = 250;

/**
 * Fetches up to `count` headers of the best chain, starting at a height. If the chain changes meanwhile, they may not form a
 * chain.
 */
export async function fetchHeaders(
  rpc: NodeRpc,
  from: number,
  count: number,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const headers: Uint8Array[] = [];
  while (headers.length < count) {
    const start = from + headers.length;
    const heights = Array.from({ length: Math.min(BATCH_SIZE, count - headers.length) }, (_, above) => start + above);
    const outcomes = await rpc.batch(
      heights.map((height) => ({ method: 'getblockhash', params: [height] })),
      signal,
    );
    const end = outcomes.findIndex((each) => each.kind === 'error' && each.error.code === RPC_CODE.outOfRange);
    const hashes = outcomes.slice(0, end === -1 ? undefined : end).map(resultOf);
    const found = await rpc.batch(
      hashes.map((hash) => ({ method: 'getblockheader', params: [hash, false] })),
      signal,
    );
    headers.push(...found.map((outcome) => asBytes(resultOf(outcome), 'getblockheader')));
    if (end !== -1) break;
  }
  return headers;
}
