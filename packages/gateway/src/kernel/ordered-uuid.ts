/**
 * Ids that begin with the time at which they were made, in the form of version 4: what is made at one time then stands together in
 * every index that ends in an id, and is written with it, whereas ids that are random from their first digit on each touch a page
 * of their own (docs/adr/0019).
 */

/** 35 years; the digits then begin anew, which costs nothing but the order. */
const TIME_SPAN_MS = 2 ** 40;
const TIME_DIGITS = 10;

/**
 * @param nowMs Milliseconds since 1970.
 * @param uuid A random UUID of version 4. All but 40 of its 122 random bits are kept: nobody can guess an id.
 * @example orderedUuid(Date.now(), randomUUID()) // '9f2c1a6b-d4e7-4f6e-8b1c-6a0d6a9c7f11'
 */
export function orderedUuid(nowMs: number, uuid: string): string {
  const time = (nowMs % TIME_SPAN_MS).toString(16).padStart(TIME_DIGITS, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${uuid.slice(TIME_DIGITS + 1)}`;
}
