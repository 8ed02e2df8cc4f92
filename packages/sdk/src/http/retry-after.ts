import type { AnswerHeaders } from './fetch.ts';

/**
 * Reads the `Retry-After` header of an answer (RFC 9110, 10.2.3): seconds, or an HTTP date. A date is compared with the `Date`
 * of the same answer, where it has one: our own clock may be wrong, or have been set meanwhile.
 *
 * @returns milliseconds to wait from now, never below 0; undefined when there is no readable header.
 */
export function retryAfterMs(headers: AnswerHeaders, nowMs: number): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const dateMs = parseDateMs(text);
  return dateMs && Math.max(0, dateMs - (parseDateMs(headers.get('date') ?? '') ?? nowMs));
}

/** Every HTTP date begins with the name of a day; Date.parse alone would take "-5" or "1e3" for a date. */
function parseDateMs(text: string): number | undefined {
  return (/^[A-Z][a-z]{2}/.test(text) && Date.parse(text)) || undefined;
}
