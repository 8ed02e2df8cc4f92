/** Parses the contents of `sortedmulti(k,KEY,...)` (BIP 383, BIP 389), within the limits of Bitcoin Core. */
import { hex } from '@scure/base';
import { branchKey, parseKeyExpression, type KeyExpression } from './key-expression.ts';
import { MAX_MULTISIG_KEYS } from '../script/multisig-script.ts';
import { WalletError } from '../wallet-error.ts';

/** Ranged keys, all different, and how many of them must sign. */
export interface Multisig {
  readonly threshold: number;
  readonly keys: readonly KeyExpression[];
}

/**
 * Parses threshold and keys.
 *
 * A duplicate key is refused, although nodes accept it: one signer would count as two.
 *
 * @throws WalletError that states which key is invalid, by its position.
 * @example parseMultisig('2', ['xpub6Cat.../<0;1>/*', 'xpub6BgB.../<0;1>/*']).threshold // 2
 */
export function parseMultisig(threshold: string, keyTexts: readonly string[]): Multisig {
  if (keyTexts.length < 1 || keyTexts.length > MAX_MULTISIG_KEYS)
    throw wrong('syntax', `1 to ${MAX_MULTISIG_KEYS} keys in sortedmulti(k,KEY,...)`, `${keyTexts.length}`);
  const required = /^[1-9]\d?$/.test(threshold) ? Number(threshold) : 0;
  if (required < 1 || required > keyTexts.length)
    throw wrong('syntax', `a threshold of 1 to ${keyTexts.length}, the number of keys`, describe(threshold));
  const keys = keyTexts.map((text, position) => parseAt(text, position, keyTexts.length));
  requireDifferent(keys);
  requireAsManyBranches(keys);
  return { threshold: required, keys };
}

function parseAt(text: string, position: number, count: number): KeyExpression {
  try {
    return parseKeyExpression(text);
  } catch (error) {
    if (!(error instanceof WalletError)) throw error;
    throw new WalletError(error.code, error.field, `key ${position + 1} of ${count}: ${error.problem}`);
  }
}

function requireDifferent(keys: readonly KeyExpression[]): void {
  const seen = new Map<string, number>();
  for (const [position, key] of keys.entries()) {
    const { publicKey, chainCode } = branchKey(key);
    const children = `${hex.encode(publicKey ?? new Uint8Array())} ${hex.encode(chainCode ?? new Uint8Array())}`;
    const twin = seen.get(children);
    if (twin !== undefined)
      throw wrong('syntax', 'keys that are all different', `the same one as key ${twin + 1} and key ${position + 1}`);
    seen.set(children, position);
  }
}

function requireAsManyBranches(keys: readonly KeyExpression[]): void {
  const counts = [...new Set(keys.map(({ branches }) => branches).filter((branches) => branches > 1))];
  if (counts.length > 1)
    throw wrong('path', 'every <a;b> to have as many branches as the others (BIP 389)', counts.join(' and ').concat(' branches'));
}

/** Quotes only a number: anything else may be part of a key. */
function describe(threshold: string): string {
  return /^\d{1,9}$/.test(threshold) ? threshold : 'something that is not a number';
}

function wrong(code: 'syntax' | 'path', expected: string, got: string): WalletError {
  return new WalletError(code, 'descriptor', `expected ${expected}, got ${got}`);
}
