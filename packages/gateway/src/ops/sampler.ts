/**
 * What is counted in the database, at most once in a while however often it is asked for, and never by two at once. A database that does not
 * answer in time leaves the last count in place and is said not to answer.
 */
import type { EpochMs } from '../kernel/clock.ts';

/** How much there is, counted up to a bound, so that no count is ever long. */
export interface Stats {
  /** By the contract's word for where they stand on the chain. */
  readonly openOrders: ReadonlyMap<string, number>;
  readonly waitingCallbacks: number;
  readonly oldestWaitingAt: EpochMs | undefined;
  readonly failedCallbacks: number;
  /** Payments that the chain source no longer has, and that nothing has replaced. */
  readonly missingPayments: number;
  /** Bitcoin that no order has and that nobody has acknowledged. */
  readonly unassigned: { readonly payments: number; readonly amount: bigint };
  /** Of the POS that are switched on. */
  readonly currencies: readonly string[];
}

export interface Sample {
  readonly answers: boolean;
  /** The last that there was; undefined before the first. */
  readonly stats: Stats | undefined;
}

export interface SamplerOptions {
  readonly count: () => Promise<Stats>;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
  readonly maxAgeMs: number;
  readonly timeoutMs: number;
}

export class Sampler {
  readonly #options: SamplerOptions;
  #sample: Sample = { answers: false, stats: undefined };
  #takenAtMs = Number.NEGATIVE_INFINITY;
  #taking: Promise<void> | undefined;

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  async sample(): Promise<Sample> {
    const { nowMs, maxAgeMs, timeoutMs } = this.#options;
    if (nowMs() - this.#takenAtMs < maxAgeMs) return this.#sample;
    this.#taking ??= this.#take().finally(() => (this.#taking = undefined));
    const inTime = await withinTime(this.#taking, timeoutMs);
    return inTime ? this.#sample : { ...this.#sample, answers: false };
  }

  async #take(): Promise<void> {
    try {
      this.#sample = { answers: true, stats: await this.#options.count() };
      this.#takenAtMs = this.#options.nowMs();
    } catch {
      this.#sample = { ...this.#sample, answers: false };
    }
  }
}

async function withinTime(work: Promise<void>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
