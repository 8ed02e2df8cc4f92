import type { FakeCallback } from './fake-callbacks.ts';
import { refuseInvalid } from './fake-error.ts';

/** Answers `GET /events` with the events in sequence. @throws FakeError 0001 with the problems of the query by field. */
export function listEvents(callbacks: readonly FakeCallback[], query: URLSearchParams): object {
  // By the number of events up to them; opaque, as a gateway's cursors are.
  const beginning = btoa('msg_0');
  const cursors = [beginning, ...callbacks.map(({ id }) => btoa(id))];
  const after = query.get('after') ?? beginning;
  const first = after === 'end' ? callbacks.length : cursors.indexOf(after);
  const limit = query.get('limit') ?? '50';
  refuseInvalid({
    after: first < 0 && 'must be the `next` of a page, or a `cursor`',
    limit: !/^([1-9]\d?|100)$/.test(limit) && 'must be a whole number from 1 to 100',
  });
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
