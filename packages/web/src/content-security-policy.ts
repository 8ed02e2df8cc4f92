import { createHash } from 'node:crypto';

import { pageStyles } from './page-styles.ts';
import type { CheckoutLook } from './view.ts';

/**
 * The `Content-Security-Policy` that a page lives with: everything from its own host, no script within it, no style but those
 * that it came with, and in frames of the shop's own pages alone.
 */
export function contentSecurityPolicy({ accent, origins }: Pick<CheckoutLook, 'accent' | 'origins'> = PLAIN): string {
  const styles = pageStyles(accent).map((css) => `'sha256-${sha256(css)}'`);
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${styles.join(' ')}`,
    "connect-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${origins.length === 0 ? "'none'" : origins.join(' ')}`,
  ].join('; ');
}

const PLAIN = { accent: null, origins: [] };
const hashes = new Map<string, string>();
/** Colours are few; a program that invents some must not fill the memory. */
const MOST_HASHES = 1_000;

function sha256(css: string): string {
  const known = hashes.get(css);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(css).digest('base64');
  if (hashes.size >= MOST_HASHES) hashes.clear();
  hashes.set(css, hash);
  return hash;
}
