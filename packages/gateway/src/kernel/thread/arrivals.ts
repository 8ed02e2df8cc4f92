/**
 * Counts the requests that arrive, so that long work can tell whether anybody waited for it. Neither the time of a turn nor the
 * processor time of the process can: other programs make turns long, and garbage is collected in threads of its own.
 */
let arrived = 0;

export function countArrival(): void {
  arrived += 1;
}

/** How many requests have arrived so far. */
export function arrivals(): number {
  return arrived;
}
