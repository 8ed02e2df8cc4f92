/** A statement to run once for each of several sets of values, in one call of a driver that supports it. */
import type { CompiledQuery } from 'kysely';

export interface RepeatedQuery<Row = unknown> extends CompiledQuery<Row> {
  readonly repeats: readonly (readonly unknown[])[];
}

export function isRepeated(query: CompiledQuery): query is RepeatedQuery {
  return 'repeats' in query;
}
