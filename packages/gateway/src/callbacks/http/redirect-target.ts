const MAX_CHARACTERS = 200;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Returns the target of a redirect, to show to the operator; callbacks do not follow redirects. User, password, query and fragment are
 * left out, because they may hold secrets.
 *
 * @returns undefined if the answer is not a redirect to an http or https URL.
 */
export function redirectTarget(from: string, status: number, location: unknown): string | undefined {
  if (!REDIRECTS.has(status) || typeof location !== 'string' || !URL.canParse(location, from)) return undefined;
  const { protocol, origin, pathname } = new URL(location, from);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  const target = `${origin}${pathname}`;
  return target.length <= MAX_CHARACTERS ? target : `${target.slice(0, MAX_CHARACTERS)}…`;
}
