/**
 * Parses an origin (RFC 6454) whose pages may embed the checkout in a frame. The origin goes into a Content-Security-Policy and is
 * compared with the origin that a browser sends, so it must be written exactly as a browser writes it.
 */
import { readUrl } from '../kernel/read-url.ts';

export interface PageOriginRules {
  /** Whether http is allowed on localhost: in the sandbox. */
  readonly allowLocal: boolean;
}

/** Bounds the size of the policy, which every response of the page carries. */
export const MAX_ORIGINS = 10;

const MAX_CHARACTERS = 200;
/** Stricter than a URL's host, which may contain `;`, `,`, `'` and `*`: these have a meaning in a policy. */
const HOST = /^(?:[\da-z_](?:[\da-z_-]*[\da-z_])?(?:\.[\da-z_](?:[\da-z_-]*[\da-z_])?)*|\[[\da-f:.]+\])$/;
const LOCAL: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @throws RangeError if the text is not an acceptable origin. The message says what was expected. */
export function parsePageOrigin(text: string, { allowLocal }: PageOriginRules): string {
  if (text.length > MAX_CHARACTERS) throw new RangeError(`expected at most ${MAX_CHARACTERS} characters, got ${text.length}`);
  const url = readUrl(text);
  if (url === undefined || !HOST.test(url.hostname) || !isAllowed(url, allowLocal))
    throw new RangeError(`expected ${allowLocal ? EXPECTED_LOCAL : EXPECTED}, got ${shown(text)}`);
  // A browser sends no path, no default port and no capitals.
  if (url.origin !== text) throw new RangeError(`expected the bare origin ${url.origin}, got something else`);
  return text;
}

const EXPECTED = 'an origin such as https://shop.example';
const EXPECTED_LOCAL = `${EXPECTED} (or, in the sandbox, http://localhost:3000)`;

function isAllowed({ protocol, hostname }: URL, allowLocal: boolean): boolean {
  return protocol === 'https:' || (allowLocal && protocol === 'http:' && LOCAL.has(hostname));
}

/** Repeats the text only if it cannot contain a password. */
function shown(text: string): string {
  return /^(?:https?:\/\/)?[\w.:*-]{0,60}\/?$/i.test(text) ? JSON.stringify(text) : 'something else';
}
