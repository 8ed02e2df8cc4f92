/**
 * Redelivers in the background what was given up, so that no request waits for thousands of callbacks. One redelivery is under way at a
 * time, whichever process began it; anyone who asks gets the state of the last one.
 *
 * It is stored, and how far it is goes into the transaction of each page. The process that works on it has claimed it for some seconds at a
 * time. If that process dies, the next one that looks continues after the last page; if it stops, it gives the claim back. A page whose
 * process has lost the claim is undone.
 */
import { failureText } from '../../kernel/failure-bursts.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { TaskLoop, type LoopLog } from '../../kernel/task-loop.ts';
import { pause } from '../../kernel/thread/in-pages.ts';
import type { HeldWork, StoredWork } from '../../store/ports/shared/work-store.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import type { RedeliveryContext } from '../context.ts';
import { redeliverFailed, type FailedSince } from './redeliver-failed.ts';
import { newRun, runFrom, runText, stateOfRun, type RedeliveryRun, type RedeliveryState } from './redelivery-run.ts';

/** How long a request waits for the end: a few thousand callbacks. */
const ANSWER_WITHIN_MS = 1_000;
const NAME = 'redelivery';

export interface RedeliveryTimes {
  /** How long a claim is valid, in milliseconds. Each page extends it. */
  readonly lifetimeMs: number;
  /** How often a process looks whether a redelivery was interrupted. */
  readonly lookMs: number;
  /** How often a search that finds nothing extends the claim. */
  readonly saveMs: number;
}

const TIMES: RedeliveryTimes = { lifetimeMs: 15_000, lookMs: 5_000, saveMs: 2_000 };

/** Another redelivery is under way. */
export class RedeliveryUnderWayError extends OperatorError {
  override readonly name = 'RedeliveryUnderWayError';
}

/** Another process has taken the redelivery over. */
class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}

export interface BackgroundRedeliveryOptions {
  readonly context: RedeliveryContext;
  readonly log: LoopLog;
  /** Names this process in its claims. Must be new with every start. */
  readonly holder: string;
  /** Whether no other process serves this database: the claims of others are then those of dead processes. */
  readonly isAlone: boolean;
  /** Default: a second. */
  readonly answerWithinMs?: number;
  readonly times?: RedeliveryTimes;
}

/** A redelivery that this process has claimed. */
interface Claimed {
  readonly held: HeldWork;
  run: RedeliveryRun;
  /** Called when this process works on it no more. */
  ended: () => void;
}

export class BackgroundRedelivery {
  readonly #options: BackgroundRedeliveryOptions;
  readonly #times: RedeliveryTimes;
  readonly #loop: TaskLoop;
  /** Begun here, and worked on in the next round of the loop. */
  #begun: Claimed | undefined;

