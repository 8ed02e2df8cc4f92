/** The kinds of address that one key gives. A new kind is a new row here, and a name in `AccountWallet`. */
import { p2wpkh } from '@scure/btc-signer/payment.js';
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
  output: (publicKey, format) => p2wpkh(publicKey, format),
};

/** All that we can watch. */
export const SCRIPT_TEMPLATES: readonly ScriptTemplate[] = [P2WPKH];
