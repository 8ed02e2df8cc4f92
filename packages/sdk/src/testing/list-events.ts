import type { FakeCallback } from './fake-callbacks.ts';
import { invalid } from './fake-creation.ts';

/** Answers `GET /events` with the events in sequence. @throws FakeError 0001 with the problems of the query by field. */
export function listEvents(callbacks: readonly FakeCallback[], query: URLSearchParams): object {
  const errors: Record<string, string[]> = {};
  const after = query.get('after');
  const first = after === null ? 0 : callbacks.findIndex((callback) => cursorOf(callback) === after) + 1;
  if (first === 0 && after !== null && after !== BEGINNING) errors['after'] = ['must be the `next` of a page, or a `cursor`'];
  const limit = query.get('limit') ?? '50';
  if (!/^\d{1,3}$/.test(limit) || +limit < 1 || +limit > 100) errors['limit'] = ['must be a whole number from 1 to 100'];
  if (Object.keys(errors).length > 0) throw invalid(errors);
  const page = callbacks.slice(first, first + Number(limit));
  const last = page.at(-1);
  return {
    events: page.map((callback) => ({
      id: callback.id,
      cursor: cursorOf(callback),
      callback: JSON.parse(callback.body) as unknown,
    })),
    next: last === undefined ? (after ?? BEGINNING) : cursorOf(last),
    has_more: first + page.length < callbacks.length,
  };
}

const BEGINNING = btoa('msg_0');

/** Opaque, as a gateway's cursor is. */
function cursorOf({ id }: FakeCallback): string {
  return btoa(id);
}
