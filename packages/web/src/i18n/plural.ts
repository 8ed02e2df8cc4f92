/**
 * Texts that depend on a number: `one: {n} payment | other: {n} payments`. A language has the forms that its rules need (CLDR plural
 * rules); a form that it leaves out is that of `other`.
 */

export type PluralCategory = Intl.LDMLPluralRule;

const FORM = /^(zero|one|two|few|many|other): (.+)$/s;
const rules = new Map<string, Intl.PluralRules>();

/** @returns the forms of a text by their category; only `other` for a text that does not depend on a number. */
export function pluralForms(text: string): Readonly<Partial<Record<PluralCategory, string>>> {
  const forms: Partial<Record<PluralCategory, string>> = {};
  for (const part of text.split(' | ')) {
    const [, category, form] = FORM.exec(part) ?? [];
    if (category === undefined || form === undefined) return { other: text };
    forms[category as PluralCategory] = form;
  }
  return forms;
}

/**
 * @param tag BCP 47.
 * @example pluralForm('one: {n} payment | other: {n} payments', 'en', 1) // '{n} payment'
 */
export function pluralForm(text: string, tag: string, count: number): string {
  const known = rules.get(tag) ?? new Intl.PluralRules(tag);
  rules.set(tag, known);
  const forms = pluralForms(text);
  const form = forms[known.select(count)] ?? forms.other;
  if (form === undefined) throw new RangeError(`expected the form "other" in ${JSON.stringify(text)}`);
  return form;
}
