/** A statement that is to run once for each of many sets of values, as one call of a driver that knows how. */
import type { CompiledQuery } from 'kysely';

export interface RepeatedQuery<Row = unknown> extends CompiledQuery<Row> {
  readonly repeats: readonly (readonly unknown[])[];
}

export function isRepeated(query: CompiledQuery): query is RepeatedQuery {
  return 'repeats' in query;
}
