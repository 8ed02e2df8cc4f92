/** The kinds of address that one key gives. A new kind is a new row here, and a name in `AccountWallet`. */
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Address, OutScript } from '@scure/btc-signer/payment.js';
import type { AccountWallet } from './account-wallet.ts';
import type { AddressFormat } from './address-format.ts';

/** How one public key becomes an output. */
export interface ScriptTemplate {
  readonly type: AccountWallet['scriptType'];
  /** What stands before and after the key in a descriptor. */
  readonly open: string;
  readonly close: string;
  /** Makes the output from a compressed public key of 33 bytes. */
  output(publicKey: Uint8Array, format: AddressFormat): { readonly script: Uint8Array; readonly address: string };
}

/** BIP 84, BIP 382. */
export const P2WPKH: ScriptTemplate = {
  type: 'p2wpkh',
  open: 'wpkh(',
  close: ')',
  // The key was derived here, so it is not checked once more to be a point: that would cost as much as deriving it.
  output: (publicKey, format) => {
    const output = { type: 'wpkh', hash: ripemd160(sha256(publicKey)) } as const;
    return { script: OutScript.encode(output), address: Address(format).encode(output) };
  },
};

/** All that we can watch. */
export const SCRIPT_TEMPLATES: readonly ScriptTemplate[] = [P2WPKH];
