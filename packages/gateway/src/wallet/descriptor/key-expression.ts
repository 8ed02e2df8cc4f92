/** Parses and formats the key in a descriptor, `[origin]xpub/path/*` (BIP 380). */
import type { HDKey } from '@scure/bip32';
import { parseExtendedKey, type ExtendedKey } from './extended-key.ts';
import { parseKeyOrigin } from './key-origin.ts';
import { parseReceivePath } from './receive-path.ts';
import { WalletError } from '../wallet-error.ts';

/** A key, and its branch with the receiving addresses. */
export interface RangedKey {
  /** Fingerprint and path of the key's origin, as in `d34db33f/84h/0h/0h`. */
  readonly origin: string | undefined;
  readonly key: ExtendedKey;
  /** Child numbers between the key and the index. */
  readonly branch: readonly number[];
}

/** A key as it appeared in a descriptor. */
export interface KeyExpression extends RangedKey {
  /** How many branches its path names (BIP 389); `branch` is the first. */
  readonly branches: number;
}

/**
 * Parses an extended public key with its path, and its origin if present.
 *
 * @throws WalletError that states which part is invalid.
 * @example parseKeyExpression('[d34db33f/84h/0h/0h]xpub6Cat.../<0;1>/*').branch // [0]
 */
export function parseKeyExpression(text: string): KeyExpression {
  const { origin, rest } = splitOrigin(text);
  if (rest === '') throw new WalletError('syntax', 'descriptor', 'expected a key, got none');
  if (/[(),]/.test(rest))
    throw new WalletError('syntax', 'descriptor', 'expected one key between the brackets, got more than that');
  if (/^(?:0[23][0-9a-f]{64}|04[0-9a-f]{128})(?:\/|$)/i.test(rest)) {
    throw new WalletError(
      'not_ranged',
      'descriptor',
      'expected an extended public key (xpub, tpub), which gives every order its own address, got a single public key',
    );
  }
  const slash = rest.includes('/') ? rest.indexOf('/') : rest.length;
  const key = parseExtendedKey(rest.slice(0, slash), 'descriptor');
  if (key.version.addresses !== 'any') {
    const { prefix } = key.version;
    throw new WalletError(
      'extended_key',
      'descriptor',
      `expected xpub or tpub, the only prefixes that descriptors have, got ${prefix}`,
    );
  }
  const { branch, branches } = parseReceivePath(rest.slice(slash));
  // BIP 32: the depth of a key is one byte, and the address index is one more step.
  if (key.depth + branch.length + 1 > 255)
    throw new WalletError('path', 'descriptor', 'expected at most 255 steps from the master key, got more');
  return { origin: origin === undefined ? undefined : parseKeyOrigin(origin), key, branch, branches };
}

/** Formats the key in its canonical descriptor form. */
export function formatKeyExpression({ origin, key, branch }: RangedKey): string {
  return `${origin === undefined ? '' : `[${origin}]`}${[key.plain, ...branch, '*'].join('/')}`;
}

/** The public key whose children are the receiving keys. */
export function branchKey({ key, branch }: RangedKey): HDKey {
  return branch.reduce((node, child) => node.deriveChild(child), key.node);
}

function splitOrigin(text: string): { origin: string | undefined; rest: string } {
  const match = /^(?:\[([^[\]]*)\])?([^[\]]*)$/.exec(text);
  if (match === null)
    throw new WalletError(
      'key_origin',
      'descriptor',
      'expected at most one key origin, [fingerprint/path], right before the key, got something else',
    );
  return { origin: match[1], rest: match[2] ?? '' };
}
