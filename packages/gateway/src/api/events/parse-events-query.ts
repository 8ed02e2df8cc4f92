/** Parses the query of `GET /events`. */
import { CURSOR_EXPECTED, END, parseCursor, type FeedCursor } from '../../services/callbacks/read-events.ts';
import { FieldReader } from '../../http/field-reader.ts';
import { MAX_EVENTS, DEFAULT_EVENTS } from '../schemas/limits.ts';

/** @throws ContractError 0001 with the problems of each field. */
export function parseEventsQuery(query: unknown): {
  readonly after: FeedCursor | typeof END | undefined;
  readonly limit: number;
} {
  const read = new FieldReader(query);
  const parsed = {
    after: read.parsed<FeedCursor | typeof END>('after', (text) => (text === END ? END : parseCursor(text)), CURSOR_EXPECTED),
    limit: read.integer('limit', DEFAULT_EVENTS, 1, MAX_EVENTS),
  };
  read.throwIfWrong();
  return parsed;
}
