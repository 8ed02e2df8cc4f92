/** What another wallet needs to watch an account: its descriptor, and how far to look. */
import type { Account } from './account.ts';

/** How far beyond the last address given out the other wallet looks, so that it need not know of every order. */
const LOOK_AHEAD = 1000;
/** Bitcoin Core refuses a wider range. */
const MAX_RANGE = 1_000_000;

/** One entry of the argument of Bitcoin Core's `importdescriptors`. */
export interface ImportRequest {
  readonly desc: string;
  /** Seconds since 1970: nothing was paid before. */
  readonly timestamp: number;
  /** First and last index, both included. */
  readonly range: readonly [number, number];
  /** Never a source of new addresses there: two givers of addresses would give the same ones. */
  readonly active: false;
  readonly internal: false;
}

/**
 * The account as a watch-only import. From the millionth address on, the oldest ones no longer fit into one import.
 *
 * @example importRequest(account).range // [0, 1041] where the next order gets index 42
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
