/** The languages of the checkout page, and which one a buyer reads. */
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en, type Messages } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { it } from './it.ts';
import { ja } from './ja.ts';
import { pt } from './pt.ts';

export interface Language {
  /** BCP 47. */
  readonly tag: string;
  /** In its own words. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  /** Ends a headline that more text follows. */
  readonly stop: string;
  /** Stands between two sentences. */
  readonly space: string;
  /** What opens and closes an addition in brackets. */
  readonly brackets: readonly [open: string, close: string];
  readonly messages: Messages;
}

/** A language, and the region by whose customs numbers and dates are written. */
export interface Reader {
  readonly language: Language;
  /** BCP 47, such as `de-CH`; the language's own tag where the browser names no region. */
  readonly locale: string;
}

const WESTERN = { direction: 'ltr', stop: '. ', space: ' ', brackets: [' (', ')'] } as const;

const ENGLISH: Language = { tag: 'en', name: 'English', ...WESTERN, messages: en };

export const LANGUAGES: readonly Language[] = [
  ENGLISH,
  { tag: 'it', name: 'Italiano', ...WESTERN, messages: it },
  { tag: 'de', name: 'Deutsch', ...WESTERN, messages: de },
  { tag: 'fr', name: 'Français', ...WESTERN, messages: fr },
  { tag: 'es', name: 'Español', ...WESTERN, messages: es },
  { tag: 'pt', name: 'Português', ...WESTERN, messages: pt },
  { tag: 'ja', name: '日本語', direction: 'ltr', stop: '。', space: '', brackets: ['（', '）'], messages: ja },
  { tag: 'ar', name: 'العربية', ...WESTERN, direction: 'rtl', messages: ar },
];

export const ENGLISH_READER: Reader = { language: ENGLISH, locale: ENGLISH.tag };

/**
 * @param chosen The language that the buyer picked on the page.
 * @param accepted The browser's `Accept-Language` (RFC 9110, 12.5.4).
 * @returns the language that was picked, else the browser's favourite of those that exist, else English; and the region that the
 * browser names for it.
 */
export function pickReader(chosen: unknown, accepted: string | undefined): Reader {
  const preferred = preferredTags(accepted ?? '');
  const known = (tag: unknown): Language | undefined => LANGUAGES.find((language) => language.tag === tag);
  const language = known(chosen) ?? preferred.map(primaryOf).map(known).find(Boolean) ?? ENGLISH;
  const locale = preferred.find((tag) => primaryOf(tag) === language.tag && WITH_REGION.test(tag));
  return { language, locale: locale ?? language.tag };
}

/** A language and a region (RFC 5646): all that `Intl` needs, and few enough to cache. */
const WITH_REGION = /^[a-z]{2}-(?:[A-Z]{2}|\d{3})$/;

function primaryOf(tag: string): string {
  return tag.split('-', 1)[0] ?? tag;
}

/** Returns the tags, the favourite first. Ignores what is longer than a browser would send. */
function preferredTags(accepted: string): string[] {
  return accepted
    .slice(0, 500)
    .split(',')
    .map((range) => {
      const [, primary = '', rest = '', quality = '1'] =
        /^\s*([a-z]{1,8})((?:-[\da-z]{1,8})*)\s*(?:;\s*q=([\d.]+))?\s*$/i.exec(range) ?? [];
      const region = /-([a-z]{2}|\d{3})$/i.exec(rest)?.[1];
      const tag = region === undefined ? primary.toLowerCase() : `${primary.toLowerCase()}-${region.toUpperCase()}`;
      return { tag, quality: Number(quality) };
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}