  constructor(options: BackgroundRedeliveryOptions) {
    this.#options = options;
    this.#times = options.times ?? TIMES;
    const { lookMs } = this.#times;
    this.#loop = new TaskLoop({
      name: 'redeliver',
      idleMs: lookMs,
      retryMs: lookMs,
      log: options.log,
      task: (signal) => this.#round(signal),
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Ends after the page that is being worked on, and leaves the others to the next process. */
  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** The redelivery that is under way, or else the last one. */
  async state(): Promise<RedeliveryState | undefined> {
    const stored = await this.#options.context.store.work.read(NAME);
    return stored && stateOfRun(runFrom(stored));
  }

  /**
   * Begins a redelivery, and resolves to its state when it has ended, or after a second.
   *
   * @throws RedeliveryUnderWayError
   */
  async begin(which: FailedSince): Promise<RedeliveryState> {
    const { context, answerWithinMs = ANSWER_WITHIN_MS } = this.#options;
    // A look first, because a claim waits for the page that is being stored.
    refuseSecond(await context.store.work.read(NAME));
    const claimed = await this.#claim((last) => {
      refuseSecond(last);
      return newRun(which, context.clock.now());
    });
    if (claimed === undefined) throw new Error('a new redelivery is always claimed');
    const answered = new AbortController();
    const ended = new Promise<void>((resolve) => (claimed.ended = resolve));
    this.#begun = claimed;
    this.#loop.wake();
    await Promise.race([ended, pause(answerWithinMs, answered.signal)]);
    answered.abort();
    return stateOfRun(claimed.run);
  }

  async #round(signal: AbortSignal): Promise<number> {
    const begun = this.#begun;
    // At once: another may begin during the look below, and wakes the loop.
    this.#begun = undefined;
    const claimed = begun ?? (await this.#claimInterrupted());
    if (claimed === undefined) return this.#times.lookMs;
    try {
      await this.#work(claimed, signal);
    } finally {
      claimed.ended();
    }
    return this.#times.lookMs;
  }

  async #claimInterrupted(): Promise<Claimed | undefined> {
    const { context, log } = this.#options;
    const stored = await context.store.work.read(NAME);
    if (!this.#isInterrupted(stored)) return undefined;
    const claimed = await this.#claim((last) => (this.#isInterrupted(last) ? runFrom(last) : undefined));
    if (claimed !== undefined) log.info({ due: claimed.run.due }, 'redelivery: continues where it was interrupted');
    return claimed;
  }

  #isInterrupted(stored: StoredWork | undefined): stored is StoredWork {
    if (stored === undefined || runFrom(stored).state !== 'running') return false;
    const { isAlone, holder } = this.#options;
    return stored.validMs <= 0 || (isAlone && stored.holder !== holder);
  }

  /** Claims what `decide` returns, given what is stored. */
  async #claim(decide: (last: StoredWork | undefined) => RedeliveryRun | undefined): Promise<Claimed | undefined> {
    const { context, holder } = this.#options;
    return context.store.transaction(async ({ work }) => {
      const run = decide(await work.lock(NAME));
      if (run === undefined) return undefined;
      const { lifetimeMs } = this.#times;
      return { run, held: await work.take(NAME, { holder, progress: runText(run), lifetimeMs }), ended: () => {} };
    });
  }

  async #work(claimed: Claimed, signal: AbortSignal): Promise<void> {
    const { context, log } = this.#options;
    let savedAtMs = performance.now();
    // Not committed yet while a page is being stored.
    let next = claimed.run;
    const save = async ({ work }: Pick<StoreReads, 'work'>, change: Partial<RedeliveryRun>, lifetimeMs: number) => {
      next = { ...claimed.run, ...change };
      if (!(await work.save(claimed.held, runText(next), lifetimeMs)))
        throw new ClaimLostError('another process has taken the redelivery over');
      savedAtMs = performance.now();
    };
    try {
      const many = await redeliverFailed(context, claimed.run.which, {
        signal,
        from: claimed.run,
        keeper: {
          // However long the page takes, no other process takes over before it is stored.
          hold: async ({ work }) => void (await work.lock(NAME)),
          keep: async (stored, place) => {
            const isOver = place.after === undefined;
            // A page that has found nothing is searched again in no time.
            const isFound = stored !== context.store;
            if (!isOver && !isFound && performance.now() - savedAtMs < this.#times.saveMs) return;
            const end = isOver ? ({ state: 'done', endedAt: context.clock.now() } as const) : {};
            await save(stored, { ...place, ...end }, isOver ? 0 : this.#times.lifetimeMs);
          },
        },
        progress: () => (claimed.run = next),
        refused: (error, sofar) => log.warn({ ...sofar, err: error }, 'redelivery: the database refuses it, trying again'),
      });
      if (claimed.run.state === 'done') return log.info({ ...many }, 'redelivery: done');
      await save(context.store, {}, 0);
      log.info({ ...many }, 'redelivery: interrupted; it continues with the next start, or in another process');
    } catch (error) {
      if (error instanceof ClaimLostError) return log.warn({ err: error }, 'redelivery: continues in another process');
      await save(context.store, { state: 'failed', endedAt: context.clock.now(), error: failureText(error) }, 0);
      log.warn({ err: error }, 'redelivery: failed half-way; the same request continues with the others');
    }
  }
}

/** @throws RedeliveryUnderWayError */
function refuseSecond(last: StoredWork | undefined): void {
  if (last !== undefined && runFrom(last).state === 'running')
    throw new RedeliveryUnderWayError('a redelivery is under way: this one can begin when it has ended');
}
