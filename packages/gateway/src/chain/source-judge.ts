/**
 * Judges a source repeatedly: after every failure, when its tip has moved, and every few seconds. A concern is logged once when
 * it begins and once when it is over. While a concern blinds the source, no time counts as read.
 */
import type { BlockHash, BlockRef } from '../kernel/chain.ts';
import type { Clock, EpochMs } from '../kernel/clock.ts';
import type { LoopLog } from '../kernel/task-loop.ts';
import type { ChainSource } from './source.ts';
import type { SourceConcern } from './source-concern.ts';

/** How long a judgement is valid while the tip stays the same. */
const LASTS_MS = 5_000;

export interface SourceJudgeOptions {
  readonly source: Pick<ChainSource, 'check' | 'tip'>;
  readonly clock: Clock;
  readonly log: LoopLog;
}

export class SourceJudge {
  readonly #options: SourceJudgeOptions;
  #judged: { readonly at: EpochMs; readonly tip: BlockHash | undefined } | undefined;
  #concerns: readonly SourceConcern[] = [];

  constructor(options: SourceJudgeOptions) {
    this.#options = options;
  }

  /** The concerns of the last judgement. */
  get concerns(): readonly SourceConcern[] {
    return this.#concerns;
  }

  /** Returns the tip of a source that was judged with it or a few seconds ago. Throws what `check` and `tip` throw. */
  async tip(signal: AbortSignal): Promise<BlockRef> {
    const { source, clock } = this.#options;
    const isFresh = this.#judged !== undefined && Math.abs(clock.now() - this.#judged.at) < LASTS_MS;
    if (!isFresh) await this.#judge(signal);
    const tip = await source.tip(signal);
    if (isFresh && this.#judged?.tip !== tip.hash) await this.#judge(signal);
    if (this.#judged !== undefined) this.#judged = { ...this.#judged, tip: tip.hash };
    return tip;
  }

  /** Forces a judgement before the next use, because a source that was unreachable may come back as another one. */
  distrust(): void {
    this.#judged = undefined;
  }

  /**
   * The time up to which a reading covers the chain.
   *
   * @param readAt when the reading began.
   * @param before the same time after the previous reading.
   */
  knownUntil(readAt: EpochMs, before: EpochMs | undefined): EpochMs | undefined {
    const blind = this.#concerns.filter((concern) => concern.blind);
    if (blind.length === 0) return readAt;
    const ends = [before, ...blind.map(({ since }) => since)].filter((end) => end !== undefined);
    return before === undefined && blind.every(({ since }) => since === undefined)
      ? undefined
      : (Math.min(readAt, ...ends) as EpochMs);
  }

  async #judge(signal: AbortSignal): Promise<void> {
    const { source, clock, log } = this.#options;
    const at = clock.now();
    const concerns = await source.check(signal);
    for (const { kind, says } of newIn(concerns, this.#concerns)) log.warn({ concern: kind }, `chain: ${says}`);
    for (const { kind } of newIn(this.#concerns, concerns)) log.info({ concern: kind }, `chain: ${kind} is over`);
    this.#concerns = concerns;
    this.#judged = { at, tip: undefined };
  }
}

function newIn(now: readonly SourceConcern[], before: readonly SourceConcern[]): readonly SourceConcern[] {
  return now.filter(({ kind }) => before.every((each) => each.kind !== kind));
}
