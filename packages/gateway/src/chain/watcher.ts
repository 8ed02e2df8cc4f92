/**
 * Follows a chain source. Each round reads the current chain and passes the changes to the follower, which stores them entirely
 * or not at all. Then the watcher sleeps until it is woken or a timer fires. It holds no state that matters: the position in the
 * chain is what the follower has stored, so it may be killed at any moment.
 *
 * A round finds the fork between the stored chain and the source's, rolls back and applies blocks step by step, and at the tip
 * examines the mempool's new transactions, and again everything that may pay scripts watched since. Orders are judged only there;
 * on the way, payments are merely recorded. If the tip has moved meanwhile, the mempool may belong to another block, so the round
 * starts again.
 *
 * A source that ends below our tip, on our own branch, reports nothing new: it was restarted with an older state, or replaced by
 * one that is still downloading. What we have seen stays, and the trouble is reported, until the source has caught up or has
 * another branch.
 *
 * The source is judged in every round (`source-judge.ts`), and the headers of a branch are checked before any of its blocks is
 * read (`header-check.ts`). While the source may miss payments, what it shows is stored, but no time counts as read.
 */
import { errorMessage } from '../kernel/error-message.ts';
import { randomInt } from 'node:crypto';
import type { BlockRef, ScriptHex } from '../kernel/chain.ts';
import type { Clock, EpochMs } from '../kernel/clock.ts';
import { TaskLoop, type LoopLog } from '../kernel/task-loop.ts';
import { BlockReader } from './block-reader.ts';
import type { ChainChange } from './chain-change.ts';
import { HeaderCheck } from './header-check.ts';
import { MempoolReader, type UnconfirmedPayments } from './mempool-reader.ts';
import { Progress, type Reading } from './progress.ts';
import type { SourceConcern } from './source-concern.ts';
import { SourceJudge } from './source-judge.ts';
import { BlockMissingError, SourceUnavailableError, type ChainSource } from './source.ts';
import type { Match } from './view/match.ts';
import type { OutPointSet } from './view/out-point-set.ts';
import { findFork } from './view/path.ts';
import type { ScriptSet } from './view/script-set.ts';
import { WORK_RULES, type WorkRules } from './view/work-rules.ts';

/** Stores the chain and everything derived from it. */
export interface ChainFollower extends UnconfirmedPayments {
  /** Returns the newest stored blocks, newest first, at consecutive heights; empty before the first start. */
  recentBlocks(): Promise<readonly BlockRef[]>;
  /** Stores a change and everything derived from it, entirely or not at all. */
  apply(change: ChainChange): Promise<void>;
  /** Updates the watched scripts before a reading begins. */
  prepare(signal: AbortSignal): Promise<void>;
  /** Watches more scripts if the blocks or transactions just read require it. Returns whether they must be read again. */
  widen(matches: readonly Match[], signal: AbortSignal): Promise<boolean>;
  /** Returns when time alone will next change the state of an order. */
  nextDeadline(): Promise<EpochMs | undefined>;
}

export interface WatchableScripts extends ScriptSet {
  add(script: ScriptHex): void;
}

export interface WatcherOptions {
  readonly source: ChainSource;
  readonly follower: ChainFollower;
  readonly scripts: WatchableScripts;
  /** The outputs that unconfirmed payments spend: a block may contain their spender. */
  readonly outPoints: OutPointSet;
  readonly clock: Clock;
  readonly log: LoopLog;
  /** The max time between two readings of the chain, in milliseconds. Default 10,000. */
  readonly idleMs?: number;
  /** The delay after a failed round, in milliseconds. Default 1,000. */
  readonly retryMs?: number;
  /** How much work headers must have. Default: what the source's network demands. */
  readonly workRules?: WorkRules;
}

/** The status for health checks and pages. */
export interface WatcherStatus {
  /**
   * The time up to which the chain is known: when the last round began that reached the tip of a source that sees payments.
   * Undefined before the first.
   */
  readonly syncedAt: EpochMs | undefined;
  readonly tip: BlockRef | undefined;
  /** Why the last round failed, or why it could not see payments; undefined if neither. */
  readonly trouble: string | undefined;
  /** What may hide payments from the source. */
  readonly concerns: readonly SourceConcern[];
  /** The progress of a round that has not reached the tip yet. */
  readonly reading: Reading | undefined;
}

