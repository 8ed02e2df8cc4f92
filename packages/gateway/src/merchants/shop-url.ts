/** Parses a URL that a shop provides, for callbacks or for its buyers. It is stored exactly as written. */
import type { HostList } from '../kernel/host-list.ts';
import { readUrl } from '../kernel/read-url.ts';

export interface ShopUrlRules {
  /** Whether http is allowed: in the sandbox, where shops run on the developer's machine. */
  readonly allowHttp: boolean;
  /** Hosts for which http is always allowed. */
  readonly httpHosts?: Pick<HostList, 'has'> | undefined;
}

const MAX_CHARACTERS = 300;
// The URL parser tolerates spaces, line breaks and missing slashes; the client libraries that parse the URL again do not.
const AS_WRITTEN = /^https?:\/\/[^\s\p{Cc}/\\][^\s\p{Cc}]*$/iu;

/** @throws RangeError if the URL is not acceptable. The message says what it must be. */
export function parseShopUrl(text: string, { allowHttp, httpHosts }: ShopUrlRules): string {
  const { length } = [...text];
  if (length > MAX_CHARACTERS) throw new RangeError(`must be at most ${MAX_CHARACTERS} characters, got ${length}`);
  const expected = `must be an ${allowHttp ? 'http or ' : ''}https URL`;
  if (/[\s\p{Cc}]/u.test(text)) throw new RangeError(`${expected} without spaces or control characters: a space is written %20`);
  const parsed = AS_WRITTEN.test(text) ? readUrl(text) : undefined;
  const allowed =
    parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && (allowHttp || httpHosts?.has(parsed.hostname) === true));
  if (parsed === undefined || !allowed) throw new RangeError(expected);
  if (parsed.username !== '' || parsed.password !== '') throw new RangeError('must not contain a user name or password');
  return text;
}
