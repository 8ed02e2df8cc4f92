/** A URL that a shop gives us: where its callbacks go, and where its buyers are sent. It is kept to the letter. */
import { readUrl } from '../kernel/read-url.ts';

export interface ShopUrlRules {
  /** Whether it may be http: in the sandbox, where shops run on the developer's own machine. */
  readonly allowHttp: boolean;
}

const MOST_CHARACTERS = 300;
// The URL parser overlooks spaces, line ends and missing slashes; the client libraries that read the URL again do not.
const AS_WRITTEN = /^https?:\/\/[^\s\p{Cc}/\\][^\s\p{Cc}]*$/iu;

/** @throws RangeError that says what it must be. */
export function parseShopUrl(text: string, { allowHttp }: ShopUrlRules): string {
  const { length } = [...text];
  if (length > MOST_CHARACTERS) throw new RangeError(`must be at most ${MOST_CHARACTERS} characters, got ${length}`);
  const parsed = AS_WRITTEN.test(text) ? readUrl(text) : undefined;
  const allowed = parsed?.protocol === 'https:' || (allowHttp && parsed?.protocol === 'http:');
  if (parsed === undefined || !allowed) throw new RangeError('must be an https URL');
  if (parsed.username !== '' || parsed.password !== '') throw new RangeError('must not hold a user name or password');
  return text;
}
