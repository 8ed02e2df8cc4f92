/**
 * Security headers for browsers. They suit the responses of the API, which load nothing and may be neither framed nor cached. Pages
 * replace some of them, such as the Content-Security-Policy.
 */
const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  // Not even a browser's back button may show orders and tokens again (RFC 9111, 5.2.2.5).
  'cache-control': 'no-store',
};
/** One year (RFC 6797, 6.1.1). Without includeSubDomains, because other hosts of the domain may not support HTTPS. */
const HSTS = { 'strict-transport-security': 'max-age=31536000' };

/** Returns the headers to set before a route runs, which may replace them. @param https Whether clients always use HTTPS. */
export function securityHeaders(https: boolean): Readonly<Record<string, string>> {
  return https ? { ...ALWAYS, ...HSTS } : ALWAYS;
}
