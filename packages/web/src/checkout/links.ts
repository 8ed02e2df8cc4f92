/**
 * What may become a link. Escaping makes a URL harmless as text, but not as a target (`javascript:…`), so every URL passes through
 * here first; null means that the page leaves the link out.
 */
import type { Wording } from '../i18n/wording.ts';
import type { CheckoutView, PageChoices } from './view.ts';

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

/** Where a support line leads: a page, an e-mail, a call. Null for plain words. */
export function supportUrl(support: string): string | null {
  if (/^https?:/i.test(support)) return webUrl(support);
  if (/^[^\s@?&]+@[^\s@?&]+\.[^\s@?&]+$/.test(support)) return `mailto:${support}`;
  return /^\+?[\d ()/.-]{5,30}$/.test(support) ? `tel:${support.replaceAll(/[^+\d]/g, '')}` : null;
}

/** The pages and forms of an order; `order` is its own page. */
type Page = 'order' | 'cancel' | 'receipt' | 'refund' | 'retry';

/** A page of an order, in the language and with the choices of this one except for what changes. */
export function pageUrl(
  { basePath, uuid, choices }: Pick<CheckoutView, 'basePath' | 'uuid' | 'choices'>,
  page: Page,
  { language }: Pick<Wording, 'language'>,
  changes: Partial<PageChoices> & { readonly lang?: string } = {},
): string {
  const path = `${basePath}/checkout/${uuid}${page === 'order' ? '' : `/${page}`}`;
  return withChoices(path, changes.lang ?? language.tag, { ...choices, ...changes });
}

/** Adds a language and choices to a path; the gateway reads them again. */
export function withChoices(path: string, lang: string, { unit, paysAgain, stays }: PageChoices): string {
  return [
    `${path}?lang=${lang}`,
    ...(unit === 'sat' ? ['unit=sat'] : []),
    ...(paysAgain ? ['again=1'] : []),
    ...(stays ? ['stay=1'] : []),
  ].join('&');
}

/** The URI if it asks for bitcoin. */
export function bitcoinUri(uri: string): string | null {
  return /^bitcoin:/i.test(uri) ? uri : null;
}

const WEB_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:']);
const OWN_ORIGIN = 'http://own.invalid';

/** Not by `URL.canParse`: in Node 20, once optimised, it returns false for every URL with a letter such as `ü`. */
function readUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
