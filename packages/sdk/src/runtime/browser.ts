/** Replaces `./server.ts` in bundles for browsers, to keep them small. */
import type { TokenOwner } from '../auth/token-owner.ts';
import { CallError, copyOf } from '../errors/call-error.ts';
import type { AnswerHeaders, FetchAnswer } from '../http/fetch.ts';
import { MAX_ANSWER_BYTES } from '../http/answer-limit.ts';
import type { ByteStream } from '../http/read-text.ts';
import type { Observe } from '../observe/watch.ts';
import type { Redact } from '../http/redact.ts';
import type { HeaderValues } from '../options/header-values.ts';
import { describeType, OBJECT_RULE, type Rule, typeRule } from '../checks/value-rules.ts';
import type { RuntimeRules } from './runtime-rules.ts';

export { checkGatewayMode, checkLiveUrl } from './gateway-mode.ts';

/** Does nothing: the browser's tools show requests. */
export function addDebugInfo(): void {}

/** Returns the message only, which is all that a browser gives. */
export function safeCause(thrown: unknown, redact: Redact): Error {
  return new Error(redact(String(thrown)));
}

/** Reads the body of an answer up to the size limit. @returns undefined if it is larger. */
export async function readText(response: FetchAnswer): Promise<string | undefined> {
  const reader = (response.body as ByteStream | undefined)?.getReader?.();
  if (!reader) return response.text();
  const decoder = new TextDecoder();
  let text = '';
  while (text.length <= MAX_ANSWER_BYTES) {
    const { value } = await reader.read();
    if (!value) return text + decoder.decode();
    text += decoder.decode(value as Uint8Array, { stream: true });
  }
  reader.cancel().catch(() => undefined);
  return undefined;
}

/** Redacts the secrets and the token literally: anyone who can read what the page logs can read the page itself. */
export function requestRedactor(
  { secret, ownHeaders }: { secret: string; ownHeaders: Readonly<Record<string, string>> },
  authorization: string,
): Redact {
  const secrets = [authorization.replace(/.* /, ''), secret, ...Object.values(ownHeaders)].filter(Boolean);
  return (text) => secrets.reduce((redacted, each) => redacted.replaceAll(each, '[redacted]'), text);
}

/** Returns an observer without hooks: the browser's tools show requests. */
export function observer(): Observe {
  return (_call, work) => work(undefined);
}

/** Hooks have no rules, so they are refused as unknown options. */
export const RUNTIME_RULES = {
  appInfo: OBJECT_RULE,
  baseUrl: [(url) => /^https?:\/\/[^@?#]+$/.test(url as string), 'a plain http or https URL', describeType] as Rule,
  cache: /* @__PURE__ */ typeRule('function'),
  logger: OBJECT_RULE,
} as RuntimeRules;

/** Lists the known names in place of an unknown one. */
export function nameHint(_name: string, known: readonly string[]): string {
  return `known are ${known.join(', ')}`;
}

/** A browser has no `node:crypto`. */
export function nodeSigner(): undefined {}

/** No framework runs in a browser. */
export const FRAMEWORK_HINTS = '';

/** The browser's console shows the callers of async functions. */
export function withCallerFrames(error: unknown): unknown {
  return error;
}

/** Copies the error of a login that several calls share. */
export function throwCopy(error: unknown): never {
  throw error instanceof CallError ? copyOf(error as CallError) : error;
}

/** A browser has no environment variables. */
export function withEnvironment<Options>(options: Options): Options {
  return options;
}

/** The browser sets the User-Agent. */
export function userAgent(): Record<string, string> {
  return {};
}

/** No browser's error quotes a header. */
export function checkAccessToken(): void {}

/** Contains the secret: anyone who can read the memory of a page can read the page itself. */
export function tokenKey({ mode, baseUrl, clientId, secret }: TokenOwner): string {
  return JSON.stringify([mode, baseUrl, clientId, secret]);
}

/** Calls a listener when a signal is aborted. @returns a function that removes the listener. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  signal.addEventListener('abort', listener);
  return () => signal.removeEventListener('abort', listener);
}

/** Reads headers. @throws TypeError for an invalid one. */
export function readHeaders(given: HeaderValues): Record<string, string> {
  const headers: Record<string, string> = {};
  new Headers(given).forEach((value, name) => (headers[name] = value));
  return headers;
}

/** Makes a new `Idempotency-Key`. */
export function newIdempotencyKey(): string {
  // A version 4 UUID (RFC 9562). Pages that are served over http have no `crypto.randomUUID`.
  return '00000000-0000-4000-8000-000000000000'.replace(/0/g, () =>
    // An array of one number converts to that number.
    (Number(crypto.getRandomValues(new Uint8Array(1))) % 16).toString(16),
  );
}

/** Every browser supports `cache: 'no-store'`. */
export function takesNoStore(): boolean {
  return true;
}

/** Returns how long the answer asks to wait, in milliseconds. A page sees this header only from its own origin. */
export function retryAfterMs(headers: AnswerHeaders): number | undefined {
  return Number(headers.get('retry-after')) * 1000 || undefined;
}

/** Returns the browser's WebCrypto. */
export function webCrypto(): Crypto {
  return crypto;
}
