/** Extended public keys (BIP 32) with any SLIP 132 prefix: validated as a whole, then used as plain xpub or tpub. */
import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { HDKey } from '@scure/bip32';
import { refusePrivateKeys } from './refuse-private-keys.ts';
import { KEY_VERSIONS, PLAIN_VERSIONS, type KeyVersion } from './slip132.ts';
import { WalletError, type WalletField } from '../wallet-error.ts';

const base58check = createBase58check(sha256);

/** A validated extended public key. */
export interface ExtendedKey {
  /** The meaning of its original prefix. */
  readonly version: KeyVersion;
  /** 0 for a master key, 3 for an account of BIP 84. */
  readonly depth: number;
  /** The last step of the path to it, hardened from 2^31 on. */
  readonly childNumber: number;
  /** The same key as xpub or tpub. */
  readonly plain: string;
  /** The node that derives its children. */
  readonly node: HDKey;
}

/**
 * Parses an extended public key in base58check.
 *
 * @param field the argument to name in an error.
 * @throws WalletError with code `private_key` or `extended_key`.
 * @example parseExtendedKey('zpub6rFR7y4Q2...', 'xpub').plain // 'xpub6CatWdiZi...'
 */
export function parseExtendedKey(text: string, field: WalletField): ExtendedKey {
  refusePrivateKeys(text, field);
  const bytes = decode(text, field);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = KEY_VERSIONS.find((known) => known.version === view.getUint32(0));
  if (version === undefined)
    throw invalid(field, `one of ${KEY_VERSIONS.map((known) => known.prefix).join(', ')}`, 'unknown version bytes');
  const depth = view.getUint8(4);
  const parentFingerprint = view.getUint32(5);
  const childNumber = view.getUint32(9);
  if (depth === 0 && (parentFingerprint !== 0 || childNumber !== 0)) {
    throw invalid(field, 'a master key to have no parent and no child number', 'depth 0 with one of them');
  }

  view.setUint32(0, PLAIN_VERSIONS[version.chain].version);
  const plain = base58check.encode(bytes);
  return { version, depth, childNumber, plain, node: node(plain, version.chain, field) };
}

function decode(text: string, field: WalletField): Uint8Array {
  // 78 bytes and 4 of checksum have 111 or 112 characters. Base58 takes quadratic time, so long input is rejected here.
  if (text.length < 105 || text.length > 115)
    throw invalid(field, 'an extended public key of 111 or 112 characters', `${text.length}`);
  let bytes: Uint8Array;
  try {
    bytes = base58check.decode(text);
  } catch {
    throw invalid(field, 'a key with a valid base58 checksum', 'an invalid one; a character may be mistyped or missing');
  }
  if (bytes.length !== 78) throw invalid(field, 'an extended key of 78 bytes', `${bytes.length}`);
  return bytes;
}

function node(plain: string, chain: KeyVersion['chain'], field: WalletField): HDKey {
  try {
    // The library requires a private version too. It never occurs, because the key is public.
    return HDKey.fromExtendedKey(plain, { public: PLAIN_VERSIONS[chain].version, private: 0 });
  } catch {
    throw invalid(field, 'a compressed public key that is a point of secp256k1', 'one that is not');
  }
}

function invalid(field: WalletField, expected: string, got: string): WalletError {
  return new WalletError('extended_key', field, `expected ${expected}, got ${got}`);
}
