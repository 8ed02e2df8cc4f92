/** The texts of the panel, of payment links and of e-mails. */
import { describe, expect, it } from 'vitest';

import { pluralForms } from '../../src/i18n/plural.ts';
import type { LanguageTag } from '../../src/i18n/texts.ts';
import { ALL_TEXTS } from './all-texts.ts';

const TAGS: readonly LanguageTag[] = ['en', 'it', 'de', 'fr', 'es', 'pt', 'ja', 'ar'];
const SUBJECTS = Object.keys(ALL_TEXTS);
/** Forms for numbers that nobody sees here, such as a million in French. */
const RARE = new Set(['fr many', 'es many', 'it many', 'pt many']);

const textsOf = (subject: string, tag: LanguageTag): [key: string, text: string][] =>
  Object.entries(ALL_TEXTS[subject]?.[tag] ?? {});
const namesIn = (text: string): string[] => [...new Set([...text.matchAll(/\{\w+\}/g)].map(([name]) => name))].sort();
/** Without values, and without times and addresses, which are written the same everywhere. */
const withoutNames = (text: string): string => text.replaceAll(/\{\w+\}|\d\d:\d\d|https:\/\/\S*/g, '');
const english = (subject: string, key: string): string => ALL_TEXTS[subject]?.en[key] ?? '';

describe.each(TAGS)('in %s', (tag) => {
  it.each(SUBJECTS)('%s has every text, with the values of the English one', (subject) => {
    const texts = textsOf(subject, tag);
    expect(texts.map(([key]) => key).sort()).toEqual(Object.keys(ALL_TEXTS[subject]?.en ?? {}).sort());
    for (const [key, text] of texts) {
      expect(text.trim(), key).not.toBe('');
      const { other = '', ...forms } = pluralForms(text);
      expect(namesIn(other), key).toEqual(namesIn(english(subject, key)));
      // A form for one number may write it as a word.
      for (const form of Object.values(forms))
        for (const name of namesIn(other).filter((each) => each !== '{n}')) expect(form, key).toContain(name);
    }
  });

  it.each(SUBJECTS)('%s has the forms that numbers need', (subject) => {
    const needed = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const [key, text] of textsOf(subject, tag)) {
      if (!/^(?:one|other): /.test(english(subject, key))) continue;
      expect(Object.keys(pluralForms(text)).sort(), key).toEqual(
        needed.filter((category) => !RARE.has(`${tag} ${category}`)).sort(),
      );
    }
  });

  it.each(SUBJECTS)('%s has no exclamation mark and no straight apostrophe', (subject) => {
    for (const [key, text] of textsOf(subject, tag)) expect(text, key).not.toMatch(/[!'！]/);
  });
});

describe.each(SUBJECTS)('%s', (subject) => {
  it('has in French a no-break space before each colon, semicolon and question mark', () => {
    for (const [key, text] of textsOf(subject, 'fr'))
      for (const form of Object.values(pluralForms(text))) {
        expect(withoutNames(form), key).not.toMatch(/(?<!\u00A0):/);
        expect(withoutNames(form), key).not.toMatch(/(?<!\u202F)[;?]/);
      }
  });

  it('has in Japanese full-width punctuation', () => {
    for (const [key, text] of textsOf(subject, 'ja'))
      for (const form of Object.values(pluralForms(text))) expect(withoutNames(form), key).not.toMatch(/[:;?!()]/);
  });
});
