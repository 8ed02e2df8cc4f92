/** The query of `GET /events`, checked field by field. */
import { CURSOR_EXPECTED, parseCursor, type FeedCursor } from '../services/read-events.ts';
import { FieldReader } from './field-reader.ts';
import { MOST_EVENTS, USUAL_EVENTS } from './schemas/limits.ts';

/** @throws ContractError 0001 with what is wrong by field. */
export function parseEventsQuery(query: unknown): { readonly after: FeedCursor | undefined; readonly limit: number } {
  const read = new FieldReader(query);
  const parsed = {
    after: read.parsed('after', parseCursor, CURSOR_EXPECTED),
    limit: read.integer('limit', USUAL_EVENTS, 1, MOST_EVENTS),
  };
  read.throwIfWrong();
  return parsed;
}
