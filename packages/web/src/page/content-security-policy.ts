import { pageStyles } from './styles.ts';

interface PolicyOptions {
  /** The merchant's colour; null: the page's own. */
  accent: string | null;
  /** The origins whose pages may show this one in a frame. */
  origins: readonly string[];
}

/**
 * The `Content-Security-Policy` that a page lives with: everything from its own host, no script within it, no style but those
 * that it came with, and in frames of the shop's own pages alone.
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
