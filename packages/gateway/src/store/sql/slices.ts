/** Well below the parameters that one statement takes: 32,766 on SQLite, 65,535 on PostgreSQL. */
const VALUES_PER_STATEMENT = 1000;

/** Splits values into slices, one for each statement. */
export function* slices<T>(all: readonly T[], size: number = VALUES_PER_STATEMENT): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
