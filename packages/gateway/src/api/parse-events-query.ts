/** The query of `GET /events`, checked field by field. */
import { validationError } from '../services/contract-error.ts';
import { CURSOR_EXPECTED, parseCursor, type FeedCursor } from '../services/read-events.ts';
import { MOST_EVENTS, USUAL_EVENTS } from './schemas/limits.ts';

/** @throws ContractError 0001 with what is wrong by field. */
export function parseEventsQuery(query: unknown): { readonly after: FeedCursor | undefined; readonly limit: number } {
  const { after, limit } = (typeof query === 'object' && query !== null ? query : {}) as Readonly<Record<string, unknown>>;
  const errors: Record<string, string[]> = {};
  const cursor = typeof after === 'string' ? parseCursor(after) : undefined;
  if (after !== undefined && cursor === undefined) errors['after'] = [CURSOR_EXPECTED];
  const count = limit === undefined ? USUAL_EVENTS : typeof limit === 'string' && /^\d{1,9}$/.test(limit) ? Number(limit) : 0;
  if (count < 1 || count > MOST_EVENTS) errors['limit'] = [`must be a whole number from 1 to ${MOST_EVENTS}`];
  if (Object.keys(errors).length > 0) throw validationError(errors);
  return { after: cursor, limit: count };
}
