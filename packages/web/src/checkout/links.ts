/**
 * What may become a link. Escaping makes a URL harmless as text, not as a target (`javascript:…`), so that every URL
 * passes through here first; null means that the page leaves the link out.
 */

import type { Wording } from '../i18n/wording.ts';
import type { CheckoutView } from './view.ts';

/** The URL if it is an absolute http or https one. */
export function webUrl(url: string | null): string | null {
  return url !== null && WEB_PROTOCOLS.has(readUrl(url)?.protocol ?? '') ? url : null;
}

/** The URL if it is an absolute http or https one, or a path on the page's own host. */
export function formTarget(url: string | null): string | null {
  if (url === null || !url.startsWith('/')) return webUrl(url);
  // `//host` and `/\host` name another host: a browser takes both for one.
  return readUrl(url, OWN_ORIGIN)?.origin === OWN_ORIGIN ? url : null;
}

/** Where a support line leads: a page, an e-mail, a call. Null when it is plain words. */
export function supportUrl(support: string): string | null {
  if (/^https?:/i.test(support)) return webUrl(support);
  if (/^[^\s@?&]+@[^\s@?&]+\.[^\s@?&]+$/.test(support)) return `mailto:${support}`;
  return /^\+?[\d ()/.-]{5,30}$/.test(support) ? `tel:${support.replaceAll(/[^+\d]/g, '')}` : null;
}

/** A page of an order, in the language of this one; null names the order's own. */
export function pageUrl({ basePath, uuid }: CheckoutView, page: 'cancel' | 'receipt' | null, { language }: Wording): string {
  return `${basePath}/checkout/${uuid}${page === null ? '' : `/${page}`}?lang=${language.tag}`;
}

/** The URI if it asks for bitcoin. */
export function bitcoinUri(uri: string): string | null {
  return /^bitcoin:/i.test(uri) ? uri : null;
}

const WEB_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:']);
const OWN_ORIGIN = 'http://own.invalid';

/** Not by `URL.canParse`: once it is hot, Node 20's answers false to every URL with a letter such as `ü` in it. */
function readUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
