/**
 * A text with values filled in. A value (an amount, an address, a name) stays apart from the words around it: a page isolates it in
 * its own direction and keeps translators away from it, and plain text isolates it by control characters where the directions differ.
 */
export type Phrase = readonly (string | PhraseValue)[];

export interface PhraseValue {
  readonly value: string;
}

/**
 * Fills in the names in braces. Strings become values; phrases, which are words of ours, are spliced in.
 *
 * @throws RangeError when a text asks for a value that is not given.
 * @example fill('Received: {received}.', { received: '0.000 100 00 BTC' })
 */
export function fill(text: string, values: Readonly<Record<string, string | Phrase>>): Phrase {
  const parts = text.split(/\{(\w+)\}/).flatMap((part, at): Phrase => {
    if (at % 2 === 0) return [part];
    const value = values[part];
    if (value === undefined) throw new RangeError(`expected a value for {${part}} in ${JSON.stringify(text)}, got none`);
    return typeof value === 'string' ? [{ value }] : value;
  });
  return parts.filter((part) => part !== '');
}

/** The phrase for a title or an attribute. */
export function plainText(phrase: Phrase, direction: 'ltr' | 'rtl'): string {
  return phrase.map((part) => (typeof part === 'string' ? part : isolated(part.value, direction))).join('');
}

/** The phrase for a screen reader, which would read out the groups of an amount as numbers of their own. */
export function spokenText(phrase: Phrase): string {
  return phrase.map((part) => (typeof part === 'string' ? part : ungrouped(part.value))).join('');
}

/** An amount as one number. */
function ungrouped(amount: string): string {
  return amount.replaceAll(/(?<=\d)\u202F(?=\d)/g, '');
}

const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;

/** Between a first-strong isolate and its end (UAX 9, 2.4), where its direction may differ. */
function isolated(value: string, direction: 'ltr' | 'rtl'): string {
  return direction === 'rtl' || RIGHT_TO_LEFT.test(value) ? `\u2068${value}\u2069` : value;
}
