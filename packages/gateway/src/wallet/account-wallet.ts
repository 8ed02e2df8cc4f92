/** What the rest of the gateway knows of a merchant's wallet: it turns an index into an address. Public keys only. */
import type { Network, ScriptHex } from '../kernel/chain.ts';

/** A wallet that gives addresses to receive at, and can never spend. */
export interface AccountWallet {
  readonly network: Network;
  readonly scriptType: 'p2wpkh';
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
