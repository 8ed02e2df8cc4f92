/**
 * Follows a chain source. Each round reads what the chain is now and hands what changed to the follower, which stores it
 * whole or not at all; then the watcher sleeps until something wakes it or a timer does. It keeps no state that matters:
 * where we are in the chain is what the follower has stored, so being killed at any moment costs nothing.
 *
 * A round: find the fork between the stored chain and the source's, undo and apply blocks step by step, and at the tip
 * look at what the mempool has that we have not seen. Orders are judged only there: on the way, payments are merely put
 * in their places. When the tip has moved meanwhile, the mempool may belong to another block, so the round starts again.
 *
 * A source that ends below our tip, on our own branch, has told us nothing new: it was restarted with an older state, or was
 * swapped for one that still downloads. What we have seen stays, and the trouble is told, until the source has caught up or
 * has another branch.
 */
import type { BlockRef, Txid } from '../kernel/chain.ts';
import type { Clock, EpochMs } from '../kernel/clock.ts';
import { readAhead } from '../kernel/read-ahead.ts';
import { TaskLoop, type LoopLog } from '../kernel/task-loop.ts';
import type { AppliedBlock, ChainChange, MempoolView } from './chain-change.ts';
import { BlockMissingError, SourceUnavailableError, type ChainSource, type MempoolIds } from './source.ts';
import { findPaymentsInBlock, findPaymentsInTransaction } from './view/find-payments.ts';
import type { Match } from './view/match.ts';
import { findFork } from './view/path.ts';
import type { ScriptSet } from './view/script-set.ts';

/** What stores the chain and all that follows from it. */
export interface ChainFollower {
  /** The newest blocks that are stored, newest first, heights falling by one; empty before the first start. */
  recentBlocks(): Promise<readonly BlockRef[]>;
  /** Stores a change with all that follows from it, whole or not at all. */
  apply(change: ChainChange): Promise<void>;
  /** When the clock alone will next move an order. */
  nextDeadline(): Promise<EpochMs | undefined>;
}

export interface WatcherOptions {
  readonly source: ChainSource;
  readonly follower: ChainFollower;
  readonly scripts: ScriptSet;
  readonly clock: Clock;
  readonly log: LoopLog;
  /** The longest time without a look at the chain, in milliseconds. Default 10,000. */
  readonly idleMs?: number;
  /** How long to wait after a round failed, in milliseconds. Default 1,000. */
  readonly retryMs?: number;
}

/** What health checks and pages want to know. */
export interface WatcherStatus {
  /** When the last round that reached the tip began, or undefined before the first. */
  readonly syncedAt: EpochMs | undefined;
  readonly tip: BlockRef | undefined;
  /** Why the last round failed, or undefined when it did not. */
  readonly trouble: string | undefined;
}

