/** A statement that runs often enough for the database to keep it, parsed and planned, under a name. */
import type { CompiledQuery } from 'kysely';

export interface NamedQuery<Row = unknown> extends CompiledQuery<Row> {
  /** The same for the same text, and for no other. At most 63 bytes. */
  readonly name: string;
}

export function isNamed(query: CompiledQuery): query is NamedQuery {
  return 'name' in query;
}
