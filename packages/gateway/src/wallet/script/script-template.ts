/** The kinds of address with a single key. A new kind is a new row here, and a name in `ScriptType`. */
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Address, OutScript } from '@scure/btc-signer/payment.js';
import type { ScriptType } from '../account-wallet.ts';
import type { AddressFormat } from './address-format.ts';
import { segwitOutput, type Output } from './segwit-output.ts';
import { taprootOutputKeys } from './taproot-output-keys.ts';

/** How public keys become outputs. */
export interface ScriptTemplate {
  readonly type: ScriptType;
  /** The text before and after the key in a descriptor. */
  readonly open: string;
  readonly close: string;
  /**
   * Builds an output from each compressed public key of 33 bytes. The keys were derived here, so they are not verified again to
   * be points, which would cost as much as deriving them.
   */
  outputs(publicKeys: readonly Uint8Array[], format: AddressFormat): Output[];
}

/** BIP 44, BIP 381. */
const P2PKH: ScriptTemplate = {
  type: 'p2pkh',
  open: 'pkh(',
  close: ')',
  outputs: (publicKeys, format) =>
    publicKeys.map((key) => {
      const output = { type: 'pkh', hash: hash160(key) } as const;
      return { script: OutScript.encode(output), address: Address(format).encode(output) };
    }),
};

/** BIP 49, BIP 382: native segwit nested in a script hash, for payers that only support base58 addresses. */
export const P2SH_P2WPKH: ScriptTemplate = {
  type: 'p2sh-p2wpkh',
  open: 'sh(wpkh(',
  close: '))',
  outputs: (publicKeys, format) =>
    publicKeys.map((key) => {
      const output = { type: 'sh', hash: hash160(segwitOutput(0, hash160(key), format).script) } as const;
      return { script: OutScript.encode(output), address: Address(format).encode(output) };
    }),
};

/** BIP 84, BIP 382. */
export const P2WPKH: ScriptTemplate = {
  type: 'p2wpkh',
  open: 'wpkh(',
  close: ')',
  outputs: (publicKeys, format) => publicKeys.map((key) => segwitOutput(0, hash160(key), format)),
};

/** BIP 86, BIP 386: spent with the key alone. */
export const P2TR: ScriptTemplate = {
  type: 'p2tr',
  open: 'tr(',
  close: ')',
  outputs: (publicKeys, format) => taprootOutputKeys(publicKeys).map((key) => segwitOutput(1, key, format)),
};

/** All kinds of address with a single key. */
export const SCRIPT_TEMPLATES: readonly ScriptTemplate[] = [P2PKH, P2SH_P2WPKH, P2WPKH, P2TR];

function hash160(bytes: Uint8Array): Uint8Array {
  return ripemd160(sha256(bytes));
}
