/** The origin of a key: `[d34db33f/84h/0h/0h]` before it names the master key and the path (BIP 380). */
import { HARDENED_OFFSET } from '@scure/bip32';
import { WalletError } from '../wallet-error.ts';

/**
 * Validates the text between the square brackets and returns its canonical form: lower case, `h` for hardened steps, no leading
 * zeros. The origin does not affect the derivation; signing devices need it to find their key.
 *
 * Whether the path fits the depth of the key is not checked: BIP 382's own vectors contain a key whose last step differs from its
 * origin's.
 *
 * @throws WalletError with code `key_origin`.
 * @example parseKeyOrigin("D34DB33F/84'/0'/0'") // 'd34db33f/84h/0h/0h'
 */
export function parseKeyOrigin(text: string): string {
  const [fingerprint = '', ...steps] = text.split('/');
  if (!/^[0-9a-f]{8}$/i.test(fingerprint)) {
    throw new WalletError(
      'key_origin',
      'descriptor',
      `expected 8 hex digits first in the key origin, got ${fingerprint.length} characters that are not that`,
    );
  }
  return [fingerprint.toLowerCase(), ...steps.map(canonicalStep)].join('/');
}

function canonicalStep(step: string): string {
  const match = /^(\d{1,10})(h|')?$/.exec(step);
  const child = Number(match?.[1]);
  if (match === null || child >= HARDENED_OFFSET) {
    throw new WalletError(
      'key_origin',
      'descriptor',
      "expected steps of 0 to 2147483647, hardened by h or ', in the key origin, got something else",
    );
  }
  return `${child}${match[2] === undefined ? '' : 'h'}`;
}
