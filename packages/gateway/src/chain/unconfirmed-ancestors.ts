/**
 * Collects the unconfirmed transactions that a payment depends on. A node that has dropped them too refuses the payment alone, so
 * they are stored and rebroadcast with it. Limited as in a node: of more ancestors than it relays, only some are stored.
 */
import type { Txid } from '../kernel/chain.ts';
import type { ChainSource, MempoolIds } from './source.ts';
import { parseTransaction } from './view/transaction.ts';

/** Bitcoin Core's default relay limits (`-limitancestorcount`, `-limitancestorsize`). */
const MAX_ANCESTORS = 25;
const MAX_ANCESTOR_BYTES = 400_000;

/**
 * @param raw The transaction, in consensus serialisation.
 * @returns its ancestors in the mempool, parents before children.
 */
export async function unconfirmedAncestors(
  raw: Uint8Array,
  present: Pick<MempoolIds, 'placeOf'>,
  source: Pick<ChainSource, 'mempoolTransactions'>,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const found = new Map<Txid, { readonly raw: Uint8Array; readonly parents: readonly Txid[] }>();
  let bytes = 0;
  let wanted = parentsOf(raw, present);
  while (wanted.length > 0 && found.size < MAX_ANCESTORS) {
    const fetched = await source.mempoolTransactions(wanted.slice(0, MAX_ANCESTORS - found.size), signal);
    const next = new Set<Txid>();
    for (const [txid, ancestor] of fetched) {
      bytes += ancestor.length;
      if (bytes > MAX_ANCESTOR_BYTES) return parentsFirst(found);
      const parents = parentsOf(ancestor, present);
      found.set(txid, { raw: ancestor, parents });
      for (const parent of parents) next.add(parent);
    }
    wanted = [...next].filter((txid) => !found.has(txid));
  }
  return parentsFirst(found);
}

function parentsOf(raw: Uint8Array, present: Pick<MempoolIds, 'placeOf'>): Txid[] {
  const parents = new Set(parseTransaction(raw).spends.map(({ txid }) => txid));
  return [...parents].filter((txid) => present.placeOf(txid) === 'waiting');
}

function parentsFirst(
  found: ReadonlyMap<Txid, { readonly raw: Uint8Array; readonly parents: readonly Txid[] }>,
): readonly Uint8Array[] {
  const sorted = new Map<Txid, Uint8Array>();
  const visited = new Set<Txid>();
  const visit = (txid: Txid): void => {
    const entry = found.get(txid);
    if (entry === undefined || visited.has(txid)) return;
    visited.add(txid);
    for (const parent of entry.parents) visit(parent);
    sorted.set(txid, entry.raw);
  };
  for (const txid of found.keys()) visit(txid);
  return [...sorted.values()];
}
