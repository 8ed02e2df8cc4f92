/** Examines the chain for `webpos doctor`: whether the node can be trusted, and the gateway's position. */
import { BlockMissingError, type ChainSource } from '../../chain/source.ts';
import { findFork } from '../../chain/view/path.ts';
import type { BlockRef } from '../../kernel/chain.ts';
import { isoDate } from '../../kernel/clock.ts';
import type { Store } from '../../store/ports/store.ts';
import type { Finding } from './finding.ts';

/** The gateway stores this many blocks, and cannot follow a deeper reorganisation. */
const STORED_BLOCKS = 400;
/** How many restarts of the chain are shown. */
const MAX_SHOWN_RESTARTS = 5;
/** With more blocks, catching up takes a while. */
const MAX_LAG_BLOCKS = 6;

export interface ExaminedChain {
  readonly source: ChainSource;
  readonly store: Store;
  readonly signal: AbortSignal;
}

export async function examineChain({ source, store, signal }: ExaminedChain): Promise<readonly Finding[]> {
  const concerns = await source.check(signal);
  const tip = await source.tip(signal);
  const storedTip = await store.chain.tip();
  const found: Finding = { what: 'chain', level: 'ok', says: `${source.name} is on ${source.network}, at block ${tip.height}` };
  return [
    found,
    ...concerns.map(({ blind, says }): Finding => ({ what: 'chain', level: blind ? 'problem' : 'warning', says })),
    await position({ source, store, signal }, tip, storedTip),
    ...(await restarts(store)),
  ];
}

/** The positions that an operator set. */
async function restarts(store: Store): Promise<readonly Finding[]> {
  const all = await store.chain.restarts();
  return all.slice(-MAX_SHOWN_RESTARTS).flatMap(({ at, unread, foundPayments }): Finding[] => {
    if (unread === undefined) return [];
    const says = `on ${isoDate(at)} webpos chain restart-at skipped blocks ${unread.from} to ${unread.to}; it found ${foundPayments} unspent payments in them`;
    return [{ what: 'position', level: 'warning', says }];
  });
}

/** The position from which the gateway continues. It may be stopped now. */
async function position({ source, store, signal }: ExaminedChain, tip: BlockRef, stored: BlockRef | undefined): Promise<Finding> {
  const what = 'position';
  if (stored === undefined)
    return { what, level: 'ok', says: 'the gateway has not read the chain yet: its first start begins at the tip' };
  const behind = tip.height - stored.height;
  const same = await source.blockAt(stored.height, signal);
  if (same?.hash !== stored.hash) return { what, ...(await otherBranch(source, store, tip, signal)) };
  const next = behind > 0 ? await source.blockAt(stored.height + 1, signal) : undefined;
  const missing = next === undefined ? undefined : await missingBlock(source, next, signal);
  if (missing !== undefined) return { what, ...missing, says: `${behind} blocks behind; ${missing.says}` };
  return {
    what,
    level: behind > MAX_LAG_BLOCKS ? 'warning' : 'ok',
    says: `${behind} blocks behind; the node has the next one`,
  };
}

/** Describes what the watcher will do with a position that is not on the node's chain. */
async function otherBranch(
  source: ChainSource,
  store: Store,
  tip: BlockRef,
  signal: AbortSignal,
): Promise<Pick<Finding, 'level' | 'says'>> {
  const fork = await findFork(await store.chain.recent(STORED_BLOCKS), (height) => source.blockAt(height, signal));
  if (fork.kind === 'too_deep')
    return {
      level: 'problem',
      says:
        `the node's chain forks from ours below block ${fork.oldestKnown.height}, the oldest stored block, so the gateway cannot follow it: ` +
        'use a node with the previous chain, or set a new position: webpos chain restart-at --help',
    };
  const last = fork.base.height + fork.undo.length;
  if (fork.base.hash === tip.hash)
    return {
      level: 'warning',
      says: `the node is behind: its tip is block ${tip.height}, and the gateway has read block ${last}; serve waits until the node has caught up`,
    };
  return {
    level: 'warning',
    says: `block ${last}, the last one read, is no longer on the best chain: serve rolls back ${fork.undo.length} blocks and continues from block ${fork.base.height}`,
  };
}

/** Describes what serve will do about a block that the node has pruned; undefined if the node has the block. */
async function missingBlock(
  source: ChainSource,
  block: BlockRef,
  signal: AbortSignal,
): Promise<Pick<Finding, 'level' | 'says'> | undefined> {
  try {
    await source.block(block.hash, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof BlockMissingError)) throw error;
    const peers = (await source.pruned?.peers(block.height, signal)) ?? 0;
    if (peers > 0) {
      const says = `the node has pruned block ${block.height}; serve fetches the missing blocks from the node's peers, of which ${peers} have the whole chain`;
      return { level: 'warning', says };
    }
    return {
      level: 'problem',
      says:
        `${error.message}, and none of the node's peers has the whole chain: connect it to one that does (addnode), ` +
        'or skip the blocks in between: webpos chain restart-at --help',
    };
  }
}
