/** Reads the parts of an answer that we use. An answer with an unexpected shape means that the node cannot be used. */
import { SourceUnavailableError } from '../../source.ts';

/** @throws SourceUnavailableError naming `what` when the value is not an object. */
export function asRecord(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected('an object', value, what);
  return value as Record<string, unknown>;
}

/** @throws SourceUnavailableError naming `what` when the value is not an array. */
export function asArray(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw unexpected('an array', value, what);
  return value as readonly unknown[];
}

/** @throws SourceUnavailableError naming `what` when the value is not a string. */
export function asText(value: unknown, what: string): string {
  if (typeof value !== 'string') throw unexpected('a string', value, what);
  return value;
}

/** @throws SourceUnavailableError naming `what` when the value is not an integer. */
export function asInteger(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value)) throw unexpected('a whole number', value, what);
  return value as number;
}

/** @throws SourceUnavailableError naming `what` when the value is not hex. */
export function asBytes(value: unknown, what: string): Uint8Array {
  const text = asText(value, what);
  const bytes = Buffer.from(text, 'hex'); // stops at the first character that is not hex
  if (bytes.length * 2 !== text.length) throw unexpected('hex', text, what);
  return bytes;
}

/** Applies one of our parsers to a part of an answer. @throws SourceUnavailableError with the parser's message. */
export function parsedBy<T>(parse: (text: string) => T, value: unknown, what: string): T {
  const text = asText(value, what);
  try {
    return parse(text);
  } catch (error) {
    throw new SourceUnavailableError(`bitcoind: ${what}: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}`);
  }
}

function unexpected(expected: string, value: unknown, what: string): SourceUnavailableError {
  const came = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);
  return new SourceUnavailableError(`bitcoind: ${what}: expected ${expected}, got ${came}`);
}
