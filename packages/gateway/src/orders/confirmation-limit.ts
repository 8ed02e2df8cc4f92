/**
 * How many confirmations may be asked for. An order that is wholly paid has the settlement timeout for them, and one that needs more
 * blocks than come in that time expires though its buyer has paid.
 */
import type { Network } from '../kernel/chain.ts';
import { MINUTE_MS } from '../kernel/durations.ts';

/** More are never needed: from there on no reorganisation has ever come close. */
export const MAX_CONFIRMATIONS = 1_000;

/**
 * Blocks come every ten minutes on average, but not evenly, and slower when miners leave: half as much again is reckoned for each.
 * A day of 144 blocks has 96 by that, which fewer come in than on one day in 20,000.
 */
const BLOCK_WITH_MARGIN_MS = 15 * MINUTE_MS;

/**
 * At least 1, so that any timeout allows an ordinary order. A regtest chain, as in the sandbox, has blocks when someone makes
 * them, and no limit by time.
 *
 * @example maxConfirmations('bitcoin', 72 * HOUR_MS) // 288
 */
export function maxConfirmations(network: Network, settlementTimeoutMs: number): number {
  if (network === 'regtest') return MAX_CONFIRMATIONS;
  return Math.min(MAX_CONFIRMATIONS, Math.max(1, Math.floor(settlementTimeoutMs / BLOCK_WITH_MARGIN_MS)));
}
