/** A URL that a shop gives us: where its callbacks go, and where its buyers are sent. It is kept to the letter. */
import type { HostList } from '../kernel/host-list.ts';
import { readUrl } from '../kernel/read-url.ts';

export interface ShopUrlRules {
  /** Whether it may be http: in the sandbox, where shops run on the developer's own machine. */
  readonly allowHttp: boolean;
  /** Hosts that may be asked by http everywhere. */
  readonly httpHosts?: Pick<HostList, 'has'> | undefined;
}

const MAX_CHARACTERS = 300;
// The URL parser overlooks spaces, line ends and missing slashes; the client libraries that read the URL again do not.
const AS_WRITTEN = /^https?:\/\/[^\s\p{Cc}/\\][^\s\p{Cc}]*$/iu;

/** @throws RangeError that says what it must be. */
export function parseShopUrl(text: string, { allowHttp, httpHosts }: ShopUrlRules): string {
  const { length } = [...text];
  if (length > MAX_CHARACTERS) throw new RangeError(`must be at most ${MAX_CHARACTERS} characters, got ${length}`);
  const expected = `must be an ${allowHttp ? 'http or ' : ''}https URL`;
  if (/[\s\p{Cc}]/u.test(text)) throw new RangeError(`${expected} without spaces or control characters: a space is written %20`);
  const parsed = AS_WRITTEN.test(text) ? readUrl(text) : undefined;
  const allowed =
    parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && (allowHttp || httpHosts?.has(parsed.hostname) === true));
  if (parsed === undefined || !allowed) throw new RangeError(expected);
  if (parsed.username !== '' || parsed.password !== '') throw new RangeError('must not hold a user name or password');
  return text;
}
