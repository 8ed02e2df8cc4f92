/**
 * Counts rows in the database at most every few seconds, however often the counts are requested, and never concurrently. If the database
 * does not answer in time, the last counts stay, and the sample says that it does not answer.
 */
import type { EpochMs } from '../kernel/clock.ts';

/** Counts of what is stored, each up to a bound, so that counting is always fast. */
export interface Stats {
  /** By blockchain status. */
  readonly openOrders: ReadonlyMap<string, number>;
  readonly waitingCallbacks: number;
  readonly oldestWaitingAt: EpochMs | undefined;
  readonly failedCallbacks: number;
  /** Messages to people that wait to be sent, and those that were given up. */
  readonly messages: { readonly waiting: number; readonly failed: number };
  /** Payments that the node no longer has and nothing has replaced. */
  readonly missingPayments: number;
  /** Unacknowledged payments to addresses that belong to no order; the amount is in satoshi. */
  readonly unassigned: { readonly payments: number; readonly amount: bigint };
  /** The currencies of all enabled POS. */
  readonly currencies: readonly string[];
}

export interface Sample {
  /** Whether the database answered in time. */
  readonly answers: boolean;
  /** The last counts; undefined before the first. */
  readonly stats: Stats | undefined;
}

export interface SamplerOptions {
  readonly count: () => Promise<Stats>;
  /** A monotonic clock, in milliseconds. */
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
