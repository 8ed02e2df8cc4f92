import { inOneLine } from './terminal-text.ts';

/** A value of JSON for people to read: a field a line, what is inside another indented below it. */
export function lines(value: Readonly<Record<string, unknown>>, indent = ''): string {
  return Object.entries(value)
    .map(([name, field]) => `${indent}${name}:${reported(field, `${indent}  `)}`)
    .join('\n');
}

function reported(field: unknown, indent: string): string {
  if (Array.isArray(field))
    return field.length === 0 ? ' none' : field.map((item) => `\n${indent}-${reported(item, `${indent}  `)}`).join('');
  if (typeof field === 'object' && field !== null) return `\n${lines(field as Record<string, unknown>, indent)}`;
  return ` ${field === null ? '-' : typeof field === 'string' ? inOneLine(field) : JSON.stringify(field)}`;
}
