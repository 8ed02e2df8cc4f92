/** What `webpos doctor` says of the chain: whether the node can be trusted, and where the gateway is on it. */
import { BlockMissingError, type ChainSource } from '../../chain/source.ts';
import { findFork } from '../../chain/view/path.ts';
import type { BlockRef } from '../../kernel/chain.ts';
import { isoDate } from '../../kernel/clock.ts';
import type { Store } from '../../store/ports/store.ts';
import type { Finding } from './finding.ts';

/** The follower remembers this many blocks: what it has never seen of a reorganisation deeper than that, it cannot undo. */
const REMEMBERED = 400;
/** How many of the positions that were set by hand are shown. */
const SHOWN_RESTARTS = 5;
/** A position further behind takes a while to be caught up with. */
const MAX_LAG_BLOCKS = 6;

export interface ExaminedChain {
  readonly source: ChainSource;
  readonly store: Store;
  readonly signal: AbortSignal;
}

export async function examineChain({ source, store, signal }: ExaminedChain): Promise<readonly Finding[]> {
  const concerns = await source.check(signal);
  const tip = await source.tip(signal);
  const ours = await store.chain.tip();
  const found: Finding = { what: 'chain', level: 'ok', says: `${source.name} is on ${source.network}, at block ${tip.height}` };
  return [
    found,
    ...concerns.map(({ blind, says }): Finding => ({ what: 'chain', level: blind ? 'problem' : 'warning', says })),
    await position({ source, store, signal }, tip, ours),
    ...(await restarts(store)),
  ];
}

/** The positions that were set by hand. */
async function restarts(store: Store): Promise<readonly Finding[]> {
  const all = await store.chain.restarts();
  return all.slice(-SHOWN_RESTARTS).flatMap(({ at, unread, foundPayments }): Finding[] => {
    if (unread === undefined) return [];
    const says = `on ${isoDate(at)} blocks ${unread.from} to ${unread.to} were given up by webpos chain restart-at; ${foundPayments} unspent payments in them were found`;
    return [{ what: 'position', level: 'warning', says }];
  });
}

/** Where the gateway is on the chain; it may be stopped now, and goes on from there. */
async function position({ source, store, signal }: ExaminedChain, tip: BlockRef, ours: BlockRef | undefined): Promise<Finding> {
  const what = 'position';
  if (ours === undefined)
    return { what, level: 'ok', says: 'nothing has been read of the chain yet: the first start begins at its tip' };
  const behind = tip.height - ours.height;
  const same = await source.blockAt(ours.height, signal);
  if (same?.hash !== ours.hash) return { what, ...(await otherBranch(source, store, tip, signal)) };
  const next = behind > 0 ? await source.blockAt(ours.height + 1, signal) : undefined;
  const missing = next === undefined ? undefined : await missingBlock(source, next, signal);
  if (missing !== undefined) return { what, ...missing, says: `${behind} blocks behind; ${missing.says}` };
  return {
    what,
    level: behind > MAX_LAG_BLOCKS ? 'warning' : 'ok',
    says: `${behind} blocks behind; the next of them can be read`,
  };
}

/** What becomes of a position that is not on the node's chain, judged as the watcher judges it. */
async function otherBranch(
  source: ChainSource,
  store: Store,
  tip: BlockRef,
  signal: AbortSignal,
): Promise<Pick<Finding, 'level' | 'says'>> {
  const fork = await findFork(await store.chain.recent(REMEMBERED), (height) => source.blockAt(height, signal));
  if (fork.kind === 'too_deep')
    return {
      level: 'problem',
      says:
        `the node's chain forks from ours below block ${fork.oldestKnown.height}, the oldest that is remembered, and is not followed: ` +
        'use a node with the chain of before, or give up what cannot be followed: webpos chain restart-at --help',
    };
  const last = fork.base.height + fork.undo.length;
  if (fork.base.hash === tip.hash)
    return {
      level: 'warning',
      says: `the node is behind: it ends at block ${tip.height}, and block ${last} was read; serve waits until it has caught up`,
    };
  return {
    level: 'warning',
    says: `block ${last} that was read last is no longer on the best chain: serve undoes ${fork.undo.length} blocks and goes on from block ${fork.base.height}`,
  };
}

/** What becomes of a block that the node has pruned; undefined where it has not. */
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
      const says = `the node has pruned block ${block.height}; serve fetches what is missing from the node's peers, of which ${peers} keep the whole chain`;
      return { level: 'warning', says };
    }
    return {
      level: 'problem',
      says:
        `${error.message}, and none of the node's peers keeps the whole chain: connect it to one that does (addnode), ` +
        'or give up what is in the blocks in between: webpos chain restart-at --help',
    };
  }
}
