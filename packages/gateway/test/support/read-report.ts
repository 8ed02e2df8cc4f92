/** Reads reports back, by other code than that which writes them. */

/** Parses RFC 4180 character by character. */
export function parseCsv(text: string, separator = ','): string[][] {
  const rows: string[][] = [];
  let [row, field, isQuoted, isOpen]: [string[], string, boolean, boolean] = [[], '', false, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (isOpen) {
      if (character !== '"') field += character;
      else if (text[at + 1] === '"') [field, at] = [`${field}"`, at + 1];
      else isOpen = false;
    } else if (character === '"' && field === '' && !isQuoted) [isOpen, isQuoted] = [true, true];
    else if (character === separator) [row, field, isQuoted] = [[...row, field], '', false];
    else if (character === '\r' && text[at + 1] === '\n') {
      rows.push([...row, field]);
      [row, field, isQuoted, at] = [[], '', false, at + 1];
    } else if (character === '\n' || character === '\r' || character === '"')
      throw new Error(`bare ${JSON.stringify(character)} at ${at}`);
    else field += character;
  }
  if (isOpen || field !== '' || row.length > 0) throw new Error('the last line does not end with CR LF');
  return rows;
}

/** Returns the rows by the names in the first line, which all have the same number of fields. */
export function parseTable(text: string): Record<string, string>[] {
  const [heads = [], ...rows] = parseCsv(text);
  return rows.map((row) => {
    if (row.length !== heads.length) throw new Error(`expected ${heads.length} fields, got ${row.length}`);
    return Object.fromEntries(heads.map((head, at) => [head, row[at]!]));
  });
}

export function parseJsonLines(text: string): Record<string, string | number | null>[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, string | number | null>);
}

/** Parses a decimal into minor units, exactly. */
export function minorUnits(text: string, decimals: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  if (!/^\d+$/.test(whole) || !/^\d*$/.test(fraction) || fraction.length > decimals) throw new Error(`no amount: ${text}`);
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

export function sumOf(values: Iterable<bigint>): bigint {
  let sum = 0n;
  for (const value of values) sum += value;
  return sum;
}
