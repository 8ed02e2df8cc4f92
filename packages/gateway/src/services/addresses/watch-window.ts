/** Decides how large the look-ahead of an account is. */

/** With any address pool, at least this many addresses are watched. */
const MIN_LOOK_AHEAD = 100;
/** A round waits until these are derived. Further addresses of the pool are watched as soon as they are derived. */
const MAX_LOOK_AHEAD = 1_000;

/** Returns how many addresses must be watched when a round begins. A quarter of the pool may be used by then. */
export function watchWindowOf(addressPoolSize: number): number {
  return Math.min(MAX_LOOK_AHEAD, Math.max(MIN_LOOK_AHEAD, Math.floor((addressPoolSize * 3) / 4)));
}
