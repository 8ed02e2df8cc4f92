/** Where a redirection leads, for the operator to read: callbacks do not follow it. */
const MAX_CHARACTERS = 200;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** @returns undefined for an answer that leads nowhere. No user, password, query or fragment: these may hold secrets. */
export function redirectTarget(from: string, status: number, location: unknown): string | undefined {
  if (!REDIRECTS.has(status) || typeof location !== 'string' || !URL.canParse(location, from)) return undefined;
  const { protocol, origin, pathname } = new URL(location, from);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  const target = `${origin}${pathname}`;
  return target.length <= MAX_CHARACTERS ? target : `${target.slice(0, MAX_CHARACTERS)}…`;
}
