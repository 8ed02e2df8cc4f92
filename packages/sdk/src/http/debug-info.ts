import type { DebugInfo, WebposError } from '../errors/webpos-error.ts';
import type { AnswerHeaders, FetchInit } from './fetch.ts';
import type { Redact } from './redact.ts';

// Headers that identify who answered; none is a cookie.
const SHOWN_HEADERS =
  'content-type content-length content-encoding date age location retry-after server via x-request-id www-authenticate proxy-status cf-ray cf-mitigated x-cache x-served-by x-amz-cf-id x-amzn-requestid x-azure-ref x-vercel-id fly-request-id'.split(
    ' ',
  );
const MAX_SHOWN = 2000;

interface ShownAnswer {
  status: number;
  headers: AnswerHeaders;
  text: string | undefined;
}

/**
 * Adds the failed attempt's request and answer to an error, hidden from logs and JSON.
 *
 * @param answer undefined if there was none.
 * @param ownHeaders the caller's headers, whose values are never shown, however short.
 */
export function addDebugInfo(
  error: WebposError,
  { path }: { path: string },
  url: string,
  { method, headers, body }: FetchInit,
  answer: ShownAnswer | undefined,
  redact: Redact,
  ownHeaders: object,
): void {
  const shownHeaders = { ...headers, ...Object.fromEntries(Object.keys(ownHeaders).map((name) => [name, '[redacted]'])) };
  const request = { method, url, headers: shownHeaders, body };
  const shown = { request, response: answer && responseInfo(path, answer, redact) };
  const value = JSON.parse(JSON.stringify(shown), (_key, each: unknown) =>
    typeof each === 'string' ? redact(each) : each,
  ) as DebugInfo;
  Object.defineProperty(error, 'debugInfo', { value, configurable: true });
}

function responseInfo(path: string, { status, headers, text = '' }: ShownAnswer, redact: Redact): object {
  const found = Object.fromEntries(SHOWN_HEADERS.map((name) => [name, headers.get(name) ?? undefined]));
  // The body of a login is a secret, or part of one. Other bodies are redacted first, then cut, so that no part of a secret
  // remains.
  return { status, headers: found, body: path === '/token' ? '[redacted]' : redact(text).slice(0, MAX_SHOWN) };
}
