import { describe, expect, it } from 'vitest';

import { en } from './en.ts';
import { LANGUAGES, pickLanguage } from './languages.ts';
import { wordingOf } from './wording.ts';

const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

describe('every language', () => {
  it.each(LANGUAGES)('$tag says all that English says, with the same names to fill in', ({ tag, messages }) => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(messages)) {
      expect(text.trim(), `${tag} ${key}`).not.toBe('');
      expect(placeholders(text), `${tag} ${key}`).toEqual(placeholders(en[key as keyof typeof en]));
    }
  });

  it.each(LANGUAGES.filter(({ tag }) => tag !== 'en'))('$tag is not English left as it was', ({ messages }) => {
    const same = Object.entries(messages).filter(([key, text]) => text === en[key as keyof typeof en]);
    // Words that two languages share.
    expect(same.map(([key]) => key).filter((key) => !['transaction', 'confirmations_name'].includes(key))).toEqual([]);
  });

  it('writes numbers its own way, with every digit of them and in digits that wallets show', () => {
    const shown = Object.fromEntries(
      LANGUAGES.map((language) => [
        language.tag,
        wordingOf(language)
          .btc('12345.00016667')
          .replaceAll(/[^\d.,]/g, ''),
      ]),
    );
    expect(shown['en']).toBe('12,345.00016667');
    expect(shown['de']).toBe('12.345,00016667');
    for (const text of Object.values(shown)) expect(text.replaceAll(/\D/g, '')).toBe('1234500016667');
  });

  it('writes money with the decimals that it came with, and never as a float', () => {
    expect(wordingOf(LANGUAGES[0]!).fiat('90071992547409931.10', 'EUR')).toBe('€90,071,992,547,409,931.10');
    expect(wordingOf(LANGUAGES[0]!).fiat('1500', 'JPY')).toBe('¥1,500');
  });
});

describe('the language of a page', () => {
  it.each([
    [undefined, 'it-IT,it;q=0.9,en;q=0.8', 'it'],
    [undefined, 'nl,de;q=0.5,fr;q=0.9', 'fr'],
    [undefined, 'fr;q=0,de', 'de'],
    [undefined, 'zh-TW', 'en'],
    [undefined, undefined, 'en'],
    ['ja', 'it', 'ja'],
    ['klingon', 'it', 'it'],
    [['ja'], 'it', 'it'],
  ])('of one who picked %j and whose browser likes %j is %s', (chosen, accepted, tag) => {
    expect(pickLanguage(chosen, accepted).tag).toBe(tag);
  });
});
