import { pageStyles } from './styles.ts';

interface PolicyOptions {
  /** The merchant's colour; null: the default. */
  accent: string | null;
  /** The origins whose pages may show this one in a frame. */
  origins: readonly string[];
}

/**
 * Returns the `Content-Security-Policy` of a page: everything from its own host, no inline script, no style except its own, and frames
 * only on the shop's pages.
 */
export function contentSecurityPolicy({ accent, origins }: PolicyOptions = PLAIN): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${pageStyles(accent)
      .map(({ hash }) => `'${hash}'`)
      .join(' ')}`,
    "connect-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${origins.length === 0 ? "'none'" : origins.join(' ')}`,
  ].join('; ');
}

const PLAIN: PolicyOptions = { accent: null, origins: [] };
