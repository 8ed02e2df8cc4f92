/** Every page of the panel and of payment links, and every e-mail, in every language. */
import { describe, expect, it } from 'vitest';

import * as web from '../../src/index.ts';
import { LANGUAGES, type Reader } from '../../src/i18n/languages.ts';
import { pluralForms } from '../../src/i18n/plural.ts';
import type { LanguageTag } from '../../src/i18n/texts.ts';
import { ALL_TEXTS } from './all-texts.ts';
import { panelSamples } from './samples/index.ts';
import { visibleTexts } from './visible-texts.ts';

const [ENGLISH, ...OTHERS] = LANGUAGES.map((language): Reader => ({ language, locale: language.tag }));
/** Tested in `checkout/every-language.test.tsx`. */
const OF_CHECKOUT = ['renderCancelPage', 'renderCheckoutPage', 'renderNotFoundPage', 'renderReceiptPage', 'renderUnverifiedPage'];
/** What is the same in every language: names, codes, and the names of languages. */
const NAMES =
  /(?<!\p{L})(?:Corner (?:Café|GmbH)|Market Stall|Konzert|Freitag, 20 Uhr|WebPOS|DATEV|Laptop|Firefox|Ada|Bob|Eve|Ledger)(?!\p{L})/gu;
const CODES = /\S*[\d./:_@#{}=]\S*|\b(?:UTC|UUID|EUR|CHF|BTC|URL|POS|ms|kraken|bitstamp|xpub|GMT)\b/g;
const A_WORD = /\p{L}{2,}/u;

/** What is left of a text without names and codes. */
const wordsOf = (text: string): string =>
  text
    .replaceAll(NAMES, '')
    .replaceAll(CODES, '')
    .replace(/ ·\s*$/, '')
    .trim();

/** The pieces of our texts in a language, which values are put between. */
function piecesOf({ language: { tag, messages } }: Reader): ReadonlySet<string> {
  const subjects = Object.values(ALL_TEXTS).map((texts) => texts[tag as LanguageTag]);
  const all = [messages, ...subjects].flatMap((texts) => Object.values(texts));
  const forms = all.flatMap((text) => Object.values(pluralForms(text)));
  return new Set(forms.flatMap((text) => text.split(/\{\w+\}/)).map(wordsOf));
}

const englishSamples = panelSamples(ENGLISH!);

it('has a sample of every page and e-mail', () => {
  const rendered = Object.keys(web).filter((name) => name.startsWith('render') && !OF_CHECKOUT.includes(name));
  expect(Object.keys(englishSamples).sort()).toEqual(rendered.sort());
});

describe.each(OTHERS)('in $locale', (reader) => {
  const pieces = piecesOf(reader);
  const samples = panelSamples(reader);

  it.each(Object.keys(englishSamples))('%s says nothing in English', (name) => {
    const english = new Set(
      englishSamples[name]
        ?.flatMap(visibleTexts)
        .map(({ text }) => wordsOf(text))
        .filter((text) => A_WORD.test(text)),
    );
    expect(english.size).toBeGreaterThan(0);
    const found = new Set(samples[name]?.flatMap(visibleTexts).map(({ text }) => wordsOf(text)));
    // A word that both languages share is in the texts of both.
    expect([...found].filter((text) => english.has(text) && !pieces.has(text))).toEqual([]);
  });

  it.each(Object.keys(englishSamples))('%s fills in every value', (name) => {
    for (const html of samples[name] ?? [])
      for (const { text } of visibleTexts(html)) expect(text).not.toMatch(/\{\w+\}|\b(?:undefined|NaN|null)\b| \| other: /);
  });
});

describe('in Arabic', () => {
  const samples = panelSamples(OTHERS.find(({ locale }) => locale === 'ar')!);

  it.each(Object.keys(samples))('%s isolates amounts, addresses and names', (name) => {
    for (const html of samples[name] ?? []) {
      expect(html).toContain('dir="rtl"');
      const outside = visibleTexts(html)
        .filter(({ isIsolated }) => !isIsolated)
        .map(({ text }) => text.replaceAll(/\u2066.*?\u2069|\u2068.*?\u2069/g, ''));
      expect(outside.filter((text) => /BTC|sat\b|€|bcrt1|f4184fc5|Corner|Ledger/.test(text))).toEqual([]);
    }
  });
});
