/**
 * Chooses the mempool transactions of a block: requested ones first, then by fee rate, each with all its ancestors, while there
 * is room. Among equal fee rates, the earliest comes first.
 */
import type { Txid } from '../../kernel/chain.ts';
import { feesOf, paysBetter } from './judge-transaction.ts';
import type { Mempool, WaitingTransaction } from './mempool.ts';

export interface TemplateOptions {
  readonly maxBytes: number;
  /** Included before all others, even when held. */
  readonly first: readonly Txid[];
}

/** The transactions of the next block, parents before the transactions that spend from them. */
export function blockTemplate(mempool: Mempool, { maxBytes, first }: TemplateOptions): WaitingTransaction[] {
  const wanted = new Set(first);
  const heldBack = mempool.withDescendants(
    [...mempool.all()].filter(({ txid, held }) => held && !wanted.has(txid)).map(({ txid }) => txid),
  );
  const packages = [...mempool.all()]
    .filter(({ txid }) => !heldBack.has(txid))
    .map(({ txid }) => {
      const txids = mempool.withAncestors(txid);
      const bytes = BigInt(bytesOf(mempool, txids));
      return { txids, bytes, fee: feesOf(mempool, txids), isWanted: wanted.has(txid) };
    });
  packages.sort((a, b) => {
    if (a.isWanted !== b.isWanted) return a.isWanted ? -1 : 1;
    if (paysBetter(a, b)) return -1;
    return paysBetter(b, a) ? 1 : 0;
  });
  const taken = new Set<Txid>();
  let room = maxBytes;
  for (const { txids } of packages) {
    const more = [...txids].filter((txid) => !taken.has(txid));
    const bytes = bytesOf(mempool, more);
    if (bytes > room) continue;
    room -= bytes;
    for (const txid of more) taken.add(txid);
  }
  // In order of arrival, which puts parents first.
  return [...mempool.all()].filter(({ txid }) => taken.has(txid));
}

function bytesOf(mempool: Mempool, txids: Iterable<Txid>): number {
  let bytes = 0;
  for (const txid of txids) bytes += mempool.get(txid)?.raw.length ?? 0;
  return bytes;
}
