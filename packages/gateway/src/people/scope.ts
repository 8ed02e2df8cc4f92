/** Reads and writes the scope of a person or token as stored text. */
import type { MerchantId, PosId } from '../kernel/ids.ts';
import { isUuidV4 } from '../kernel/ids.ts';
import type { PersonScope } from './person.ts';

/** A scope names few merchants and POS: each is looked up for every request. */
export const MAX_SCOPE_IDS = 200;

export const WHOLE_SCOPE: PersonScope = { kind: 'all' };

/** Returns the text that is stored, and that a MAC covers: the same for the same scope, in whatever order it names its ids. */
export function scopeText(scope: PersonScope): string {
  if (scope.kind === 'all') return 'all';
  const sorted = (ids: readonly string[]): string[] => [...new Set(ids)].sort();
  return JSON.stringify({ merchants: sorted(scope.merchants), pos: sorted(scope.pos) });
}

/** @throws RangeError if the text is not one of {@link scopeText}. */
export function parseScopeText(text: string): PersonScope {
  if (text === 'all') return WHOLE_SCOPE;
  const parsed = parseJson(text);
  const ids = (name: 'merchants' | 'pos'): readonly string[] => {
    const value = parsed?.[name];
    if (!Array.isArray(value) || !value.every((id) => typeof id === 'string' && isUuidV4(id)))
      throw new RangeError(`scope: expected all, or UUIDs of merchants and POS, got ${JSON.stringify(text.slice(0, 64))}`);
    return value as string[];
  };
  return { kind: 'some', merchants: ids('merchants') as MerchantId[], pos: ids('pos') as PosId[] };
}

function parseJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
