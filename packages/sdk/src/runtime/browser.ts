/** Stands in the place of `./server.ts` in bundles for browsers, which are to be small. */
import type { TokenOwner } from '../auth/token-owner.ts';
import { CallError, copyOf } from '../errors/call-error.ts';
import type { AnswerHeaders, FetchAnswer } from '../http/fetch.ts';
import { MAX_ANSWER_BYTES } from '../http/answer-limit.ts';
import type { ByteStream } from '../http/read-text.ts';
import type { Observe } from '../observe/watch.ts';
import type { Redact } from '../http/redact.ts';
import { describeType, OBJECT_RULE, type Rule, typeRule } from '../checks/value-rules.ts';
import type { RuntimeRules } from './runtime-rules.ts';

export { checkGatewayMode, checkLiveUrl } from './gateway-mode.ts';

/** A browser shows its requests itself. */
export function addDebugInfo(): void {}

/** What a browser tells of a failure is its message alone. */
export function safeCause(thrown: unknown, redact: Redact): Error {
  return new Error(redact(String(thrown)));
}

/** Reads the body of an answer, and stops where it gets too long. @returns undefined then. */
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

/** Hides the secrets and the token, as they are: anyone who reads what a browser wrote has the page that holds them. */
export function requestRedactor(
  { secret, ownHeaders }: { secret: string; ownHeaders: Readonly<Record<string, string>> },
  authorization: string,
): Redact {
  const secrets = [authorization.replace(/.* /, ''), secret, ...Object.values(ownHeaders)].filter(Boolean);
  return (text) => secrets.reduce((redacted, each) => redacted.replaceAll(each, '[redacted]'), text);
}

/** There are no hooks: what a browser sends is seen in its tools. */
export function observer(): Observe {
  return (_call, work) => work(undefined);
}

const URL_RULE: Rule = [(url) => /^https?:\/\/[^@?#]+$/.test(url as string), 'an http or https URL alone', describeType];

/** Without a rule, an option is unknown, and refused: there are no hooks. */
export const RUNTIME_RULES = {
  appInfo: OBJECT_RULE,
  baseUrl: URL_RULE,
  cache: /* @__PURE__ */ typeRule('function'),
  logger: OBJECT_RULE,
} as RuntimeRules;

/** Hints at what there is in place of a name that is unknown. */
export function nameHint(_name: string, known: readonly string[]): string {
  return `known are ${known.join(', ')}`;
}

/** There is no node:crypto. */
export function nodeSigner(): undefined {}

/** No framework runs here. */
export const FRAMEWORK_HINTS = '';

/** The console of a browser shows who awaited. */
export function withCallerFrames(error: unknown): unknown {
  return error;
}

/** Copies the error of a login that several calls share. */
export function throwCopy(error: unknown): never {
  throw error instanceof CallError ? copyOf(error as CallError) : error;
}

/** There is no environment. */
export function withEnvironment<Options>(options: Options): Options {
  return options;
}

/** A browser sets its own. */
export function userAgent(): Record<string, string> {
  return {};
}

/** No message of a browser quotes a header that it cannot send. */
export function checkAccessToken(): void {}

/** Anyone who reads the memory of a page has the page that holds the secret. */
export function tokenKey({ mode, baseUrl, clientId, secret }: TokenOwner): string {
  return JSON.stringify([mode, baseUrl, clientId, secret]);
}

/** Calls a listener when a signal fires. @returns a function that removes it. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  signal.addEventListener('abort', listener);
  return () => signal.removeEventListener('abort', listener);
}

/** A new `Idempotency-Key`. */
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}

/** Every browser takes `cache: 'no-store'`. */
export function takesNoStore(): boolean {
  return true;
}

/** How long the answer asks to wait, in milliseconds. A page is shown the header of its own host alone. */
export function retryAfterMs(headers: AnswerHeaders): number | undefined {
  return Number(headers.get('retry-after')) * 1000 || undefined;
}

/** The WebCrypto of the page. */
export function webCrypto(): Crypto {
  return crypto;
}
