/** How far ahead of their next index accounts are watched. */

/** However few addresses are derived ahead, so many are watched. */
const MIN_LOOK_AHEAD = 100;
/** A round waits for these to be derived, so they are not very many; what is derived further ahead is watched as soon as it is. */
const MAX_LOOK_AHEAD = 1_000;

/** How many addresses are watched at the least when a round begins; a quarter of what is derived ahead may be used up then. */
export function watchWindowOf(addressPoolSize: number): number {
  return Math.min(MAX_LOOK_AHEAD, Math.max(MIN_LOOK_AHEAD, Math.floor((addressPoolSize * 3) / 4)));
}
