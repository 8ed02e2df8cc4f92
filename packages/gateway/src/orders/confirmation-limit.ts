/**
 * Limits the confirmations that an order may require. A covered order waits for them during the settlement timeout. If it needed more
 * blocks than come in that time, it would expire although its buyer has paid.
 */
import type { Network } from '../kernel/chain.ts';
import { MINUTE_MS } from '../kernel/durations.ts';

/** No reorganisation has ever come close to this depth, so nobody needs more. */
export const MAX_CONFIRMATIONS = 1_000;

/**
 * Blocks come every ten minutes on average, but not evenly, and slower when miners leave, so the limit allows half as much again for
 * each. It expects 96 blocks a day instead of 144; fewer come on less than one day in 20,000.
 */
const BLOCK_WITH_MARGIN_MS = 15 * MINUTE_MS;

/**
 * Returns the most confirmations that an order may require: at least 1, so that any timeout allows an ordinary order. On regtest, as in
 * the sandbox, someone mines blocks on demand, so the timeout sets no limit.
 *
 * @example maxConfirmations('bitcoin', 72 * HOUR_MS) // 288
 */
export function maxConfirmations(network: Network, settlementTimeoutMs: number): number {
  if (network === 'regtest') return MAX_CONFIRMATIONS;
  return Math.min(MAX_CONFIRMATIONS, Math.max(1, Math.floor(settlementTimeoutMs / BLOCK_WITH_MARGIN_MS)));
}
