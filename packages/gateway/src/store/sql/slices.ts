/** How many values one statement may name; SQLite takes 32,766 parameters, PostgreSQL 65,535. */
const VALUES_PER_STATEMENT = 1000;

/** Cuts what is to be named or written into what one statement takes. */
export function* slices<T>(all: readonly T[], size: number = VALUES_PER_STATEMENT): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
