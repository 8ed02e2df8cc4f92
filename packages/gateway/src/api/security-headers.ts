/**
 * Headers that tell a browser to be careful. Nothing here is for browsers but the pages, which say more by themselves
 * (their Content-Security-Policy); answers of the API load nothing, are framed nowhere and are kept by nobody.
 */
const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  // Orders, tokens, and what became of them: not even a browser's back button has them again (RFC 9111, 5.2.2.5).
  'cache-control': 'no-store',
};
/** A year (RFC 6797, 6.1.1). Other hosts of the domain are not ours to decide about: no includeSubDomains. */
const HSTS = { 'strict-transport-security': 'max-age=31536000' };

/** To be set before a route is asked, which may then set others. @param https Whether clients reach us by https alone. */
export function securityHeaders(https: boolean): Readonly<Record<string, string>> {
  return https ? { ...ALWAYS, ...HSTS } : ALWAYS;
}
