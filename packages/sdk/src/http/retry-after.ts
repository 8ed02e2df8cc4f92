import type { AnswerHeaders } from './fetch.ts';

/**
 * Parses the `Retry-After` header of an answer (RFC 9110, 10.2.3): seconds, or an HTTP date. A date is compared with the `Date`
 * of the same answer if there is one, because the local clock may be wrong.
 *
 * @returns the wait in milliseconds, at least 0; undefined without a valid header.
 */
export function retryAfterMs(headers: AnswerHeaders, nowMs: number): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const dateMs = parseDateMs(text);
  return dateMs && Math.max(0, dateMs - (parseDateMs(headers.get('date') ?? '') ?? nowMs));
}

/** Parses an HTTP date, which begins with the name of a day. Date.parse alone would accept "-5" and "1e3". */
function parseDateMs(text: string): number | undefined {
  return (/^[A-Z][a-z]{2}/.test(text) && Date.parse(text)) || undefined;
}
