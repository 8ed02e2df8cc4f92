import type { Fields } from '../panel-router.ts';

const MAX_CHARACTERS = 4_000;

/** Returns what a person has typed into a field. */
export function typedText(fields: Fields, name: string): string {
  return (fields[name] ?? '').slice(0, MAX_CHARACTERS).trim().replaceAll('\r\n', '\n');
}

/** Returns the fields that are text. */
export function plain(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
