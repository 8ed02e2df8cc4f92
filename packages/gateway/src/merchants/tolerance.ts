/** The shortfall that a POS accepts: some exchanges deduct their fee from the amount that a buyer sends. */
import { sats, type Sats } from '../kernel/sats.ts';

/** If both are set, the smaller one counts. If neither is, nothing may be missing. */
export interface ToleranceSetting {
  /** Hundredths of a percent of the amount. */
  readonly bps: number | null;
  readonly sats: Sats | null;
}

export const NO_TOLERANCE: ToleranceSetting = { bps: null, sats: null };

/** A tenth of the amount: no setting can tolerate more. */
export const MAX_TOLERANCE_BPS = 1_000;

/** Returns the tolerance of an amount, in satoshi. A percentage is rounded down. */
export function toleranceFor(amount: Sats, { bps, sats: absolute }: ToleranceSetting): Sats {
  const share = (ofBps: number): bigint => (amount * BigInt(ofBps)) / 10_000n;
  const limits = [share(MAX_TOLERANCE_BPS), ...(bps === null ? [] : [share(bps)]), ...(absolute === null ? [] : [absolute])];
  if (limits.length === 1) return sats(0n);
  return sats(limits.reduce((smallest, limit) => (limit < smallest ? limit : smallest)));
}
