import { inOneLine } from './terminal-text.ts';

/** Formats a JSON object for people: one field per line, with nested fields indented below. */
export function lines(value: Readonly<Record<string, unknown>>, indent = ''): string {
  return Object.entries(value)
    .map(([name, field]) => `${indent}${name}:${formatted(field, `${indent}  `)}`)
    .join('\n');
}

function formatted(field: unknown, indent: string): string {
  if (Array.isArray(field))
    return field.length === 0 ? ' none' : field.map((item) => `\n${indent}-${formatted(item, `${indent}  `)}`).join('');
  if (typeof field === 'object' && field !== null) return `\n${lines(field as Record<string, unknown>, indent)}`;
  return ` ${field === null ? '-' : typeof field === 'string' ? inOneLine(field) : JSON.stringify(field)}`;
}
