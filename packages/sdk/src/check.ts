import { ValidationError } from './errors/index.ts';

/** What is wrong with a value, or nothing. */
export type Check = (value: unknown) => string | undefined;

/**
 * Ends a call before it is sent, when a field of it is wrong, in the words and the shape of the server.
 *
 * @param problems what is wrong, by field.
 * @throws ValidationError with `errors` by field, unless nothing is wrong.
 */
export function refuseWrong(method: string, path: string, problems: Readonly<Record<string, string | undefined>>): void {
  const wrong = Object.entries(problems).filter(([, problem]) => problem);
  if (wrong.length === 0) return;
  const errors = Object.fromEntries(wrong.map(([field, problem = '']) => [field, [problem]]));
  const told = wrong.map((entry) => entry.join(' ')).join('; ');
  throw new ValidationError(`${method} ${path}: not sent: ${told}`, { method, path, errorCode: '0001', errors });
}

/** Lets a value be left out. */
export function optional(value: unknown, check: Check): string | undefined {
  return value == null ? undefined : check(value);
}

/** An integer within bounds. */
export function integer(min: number, max?: number): Check {
  return (value) =>
    Number.isSafeInteger(value) && (value as number) >= min && (max === undefined || (value as number) <= max)
      ? undefined
      : `must be an integer from ${min}${max === undefined ? '' : ` to ${max}`}, got ${show(value)}`;
}

/** One of some texts. */
export function oneOf(texts: readonly string[]): Check {
  return (value) => (texts.includes(value as string) ? undefined : `must be one of ${texts.join(', ')}, got ${show(value)}`);
}

/** A status or an event. Not only those of this version: the server knows best which there are. */
export function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z_.]+$/.test(value) ? undefined : `must be a name of the contract, got ${show(value)}`;
}

/** Shows a wrong value: a text in quotes and not too long, an object by its type alone. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  return typeof value === 'number' || typeof value === 'bigint' || value === null ? String(value) : typeof value;
}
