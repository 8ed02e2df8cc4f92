/**
 * An origin (RFC 6454) whose pages may show the checkout in a frame: it goes into a Content-Security-Policy and is compared with
 * what a browser says to the letter, so that it is taken only as a browser would write it.
 */
import { readUrl } from '../kernel/read-url.ts';

export interface PageOriginRules {
  /** Whether the developer's own machine may be one over http: in the sandbox. */
  readonly allowLocal: boolean;
}

/** More would make every answer of the page heavy. */
export const MAX_ORIGINS = 10;

const MAX_CHARACTERS = 200;
/** A URL's host may hold `;`, `,`, `'` and `*`, each of which would say something else in a policy. */
const HOST = /^(?:[\da-z_](?:[\da-z_-]*[\da-z_])?(?:\.[\da-z_](?:[\da-z_-]*[\da-z_])?)*|\[[\da-f:.]+\])$/;
const LOCAL: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @throws RangeError that says what it must be. */
export function parsePageOrigin(text: string, { allowLocal }: PageOriginRules): string {
  if (text.length > MAX_CHARACTERS) throw new RangeError(`expected at most ${MAX_CHARACTERS} characters, got ${text.length}`);
  const url = readUrl(text);
  if (url === undefined || !HOST.test(url.hostname) || !isAllowed(url, allowLocal))
    throw new RangeError(`expected ${allowLocal ? EXPECTED_LOCAL : EXPECTED}, got ${shown(text)}`);
  // A path, a port that goes without saying, capitals: a browser says none of these.
  if (url.origin !== text) throw new RangeError(`expected the bare origin ${url.origin}, got more or other letters`);
  return text;
}

const EXPECTED = 'an origin such as https://shop.example';
const EXPECTED_LOCAL = `${EXPECTED} (or, in the sandbox, http://localhost:3000)`;

function isAllowed({ protocol, hostname }: URL, allowLocal: boolean): boolean {
  return protocol === 'https:' || (allowLocal && protocol === 'http:' && LOCAL.has(hostname));
}

/** What was given may hold a password. */
function shown(text: string): string {
  return /^(?:https?:\/\/)?[\w.:*-]{0,60}\/?$/i.test(text) ? JSON.stringify(text) : 'something else';
}
