/** Makes the import request with which another wallet watches an account. */
import type { Account } from './account.ts';

/** How far beyond the last address handed out the other wallet looks, so that it finds new orders without a new import. */
const LOOK_AHEAD = 1000;
/** Bitcoin Core refuses larger ranges. */
const MAX_RANGE = 1_000_000;

/** One entry of the argument of Bitcoin Core's `importdescriptors`. */
export interface ImportRequest {
  readonly desc: string;
  /** Seconds since 1970. No address was paid before this time. */
  readonly timestamp: number;
  /** The first and the last index, both included. */
  readonly range: readonly [number, number];
  /** The other wallet must not hand out addresses: both would hand out the same ones. */
  readonly active: false;
  readonly internal: false;
}

/**
 * Returns the account as a watch-only import. Beyond a million addresses, it leaves out the oldest ones.
 *
 * @example importRequest(account).range // [0, 1041] if the next order gets index 42
 */
export function importRequest({ descriptor, createdAt, nextIndex }: Account): ImportRequest {
  const last = Math.min(nextIndex + LOOK_AHEAD - 1, 2 ** 31 - 1);
  return {
    desc: descriptor,
    timestamp: Math.floor(createdAt / 1000),
    range: [Math.max(0, last - MAX_RANGE + 1), last],
    active: false,
    internal: false,
  };
}
