/** What servers (Node, Deno, Bun, Workers) have and browser bundles leave out. */
import { methodsRule, OBJECT_RULE, type Rule } from '../checks/value-rules.ts';
import { urlProblem } from './url-problem.ts';
import type { RuntimeRules } from './runtime-rules.ts';

export { checkAccessToken } from '../auth/check-access-token.ts';
export { tokenKey } from '../auth/token-key.ts';
export { onAbort } from '../http/on-abort.ts';
export { readHeaders } from '../options/read-headers.ts';
export { addDebugInfo } from '../http/debug-info.ts';
export { readText } from '../http/read-text.ts';
export { requestRedactor } from '../http/request-redactor.ts';
export { retryAfterMs } from '../http/retry-after.ts';
export { takesNoStore } from '../http/takes-no-store.ts';
export { safeCause } from '../http/safe-cause.ts';
export { observer } from '../observe/observer.ts';
export { throwCopy, withCallerFrames } from '../errors/caller-frames.ts';
export { userAgent, withEnvironment } from './environment.ts';
export { newIdempotencyKey, webCrypto } from './web-crypto.ts';
export { checkGatewayMode, checkLiveUrl } from './gateway-mode.ts';
export { nodeSigner } from './node-signer.ts';

const HOOK: Rule = [(value) => typeof value === 'function', 'a function'];

/** The rules of the client options that browsers restrict. */
export const RUNTIME_RULES: RuntimeRules = {
  onRequest: HOOK,
  onResponse: HOOK,
  onRetry: HOOK,
  appInfo: OBJECT_RULE,
  baseUrl: [(url) => urlProblem(url) === '', 'an http or https URL without credentials, query and fragment', urlProblem],
  cache: [(cache) => typeof cache === 'function', 'sharedTokens(store) of @webpos/sdk/cache'],
  logger: /* @__PURE__ */ methodsRule('an object with warn(message, error)', 'warn'),
};

/** Says how to get the raw body of a request. */
export const FRAMEWORK_HINTS = `. Get it unparsed:
  Express: express.raw({ type: '*/*' })
  Fastify: addContentTypeParser with { parseAs: 'buffer' }
  NestJS: NestFactory.create with { rawBody: true }
  others: await request.text()`;

/** How similar two names must be for a hint. */
const MIN_SIMILARITY = 0.39;

/**
 * Suggests the known name that an unknown one was probably meant to be, by the share of letter pairs in common. Case and
 * separators do not count.
 */
export function nameHint(name: string, known: readonly string[]): string {
  const pairs = pairsOf(name);
  let hint = `known are ${known.join(', ')}`;
  let best = MIN_SIMILARITY;
  for (const each of known) {
    const others = pairsOf(each);
    const similarity = (2 * others.filter((pair) => pairs.includes(pair)).length) / (pairs.length + others.length);
    if (similarity > best) [hint, best] = [`did you mean ${each}?`, similarity];
  }
  return hint;
}

function pairsOf(name: string): string[] {
  const letters = name.toLowerCase().replace(/[_-]/g, '');
  return Array.from(letters.slice(1), (letter, at) => letters[at] + letter);
}
