/** Limits on the age of each network's tip. */
import type { Network } from '../../kernel/chain.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/durations.ts';

/** In milliseconds. */
export interface TipAgeLimits {
  /** From this age on, the tip is unusually old. */
  readonly warnMs: number;
  /** From this age on, the source is considered blind. */
  readonly staleMs: number;
}

/**
 * On mainnet, two hours pass without a block about once in three years (a chance of e^-12 per block). After three hours, the node
 * has lost its peers, or the clock here is wrong. Test networks do pause at times, and on regtest blocks are made on request.
 */
export const TIP_AGE_LIMITS: Record<Network, TipAgeLimits> = {
  bitcoin: { warnMs: 2 * HOUR_MS, staleMs: 3 * HOUR_MS },
  testnet4: { warnMs: 6 * HOUR_MS, staleMs: DAY_MS },
  signet: { warnMs: 6 * HOUR_MS, staleMs: DAY_MS },
  regtest: { warnMs: Infinity, staleMs: Infinity },
};
