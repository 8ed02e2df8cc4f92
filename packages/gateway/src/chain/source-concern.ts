/** What may hide payments although the source answers and is on the right chain. */
import type { EpochMs } from '../kernel/clock.ts';

export const CONCERN_KINDS = [
  /** It accepts no transactions from peers, so payments are seen only once they are in a block. */
  'blocks_only',
  /** It has no connections, so it sees neither blocks nor payments. */
  'no_peers',
  /** Its tip is older than the network's limit. */
  'stale_tip',
  /** All its connections were opened by its peers. */
  'no_outbound_peers',
  /** Its mempool does not accept payments with a normal fee. */
  'mempool_min_fee',
  /** Its tip is older than usual. */
  'old_tip',
  /** Its tip is from the future, so the clock here is slow. */
  'clock',
] as const;

export interface SourceConcern {
  readonly kind: (typeof CONCERN_KINDS)[number];
  /**
   * Whether it hides payments altogether. In that case no time counts as read: nothing expires, and the gateway is not ready.
   * `since` says from when on, if the source knows.
   */
  readonly blind: boolean;
  readonly since?: EpochMs;
  /** What was expected, what was received, and what to change. */
  readonly says: string;
}
