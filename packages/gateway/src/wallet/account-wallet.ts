/** What the rest of the gateway knows of a merchant's wallet: it turns an index into an address. Public keys only. */
import type { Network, ScriptHex } from '../kernel/chain.ts';

/** What an output is locked by: the hash of a key (BIP 44), the same in segwit and wrapped for old payers (BIP 84, 49), a key (BIP 86), or a script. */
export type ScriptType = 'p2pkh' | 'p2sh-p2wpkh' | 'p2wpkh' | 'p2tr' | 'p2wsh';

/** A wallet that gives addresses to receive at, and can never spend. */
export interface AccountWallet {
  readonly network: Network;
  readonly scriptType: ScriptType;
  /** The ranged output descriptor with its checksum (BIP 380), by which the wallet is stored and can be checked. */
  readonly descriptor: string;
  /** The receiving address number `index`, 0 to 2^31 - 1. */
  receive(index: number): ReceiveAddress;
  /** The same for `count` indexes in a row, faster than one by one. */
  receiveMany(from: number, count: number): ReceiveAddress[];
}

export interface ReceiveAddress {
  readonly index: number;
  readonly address: string;
  readonly script: ScriptHex;
}
