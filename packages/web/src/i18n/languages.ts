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
  readonly messages: Messages;
}

export const ENGLISH: Language = { tag: 'en', name: 'English', direction: 'ltr', messages: en };

export const LANGUAGES: readonly Language[] = [
  ENGLISH,
  { tag: 'it', name: 'Italiano', direction: 'ltr', messages: it },
  { tag: 'de', name: 'Deutsch', direction: 'ltr', messages: de },
  { tag: 'fr', name: 'Français', direction: 'ltr', messages: fr },
  { tag: 'es', name: 'Español', direction: 'ltr', messages: es },
  { tag: 'pt', name: 'Português', direction: 'ltr', messages: pt },
  { tag: 'ja', name: '日本語', direction: 'ltr', messages: ja },
  { tag: 'ar', name: 'العربية', direction: 'rtl', messages: ar },
];

/**
 * @param chosen What the buyer picked on the page.
 * @param accepted The browser's `Accept-Language` (RFC 9110, 12.5.4).
 * @returns the one that was picked, else the one that the browser likes best of those that we have, else English.
 */
export function pickLanguage(chosen: unknown, accepted: string | undefined): Language {
  const known = (tag: unknown): Language | undefined => LANGUAGES.find((language) => language.tag === tag);
  return (
    known(chosen) ??
    preferred(accepted ?? '')
      .map(known)
      .find(Boolean) ??
    ENGLISH
  );
}

/** The primary subtags, the best liked first. More than a browser would send are not read. */
function preferred(accepted: string): string[] {
  return accepted
    .slice(0, 500)
    .split(',')
    .map((range) => {
      const [, tag = '', quality = '1'] = /^\s*([a-z]{1,8})(?:-[\w-]*)?\s*(?:;\s*q=([\d.]+))?\s*$/i.exec(range) ?? [];
      return { tag: tag.toLowerCase(), quality: Number(quality) };
    })
    .filter(({ tag, quality }) => tag !== '' && quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}
