/**
 * Reads an amount as people type it: `1.250,50` in German, `1,250.50` in English, in Arabic digits, with spaces between thousands.
 * What may mean two amounts means the one of the reader's region: `1.250` is a thousand two hundred and fifty in German.
 */

/** ISO 4217 has no currency with more decimals. */
const MAX_LENGTH = 40;
const SPACES = /[\s\u00a0\u2009\u202f'’]/gu;
/** Digits of Arabic, of Persian and of full width, by their zero. */
const ZEROS = [0x0660, 0x06f0, 0xff10] as const;

/**
 * @param decimal The decimal separator of the reader's region.
 * @returns A plain decimal such as `1250.50`; undefined if the text is no amount.
 */
export function readTypedAmount(text: string, decimal: '.' | ','): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const plain = [...text.trim()]
    .map(asciiDigit)
    .join('')
    .replace(/٫/g, decimal)
    .replace(/٬/g, decimal === '.' ? ',' : '.');
  const compact = plain.replace(SPACES, '');
  const group = decimal === '.' ? ',' : '.';
  return (
    matched(compact, new RegExp(`^(\\d+)(?:\\${decimal}(\\d+))?$`)) ??
    matched(compact, new RegExp(`^(\\d{1,3}(?:\\${group}\\d{3})+)(?:\\${decimal}(\\d+))?$`)) ??
    // The other separator, where it cannot stand between thousands.
    matched(compact, new RegExp(`^(\\d+)\\${group}(\\d{1,2}|\\d{4,})$`))
  );
}

function matched(text: string, form: RegExp): string | undefined {
  const [, whole, fraction] = form.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = whole.replace(/\D/g, '').replace(/^0+(?=\d)/, '');
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}

function asciiDigit(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const zero = ZEROS.find((start) => code >= start && code <= start + 9);
  return zero === undefined ? char : String(code - zero);
}
