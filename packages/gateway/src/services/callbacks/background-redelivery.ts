/**
 * Redelivers in the background what was given up, so that no request waits for thousands of callbacks. One request is worked on at a
 * time; anyone who asks gets the state of the last one. It ends with the process: the callbacks that it has not reached stay given up, and
 * the same request continues with them.
 */
import type { EpochMs } from '../../kernel/clock.ts';
import { failureText } from '../../kernel/failure-bursts.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { LoopLog } from '../../kernel/task-loop.ts';
import { pause } from '../../kernel/thread/in-pages.ts';
import { enterStep, stepOf } from '../../kernel/thread/steps.ts';
import type { RedeliveryContext } from '../context.ts';
import { NOTHING_REDELIVERED, redeliverFailed, type FailedSince, type ManyRedelivered } from './redeliver-failed.ts';

/** How long a request waits for the end: a few thousand callbacks. */
const ANSWER_WITHIN_MS = 1_000;
const REDELIVER = stepOf('redeliver');

/** Another redelivery is under way. */
export class RedeliveryUnderWayError extends OperatorError {
  override readonly name = 'RedeliveryUnderWayError';
}

export interface RedeliveryState extends ManyRedelivered {
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | undefined;
  /** Why it has failed. */
  readonly error: string | undefined;
}

export interface BackgroundRedeliveryOptions {
  readonly context: RedeliveryContext;
  readonly log: LoopLog;
  /** Default: a second. */
  readonly answerWithinMs?: number;
}

export class BackgroundRedelivery {
  readonly #options: BackgroundRedeliveryOptions;
  readonly #stopping = new AbortController();
  #state: RedeliveryState | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: BackgroundRedeliveryOptions) {
    this.#options = options;
  }

  /** The redelivery that is under way, or else the last one of this process. */
  get state(): RedeliveryState | undefined {
    return this.#state;
  }

  /**
   * Begins a redelivery, and resolves to its state when it has ended, or after a second.
   *
   * @throws RedeliveryUnderWayError
   */
  async start(which: FailedSince): Promise<RedeliveryState> {
    const { context, answerWithinMs = ANSWER_WITHIN_MS } = this.#options;
    if (this.#state?.state === 'running')
      throw new RedeliveryUnderWayError('a redelivery is under way: this one can begin when it has ended');
    const begun = {
      ...NOTHING_REDELIVERED,
      state: 'running',
      startedAt: context.clock.now(),
      endedAt: undefined,
      error: undefined,
    } as const;
    this.#state = begun;
    this.#running = this.#run(which, begun);
    const answered = new AbortController();
    await Promise.race([this.#running, pause(answerWithinMs, answered.signal)]);
    answered.abort();
    return this.#state;
  }

  /** Ends it after the page that is being worked on. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(which: FailedSince, begun: RedeliveryState): Promise<void> {
    const { context, log } = this.#options;
    const { signal } = this.#stopping;
    enterStep(REDELIVER);
    const note = (change: Partial<RedeliveryState>): void => {
      this.#state = { ...(this.#state ?? begun), ...change };
    };
    try {
      const many = await redeliverFailed(context, which, {
        signal,
        progress: (sofar) => note(sofar),
        refused: (error, sofar) => log.warn({ ...sofar, err: error }, 'redelivery: the database refuses it, trying again'),
      });
      const state = signal.aborted ? 'stopped' : 'done';
      note({ ...many, state, endedAt: context.clock.now() });
      if (state === 'done') log.info({ ...many }, 'redelivery: done');
      else log.warn({ ...many }, 'redelivery: stopped half-way with the gateway; the same request continues with the others');
    } catch (error) {
      note({ state: 'failed', endedAt: context.clock.now(), error: failureText(error) });
      log.warn({ err: error }, 'redelivery: failed half-way; the same request continues with the others');
    }
  }
}
