/**
 * Ids in the form of version 4 UUIDs that begin with the time of their creation. Rows that are created together are then neighbours in
 * every index on an id, and share its pages; fully random ids would each write to a page of their own (docs/adr/0019).
 */

/** About 35 years. The time digits then start again from zero, after which new ids no longer sort after the old ones. */
const TIME_SPAN_MS = 2 ** 40;
const TIME_DIGITS = 10;

/**
 * Replaces the first 40 bits of a UUID by the time.
 *
 * @param nowMs Milliseconds since 1970.
 * @param uuid A random version 4 UUID. The 82 random bits that remain make the id unguessable.
 * @example orderedUuid(Date.now(), randomUUID()) // '9f2c1a6b-d4e7-4f6e-8b1c-6a0d6a9c7f11'
 */
export function orderedUuid(nowMs: number, uuid: string): string {
  const time = (nowMs % TIME_SPAN_MS).toString(16).padStart(TIME_DIGITS, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${uuid.slice(TIME_DIGITS + 1)}`;
}

/**
 * Returns the time in an ordered id, in milliseconds since 1970: the last such time that is not after `nowMs` by more than a day. In a
 * fully random id it is anything.
 */
export function timeOfUuid(uuid: string, nowMs: number): number {
  const digits = Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 11), 16);
  const latest = nowMs + 86_400_000;
  return latest - ((((latest - digits) % TIME_SPAN_MS) + TIME_SPAN_MS) % TIME_SPAN_MS);
}