export class Watcher {
  readonly #options: WatcherOptions;
  readonly #loop: TaskLoop;
  readonly #mempool: MempoolReader;
  readonly #judge: SourceJudge;
  readonly #blocks: BlockReader;
  /** Undefined when the source generates its own chain. */
  readonly #headers: HeaderCheck | undefined;
  /** Callers waiting for the next round to reach the tip. */
  #waiting: (() => void)[] = [];
  #status: WatcherStatus = { syncedAt: undefined, tip: undefined, trouble: undefined, concerns: [], reading: undefined };

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#judge = new SourceJudge(options);
    this.#headers = headerCheckOf(options);
    this.#mempool = new MempoolReader({ ...options, payments: options.follower, seed: randomInt(2 ** 32) });
    this.#blocks = new BlockReader({ ...options, headers: this.#headers, seed: randomInt(2 ** 32) });
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

  /** How many transactions have been examined, of those in the mempool at the last reading. */
  get mempoolSize(): number {
    return this.#mempool.size;
  }

  /**
   * Watches scripts from now on in everything that is read. What was read before is looked up in the same call, so nothing falls
   * between the two.
   *
   * @returns the scripts that earlier transactions or blocks may pay; these are read again in the next round that reaches the
   * tip.
   */
  watch(scripts: readonly ScriptHex[]): ReadonlySet<ScriptHex> {
    for (const script of scripts) this.#options.scripts.add(script);
    return new Set([...this.#mempool.lookUp(scripts), ...this.#blocks.lookUp(scripts)]);
  }

  start(): void {
    this.#options.source.onChange(() => this.#loop.wake(), this.#loop.signal);
    this.#loop.start();
  }

  /** Makes the watcher read the chain soon. */
  wake(): void {
    this.#loop.wake();
  }

  /** Settles when a round that began after this call has reached the tip, or when the signal is aborted. */
  caughtUp(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      this.#waiting.push(resolve);
      this.#loop.wake();
    });
  }

