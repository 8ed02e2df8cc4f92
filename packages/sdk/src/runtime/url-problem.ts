import { describeValue } from '../checks/value-rules.ts';

/** Describes what is wrong without the URL, which may contain a password. Empty if nothing is. */
export function urlProblem(text: unknown): string {
  if (typeof text !== 'string') return describeValue(text);
  if (!URL.canParse(text)) return 'a string that is not a URL';
  const { protocol, username, password, search, hash } = new URL(text);
  if (!/^https?:$/.test(protocol)) return `one with ${protocol}`;
  if (username + password !== '') return 'one with a user name or password';
  return search + hash === '' ? '' : 'one with a query or fragment';
}
