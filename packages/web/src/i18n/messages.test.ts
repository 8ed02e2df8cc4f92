import { describe, expect, it } from 'vitest';

import { en, type MessageKey } from './en.ts';
import { LANGUAGES, pickReader, type Language } from './languages.ts';

const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
const languageOf = (tag: string): Language => {
  const found = LANGUAGES.find((language) => language.tag === tag);
  if (found === undefined) throw new Error(`no language ${tag}`);
  return found;
};
const textsOf = (tag: string): [MessageKey, string][] => Object.entries(languageOf(tag).messages) as [MessageKey, string][];
const withoutNames = (text: string): string => text.replaceAll(/\{\w+\}/g, '');

describe('every language', () => {
  it.each(LANGUAGES)('$tag has all texts of English, with the same values to fill in', ({ tag, messages }) => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(messages)) {
      expect(text.trim(), `${tag} ${key}`).not.toBe('');
      expect(placeholders(text), `${tag} ${key}`).toEqual(placeholders(en[key as MessageKey]));
    }
  });

  it.each(LANGUAGES.filter(({ tag }) => tag !== 'en'))('$tag is translated', ({ messages }) => {
    const same = Object.entries(messages).filter(([key, text]) => text === en[key as MessageKey]);
    // A formula, and a word that two languages share.
    expect(same.map(([key]) => key).filter((key) => !['rate_is', 'confirmations_name'].includes(key))).toEqual([]);
  });

  it.each(LANGUAGES)('$tag has no exclamation mark and no straight apostrophe', ({ messages }) => {
    for (const [key, text] of Object.entries(messages)) expect(text, key).not.toMatch(/[!'！]/);
  });

  it.each<[tag: string, phrase: RegExp]>([
    ['en', /do not pay again/i],
    ['it', /non pagare di nuovo/i],
    ['de', /zahlen Sie (?:vorerst )?nicht noch einmal/i],
    ['fr', /ne payez pas à nouveau/i],
    ['es', /no pague de nuevo/i],
    ['pt', /não pague de novo/i],
    ['ja', /もう一度支払わ(?:ず|ない)/],
    ['ar', /لا تدفع مرة أخرى/],
  ])('%s tells a buyer who may have paid not to pay again', (tag, phrase) => {
    const { messages } = languageOf(tag);
    for (const key of ['lost_more', 'unsettled_more', 'late_more', 'disputed_more', 'not_found_more'] as const)
      expect(tag === 'ar' && key === 'not_found_more' ? messages[key].replace('فلا', 'لا') : messages[key], key).toMatch(phrase);
  });
});

describe('French', () => {
  it('has a no-break space before each colon, semicolon and question mark', () => {
    for (const [key, text] of textsOf('fr')) {
      expect(withoutNames(text), key).not.toMatch(/[^\u00A0]:/);
      expect(withoutNames(text), key).not.toMatch(/[^\u202F][;?]/);
    }
  });

  it('has no hyphen at which a line may break before a pronoun', () => {
    for (const [key, text] of textsOf('fr')) expect(text, key).not.toMatch(/-(?:la|le|les|vous|en|y)\b/);
  });
});

describe('Japanese', () => {
  it('has full-width punctuation throughout', () => {
    for (const [key, text] of textsOf('ja')) expect(withoutNames(text), key).not.toMatch(/[:;?!()]/);
  });
});

describe('Portuguese', () => {
  it('has no hyphen at which a line may break before a pronoun', () => {
    for (const [key, text] of textsOf('pt')) expect(text, key).not.toMatch(/-(?:o|a|os|as|lo|la|se|lhe|me)\b/);
  });

  it('has no words of Portugal or Brazil alone', () => {
    for (const [key, text] of textsOf('pt'))
      expect(text, key).not.toMatch(/\b(?:montante|ligação|conexão|você|encomenda|a (?:verificar|levar))\b/i);
  });
});

describe('Arabic', () => {
  it('isolates the equation of the exchange rate', () => {
    expect(languageOf('ar').messages.rate_is).toContain('\u20661 BTC = {value}\u2069');
  });
});

describe('the reader of a page', () => {
  it.each<[chosen: unknown, accepted: string | undefined, tag: string, locale: string]>([
    [undefined, 'it-IT,it;q=0.9,en;q=0.8', 'it', 'it-IT'],
    [undefined, 'nl,de;q=0.5,fr;q=0.9', 'fr', 'fr'],
    [undefined, 'fr;q=0,de', 'de', 'de'],
    [undefined, 'de-CH,de;q=0.9', 'de', 'de-CH'],
    [undefined, 'de,de-AT;q=0.9', 'de', 'de-AT'],
    [undefined, 'es-419,es;q=0.9', 'es', 'es-419'],
    [undefined, 'pt-br', 'pt', 'pt-BR'],
    [undefined, 'en-Latn-GB', 'en', 'en-GB'],
    [undefined, 'zh-TW', 'en', 'en'],
    [undefined, 'zh-Hant-TW,en-GB;q=0.4', 'en', 'en-GB'],
    [undefined, undefined, 'en', 'en'],
    [undefined, 'de-\u0000', 'en', 'en'],
    ['ja', 'it', 'ja', 'ja'],
    ['de', 'it-CH,de-CH;q=0.3', 'de', 'de-CH'],
    ['klingon', 'it', 'it', 'it'],
    [['ja'], 'it', 'it', 'it'],
  ])('who chose %j with a browser that prefers %j reads %s as in %s', (chosen, accepted, tag, locale) => {
    const reader = pickReader(chosen, accepted);
    expect([reader.language.tag, reader.locale]).toEqual([tag, locale]);
  });
});
