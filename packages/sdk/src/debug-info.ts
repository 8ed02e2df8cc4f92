import type { RawAnswer } from './answer.ts';
import type { Call } from './calls.ts';
import type { DebugInfo, WebposError } from './errors/index.ts';
import type { FetchInit } from './fetch.ts';
import type { Redact } from './redact.ts';

// Those that tell who answered; no cookie is among them.
const SHOWN_HEADERS = ['content-type', 'date', 'location', 'retry-after', 'server', 'x-request-id'];
const MAX_SHOWN = 2000;

/**
 * Lets an error tell of the try that failed. Where it does not show by itself: not in a log, not in the error's JSON.
 *
 * @param answer undefined when none came.
 */
export function addDebugInfo<T>(
  error: WebposError,
  { path }: Call<T>,
  url: string,
  { method, headers, body }: FetchInit,
  answer: RawAnswer | undefined,
  redact: Redact,
): void {
  const shown = { request: { method, url, headers, body }, response: answer && responseInfo(path, answer, redact) };
  const value = JSON.parse(JSON.stringify(shown), (_key, each: unknown) =>
    typeof each === 'string' ? redact(each) : each,
  ) as DebugInfo;
  Object.defineProperty(error, 'debugInfo', { value, configurable: true });
}

function responseInfo(path: string, { status, headers, text = '' }: RawAnswer, redact: Redact): object {
  const found = Object.fromEntries(SHOWN_HEADERS.map((name) => [name, headers.get(name) ?? undefined]));
  // The answer to a login is a secret, or the half of one. Else first redacted, then cut: no half of a secret stays.
  return { status, headers: found, body: path === '/token' ? '[redacted]' : redact(text).slice(0, MAX_SHOWN) };
}
