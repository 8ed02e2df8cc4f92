import type { EpochMs } from '../kernel/clock.ts';
import type { Quote } from './quote.ts';

/** A provider's valid answer. It replaces the one before: a currency that is no longer in it has no quote any more. */
export interface FetchedQuotes {
  readonly provider: string;
  /** When it was asked. */
  readonly askedAt: EpochMs;
  readonly quotes: readonly Quote[];
  /** The currencies with an unusable price. The quotes from before stay in use until they are too old, as after a failed request. */
  readonly unusable: readonly string[];
}
