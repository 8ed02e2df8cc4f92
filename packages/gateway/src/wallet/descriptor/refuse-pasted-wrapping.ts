/**
 * Detects what is copied along with a key from a web page, a shell or a file, and reports it as such instead of as a mistyped
 * key.
 */
import { WalletError, type WalletField } from '../wallet-error.ts';

/**
 * Invisible: format characters (zero-width spaces, direction marks, soft hyphens) and control characters other than white space.
 */
const INVISIBLE = /[\p{Cf}\p{Cc}]/u;
const QUOTES = /^["'`\u2018\u2019\u201c\u201d\u00ab\u00bb]|["`\u2018\u2019\u201c\u201d\u00ab\u00bb]$/;
const MAX_FIELDS = 3;

/**
 * @param text without surrounding white space, and already checked for private keys.
 * @throws WalletError with code `syntax` when the text is JSON, is quoted, or contains an invisible character.
 */
export function refusePastedWrapping(text: string, field: WalletField): void {
  const fault = jsonFault(text) ?? quoteFault(text) ?? invisibleFault(text);
  if (fault !== undefined) throw new WalletError('syntax', field, fault);
}

function jsonFault(text: string): string | undefined {
  if (!/^[{[]\s*["{[]/.test(text)) return undefined;
  const fields = descriptorFields(parsed(text)).slice(0, MAX_FIELDS);
  const advice = fields.length === 0 ? 'the field with the descriptor, usually called desc' : `its field ${fields.join(' or ')}`;
  return `expected the descriptor alone, got the JSON of a wallet's export: copy the text of ${advice}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The fields of an export that contain descriptors with a `*`, such as `bip84.desc`. Values are never quoted. */
function descriptorFields(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return /^[a-z]+\(.*\*.*\)/.test(value) && path !== '' ? [path] : [];
  if (typeof value !== 'object' || value === null || path.length > 100) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    /^\w{1,30}$/.test(name) ? descriptorFields(inner, path === '' ? name : `${path}.${name}`) : [],
  );
}

function quoteFault(text: string): string | undefined {
  if (!QUOTES.test(text)) return undefined;
  return 'expected the text without quotes, got it in quotes: leave them out';
}

function invisibleFault(text: string): string | undefined {
  const position = text.search(INVISIBLE);
  if (position === -1) return undefined;
  const code = text.codePointAt(position)?.toString(16).toUpperCase().padStart(4, '0');
  return `expected only visible characters, got the invisible U+${code} at position ${position + 1}: it was probably copied along; type that part again`;
}
