/** The kinds of address that one key gives. A new kind is a new row here, and a name in `ScriptType`. */
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bech32m } from '@scure/base';
import { Address, OutScript } from '@scure/btc-signer/payment.js';
import type { ScriptType } from './account-wallet.ts';
import type { AddressFormat } from './address-format.ts';
import { taprootOutputKeys } from './taproot-output-keys.ts';

/** What is paid to. */
export interface Output {
  readonly script: Uint8Array;
  readonly address: string;
}

/** How public keys become outputs. */
export interface ScriptTemplate {
  readonly type: ScriptType;
  /** What stands before and after the key in a descriptor. */
  readonly open: string;
  readonly close: string;
  /**
   * Makes an output from each compressed public key of 33 bytes. The keys were derived here, so they are not checked once more to be
   * points: that would cost as much as deriving them.
   */
  outputs(publicKeys: readonly Uint8Array[], format: AddressFormat): Output[];
}

/** BIP 44, BIP 381. */
const P2PKH: ScriptTemplate = {
  type: 'p2pkh',
  open: 'pkh(',
  close: ')',
  outputs: (publicKeys, format) => publicKeys.map((key) => encode({ type: 'pkh', hash: hash160(key) }, format)),
};

/** BIP 49, BIP 382: native segwit inside a script hash, for who can only pay to base58 addresses. */
export const P2SH_P2WPKH: ScriptTemplate = {
  type: 'p2sh-p2wpkh',
  open: 'sh(wpkh(',
  close: '))',
  outputs: (publicKeys, format) =>
    publicKeys.map((key) => {
      const redeemScript = OutScript.encode({ type: 'wpkh', hash: hash160(key) });
      return encode({ type: 'sh', hash: hash160(redeemScript) }, format);
    }),
};

/** BIP 84, BIP 382. */
export const P2WPKH: ScriptTemplate = {
  type: 'p2wpkh',
  open: 'wpkh(',
  close: ')',
  outputs: (publicKeys, format) => publicKeys.map((key) => encode({ type: 'wpkh', hash: hash160(key) }, format)),
};

/** BIP 86, BIP 386: spent by the key alone. */
export const P2TR: ScriptTemplate = {
  type: 'p2tr',
  open: 'tr(',
  close: ')',
  outputs: (publicKeys, format) =>
    taprootOutputKeys(publicKeys).map((key) => ({
      // BIP 341: OP_1 and the 32 bytes of the key.
      script: Uint8Array.of(0x51, 0x20, ...key),
      address: bech32m.encode(format.bech32, [1, ...bech32m.toWords(key)]),
    })),
};

/** All that one key can have. */
export const SCRIPT_TEMPLATES: readonly ScriptTemplate[] = [P2PKH, P2SH_P2WPKH, P2WPKH, P2TR];

type HashType = 'pkh' | 'sh' | 'wpkh';
type HashOutput = { [T in HashType]: { readonly type: T; readonly hash: Uint8Array } }[HashType];

function encode(output: HashOutput, format: AddressFormat): Output {
  return { script: OutScript.encode(output), address: Address(format).encode(output) };
}

function hash160(bytes: Uint8Array): Uint8Array {
  return ripemd160(sha256(bytes));
}