export class Watcher {
  readonly #options: WatcherOptions;
  readonly #loop: TaskLoop;
  /** The mempool transactions that were looked at, and the reading in which they were found: only what is new is fetched. */
  #looked: LookedAt = { ids: new Set(), reading: undefined };
  #checked = false;
  /** Who waits for the next round to reach the tip. */
  #waiting: (() => void)[] = [];
  #status: WatcherStatus = { syncedAt: undefined, tip: undefined, trouble: undefined };

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#loop = new TaskLoop({
      name: 'watcher',
      idleMs: options.idleMs ?? 10_000,
      retryMs: options.retryMs ?? 1_000,
      log: options.log,
      task: (signal) => this.#round(signal),
    });
  }

  get status(): WatcherStatus {
    return this.#status;
  }

  /** How many transactions of the mempool have been looked at, of those that were in it at the last look. */
  get mempoolSize(): number {
    return this.#looked.ids.size;
  }

  start(): void {
    this.#options.source.onChange(() => this.#loop.wake(), this.#loop.signal);
    this.#loop.start();
  }

  /** Looks at the chain soon. */
  wake(): void {
    this.#loop.wake();
  }

  /** Settles when a round that began after this call has reached the tip, or when the signal ends the waiting. */
  caughtUp(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      this.#waiting.push(resolve);
      this.#loop.wake();
    });
  }

  /** Lets a step that is being stored finish, and stops. */
  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #round(signal: AbortSignal): Promise<number | undefined> {
    const { source, follower, clock } = this.#options;
    const waiting = this.#waiting.splice(0);
    try {
      // A source that was away may come back as another one, so it is checked again after every trouble.
      if (!this.#checked) await source.check(signal);
      this.#checked = true;
      const synced = await this.#sync(signal);
      this.#status = { ...synced, trouble: undefined };
      for (const caughtUp of waiting) caughtUp();
      const deadline = await follower.nextDeadline();
      return deadline === undefined ? undefined : deadline - clock.now();
    } catch (error) {
      this.#checked = false;
      this.#waiting.unshift(...waiting);
      if (!signal.aborted) this.#status = { ...this.#status, trouble: error instanceof Error ? error.message : String(error) };
      throw error;
    }
  }

  async #sync(signal: AbortSignal): Promise<{ syncedAt: EpochMs; tip: BlockRef }> {
    const { source, follower, clock } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const readAt = clock.now();
      const known = await follower.recentBlocks();
      const tip = await source.tip(signal);
      if (known.length === 0) {
        const first = (await source.blockAt(Math.max(0, tip.height - FIRST_DEPTH), signal)) ?? tip;
        await this.#apply({ readAt, undo: [], apply: [await this.#readBlock(first, signal)], mempool: undefined });
        continue;
      }
      const caughtUp = await this.#catchUp(known, tip, readAt, signal);
      if (caughtUp) return { syncedAt: readAt, tip };
    }
  }

  /** Brings the store to `tip` and its mempool; answers false when there is more to do. */
  async #catchUp(known: readonly BlockRef[], tip: BlockRef, readAt: EpochMs, signal: AbortSignal): Promise<boolean> {
    const { source } = this.#options;
    const fork = await findFork(known, (height) => source.blockAt(height, signal));
    if (fork.kind === 'too_deep') {
      throw new BlockMissingError(
        `the source's chain parts from ours below block ${fork.oldestKnown.height} (${fork.oldestKnown.hash}), the oldest that we remember`,
      );
    }
    if (fork.undo.length > 0 && fork.base.hash === tip.hash) {
      throw new SourceUnavailableError(
        `the source is behind: it ends at block ${tip.height}, we have seen block ${fork.undo[0]?.height}; nothing of it is taken back until another branch is the longest`,
      );
    }
    const next = await this.#readBranch(fork.base, tip, signal);
    const reached = next.at(-1) ?? fork.base;
    if (reached.hash !== tip.hash) {
      if (next.length === 0) return false;
      await this.#apply({ readAt, undo: fork.undo, apply: next, mempool: undefined });
      return false;
    }
    const { view, looked } = await this.#readMempool(signal);
    // Between the tip and the mempool a block may have come: its transactions have left the mempool, and are not gone.
    const tipAfter = await source.tip(signal);
    if (tipAfter.hash !== tip.hash) return false;
    await this.#apply({ readAt, undo: fork.undo, apply: next, mempool: view });
    this.#looked = looked;
    return true;
  }

  async #apply(change: ChainChange): Promise<void> {
    try {
      await this.#options.follower.apply(change);
    } catch (error) {
      // Whether it was stored or not is unknown (a connection may break while it commits), and so is what it took for gone.
      this.#looked = { ids: new Set(), reading: undefined };
      throw error;
    }
  }

  /** The next blocks to store in one step; the later ones are on their way while the first is walked. */
  async #readBranch(base: BlockRef, tip: BlockRef, signal: AbortSignal): Promise<AppliedBlock[]> {
    const { source } = this.#options;
    const count = Math.max(0, Math.min(BLOCKS_A_STEP, tip.height - base.height));
    const heights = Array.from({ length: count }, (_, above) => base.height + 1 + above);
    const refs = await Promise.all(heights.map((height) => source.blockAt(height, signal)));
    const end = refs.indexOf(undefined);
    const present = refs.slice(0, end === -1 ? undefined : end).filter((ref) => ref !== undefined);
    const blocks: AppliedBlock[] = [];
    let previous = base;
    for await (const block of readAhead(present, BLOCKS_AT_ONCE, (ref) => this.#readBlock(ref, signal))) {
      if (block.previous !== previous.hash)
        throw new SourceUnavailableError(`the chain changed while block ${block.height} was read`);
      blocks.push(block);
      previous = block;
    }
    return blocks;
  }

  async #readBlock(ref: BlockRef, signal: AbortSignal): Promise<AppliedBlock> {
    const bytes = await this.#options.source.block(ref.hash, signal);
    return { ...ref, ...findPaymentsInBlock(bytes, ref.hash, this.#options.scripts) };
  }

  async #readMempool(signal: AbortSignal): Promise<{ view: MempoolView; looked: LookedAt }> {
    const { source, scripts } = this.#options;
    const present = await source.mempool(signal);
    const { fresh, ids } = newIn(present, this.#looked);
    const matches: Match[] = [];
    for (let start = 0; start < fresh.length; start += MEMPOOL_BATCH) {
      const raw = await source.mempoolTransactions(fresh.slice(start, start + MEMPOOL_BATCH), signal);
      for (const [txid, bytes] of raw) {
        matches.push(...findPaymentsInTransaction(bytes, scripts));
        ids.add(txid);
      }
    }
    return { view: { has: (txid) => present.has(txid), matches }, looked: { ids, reading: present } };
  }
}

interface LookedAt {
  readonly ids: Set<Txid>;
  readonly reading: MempoolIds | undefined;
}

/** Which transactions must be looked at, and which need not be any more. */
function newIn(present: MempoolIds, looked: LookedAt): { fresh: readonly Txid[]; ids: Set<Txid> } {
  const changes = looked.reading && present.changesSince?.(looked.reading);
  if (changes !== undefined) {
    // What left and came back was taken for gone, perhaps, and is looked at again.
    for (const txid of changes.removed) looked.ids.delete(txid);
    return { fresh: changes.added, ids: looked.ids };
  }
  const fresh: Txid[] = [];
  const ids = new Set<Txid>();
  for (const txid of present) {
    if (looked.ids.has(txid)) ids.add(txid);
    else fresh.push(txid);
  }
  return { fresh, ids };
}

/** How far below the tip a gateway begins at its very first start, so that a reorganisation right after finds a block to fork from. */
const FIRST_DEPTH = 32;
/** How many blocks are read before what they hold is stored. Only what pays us is kept of each. */
const BLOCKS_A_STEP = 16;
/** How many blocks are on their way at a time, while the one before them is walked; each has up to 4 MB, 8 in hex. */
const BLOCKS_AT_ONCE = 4;
/** How many mempool transactions are fetched at a time. */
const MEMPOOL_BATCH = 500;
