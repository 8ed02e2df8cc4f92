import type { FakeCallback } from './fake-callbacks.ts';
import { invalid } from './fake-creation.ts';

/** Answers `GET /events` with the events in sequence. @throws FakeError 0001 with the problems of the query by field. */
export function listEvents(callbacks: readonly FakeCallback[], query: URLSearchParams): object {
  const errors: Record<string, string[]> = {};
  // By the number of events up to them; opaque, as a gateway's cursors are.
  const beginning = btoa('msg_0');
  const cursors = [beginning, ...callbacks.map(({ id }) => btoa(id))];
  const after = query.get('after') ?? beginning;
  const first = after === 'end' ? callbacks.length : cursors.indexOf(after);
  if (first < 0) errors['after'] = ['must be the `next` of a page, or a `cursor`'];
  const limit = query.get('limit') ?? '50';
  if (!/^\d{1,3}$/.test(limit) || +limit < 1 || +limit > 100) errors['limit'] = ['must be a whole number from 1 to 100'];
  if (Object.keys(errors).length > 0) throw invalid(errors);
  const end = Math.min(first + Number(limit), callbacks.length);
  return {
    events: callbacks.slice(first, end).map(({ id, body }, n) => ({
      id,
      cursor: cursors[first + n + 1],
      callback: JSON.parse(body) as unknown,
    })),
    next: cursors[end],
    has_more: end < callbacks.length,
  };
}
