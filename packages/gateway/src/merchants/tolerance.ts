/** How much less than asked for a POS takes as enough: exchanges take their fee out of what a buyer sends. */
import { sats, type Sats } from '../kernel/sats.ts';

/** What a POS tolerates. Both given: the smaller of the two counts. Neither: nothing may be missing. */
export interface ToleranceSetting {
  /** Hundredths of a percent of the amount. */
  readonly bps: number | null;
  readonly sats: Sats | null;
}

export const NO_TOLERANCE: ToleranceSetting = { bps: null, sats: null };

/** No order is ever settled with more than a tenth missing, whatever is set. */
export const MAX_TOLERANCE_BPS = 1_000;

/** What may be missing of an amount, in satoshi; a percentage rounds down. */
export function toleranceFor(amount: Sats, { bps, sats: absolute }: ToleranceSetting): Sats {
  const share = (ofBps: number): bigint => (amount * BigInt(ofBps)) / 10_000n;
  const limits = [share(MAX_TOLERANCE_BPS), ...(bps === null ? [] : [share(bps)]), ...(absolute === null ? [] : [absolute])];
  if (limits.length === 1) return sats(0n);
  return sats(limits.reduce((least, limit) => (limit < least ? limit : least)));
}
