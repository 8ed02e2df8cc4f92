import type { Fields } from '../panel-router.ts';

const MAX_CHARACTERS = 4_000;

/** Returns what a person has typed into a field. */
export function typedText(fields: Fields, name: string): string {
  return (fields[name] ?? '').slice(0, MAX_CHARACTERS).trim().replaceAll('\r\n', '\n');
}