  /** Lets the current step be stored, then stops. */
  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #round(signal: AbortSignal): Promise<number | undefined> {
    const { follower, clock } = this.#options;
    const waiting = this.#waiting.splice(0);
    try {
      const { readAt, tip, knownUntil } = await this.#sync(signal);
      const { concerns } = this.#judge;
      const blind = concerns.filter((concern) => concern.blind).map(({ says }) => says);
      const trouble = blind.length === 0 ? undefined : blind.join('; ');
      this.#status = { syncedAt: knownUntil, tip, trouble, concerns, reading: undefined };
      for (const caughtUp of waiting) caughtUp();
      const deadline = await follower.nextDeadline();
      // Deadlines that have passed were judged, or wait until more of the chain is known.
      return deadline === undefined || deadline <= readAt ? undefined : deadline - clock.now();
    } catch (error) {
      this.#judge.distrust();
      this.#waiting.unshift(...waiting);
      if (!signal.aborted) this.#status = { ...this.#status, trouble: errorMessage(error) };
      throw error;
    }
  }

  async #sync(signal: AbortSignal): Promise<Synced> {
    const { source, follower, clock, log } = this.#options;
    const progress = new Progress(log);
    this.#blocks.fetched = 0;
    for (;;) {
      signal.throwIfAborted();
      await follower.prepare(signal);
      const readAt = clock.now();
      const known = await follower.recentBlocks();
      const tip = await this.#judge.tip(signal);
      const knownUntil = this.#judge.knownUntil(readAt, this.#status.syncedAt);
      const [stored] = known;
      const at = { readAt, knownUntil, storedTip: stored?.hash };
      if (stored === undefined) {
        const first = (await source.blockAt(Math.max(0, tip.height - FIRST_DEPTH), signal)) ?? tip;
        await this.#headers?.first(first, signal);
        const block = await this.#blocks.read(first, signal);
        if (await follower.widen(block.matches, signal)) continue;
        await this.#apply({ ...at, undo: [], apply: [block], again: [], mempool: undefined });
        continue;
      }
      progress.begins(stored.height);
      if (tip.height > stored.height + 1)
        this.#status = { ...this.#status, reading: progress.reading(stored.height, tip.height, this.#blocks.fetched) };
      const pass = await this.#catchUp(known, tip, at, signal);
      if (pass.kind === 'at tip') return { readAt, knownUntil, tip };
      if (pass.kind === 'widened') continue;
      const reading = progress.reading(pass.stored, tip.height, this.#blocks.fetched);
      const { trouble } = this.#status;
      this.#status = { ...this.#status, reading, trouble: pass.stored > stored.height ? undefined : trouble };
      await progress.passed(pass.stored, tip, pass.why, signal);
    }
  }

  /** Advances the store towards `tip`, and with it its mempool. */
  async #catchUp(
    known: readonly BlockRef[],
    tip: BlockRef,
    at: Pick<ChainChange, 'readAt' | 'knownUntil' | 'storedTip'>,
    signal: AbortSignal,
  ): Promise<Pass> {
    const { source } = this.#options;
    const fork = await findFork(known, (height) => source.blockAt(height, signal));
    if (fork.kind === 'too_deep') {
      throw new BlockMissingError(
        `the source's chain forks from ours below block ${fork.oldestKnown.height} (${fork.oldestKnown.hash}), the oldest block that is stored; to go on without the blocks in between: webpos chain restart-at --help`,
      );
    }
    if (fork.undo.length > 0 && fork.base.hash === tip.hash) {
      throw new SourceUnavailableError(
        `the source is behind: its tip is block ${tip.height}, and we have seen block ${fork.undo[0]?.height}; nothing is rolled back until another branch is the longest`,
      );
    }
    const undo = await this.#blocks.readUndone(fork.undo, signal);
    const next = await this.#blocks.readBranch(fork.base, tip, signal);
    if (await this.#widens([...undo, ...next], signal)) return { kind: 'widened' };
    const reached = next.at(-1) ?? fork.base;
    if (reached.hash !== tip.hash) {
      const why = `the source's tip is block ${tip.height} (${tip.hash}), and its chain does not lead there`;
      if (next.length === 0) return { kind: 'more', stored: fork.base.height, why };
      await this.#apply({ ...at, undo, apply: next, again: [], mempool: undefined });
      return { kind: 'more', stored: reached.height, why };
    }
    const again = await this.#blocks.readAgain(known.slice(undo.length), signal);
    const { view, reading } = await this.#mempool.read(fork.undo, signal);
    if (await this.#widens([...again, view], signal)) return { kind: 'widened' };
    // A block may have arrived between tip and mempool: its transactions have left the mempool, but are not missing.
    const tipAfter = await source.tip(signal);
    if (tipAfter.hash !== tip.hash)
      return { kind: 'more', stored: fork.base.height, why: "the source's tip moves whenever its mempool is read" };
    await this.#apply({ ...at, undo, apply: next, again, mempool: view });
    this.#mempool.stored(reading);
    this.#blocks.stored();
    return { kind: 'at tip' };
  }

  async #apply(change: ChainChange): Promise<void> {
    try {
      await this.#options.follower.apply(change);
    } catch (error) {
      // Whether the change was stored is unknown (the connection may break during the commit), and so is what it recorded as
      // missing.
      this.#mempool.forget();
      throw error;
    }
  }

  /** Whether what was read requires watching more scripts. If so, all of it is read again. */
  #widens(read: readonly { readonly matches: readonly Match[] }[], signal: AbortSignal): Promise<boolean> {
    return this.#options.follower.widen(
      read.flatMap(({ matches }) => matches),
      signal,
    );
  }
}

function headerCheckOf({ source, workRules }: WatcherOptions): HeaderCheck | undefined {
  const { name, network } = source;
  if (source.headers === undefined) return undefined;
  return new HeaderCheck({
    source: { name, headers: async (from, count, signal) => (await source.headers?.(from, count, signal)) ?? [] },
    rules: workRules ?? WORK_RULES[network],
  });
}

interface Synced extends Pick<ChainChange, 'readAt' | 'knownUntil'> {
  readonly tip: BlockRef;
}

/** How a pass ended: at the tip, or not yet, with the stored height and the reason. */
type Pass =
  | { readonly kind: 'at tip' }
  /** Everything must be read again, with more scripts. */
  | { readonly kind: 'widened' }
  | { readonly kind: 'more'; readonly stored: number; readonly why: string };

/** How far below the tip a new gateway begins, so that a reorganisation right afterwards finds a block to fork from. */
const FIRST_DEPTH = 32;
