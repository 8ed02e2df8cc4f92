/** A merchant's wallet as the rest of the gateway sees it: it turns an index into an address. Public keys only. */
import type { Network, ScriptHex } from '../kernel/chain.ts';

/**
 * What locks an output: a key hash (BIP 44), a key hash in segwit (BIP 84) or in nested segwit for older payers (BIP 49), a key
 * (BIP 86), or a script.
 */
export type ScriptType = 'p2pkh' | 'p2sh-p2wpkh' | 'p2wpkh' | 'p2tr' | 'p2wsh';

/** A watch-only wallet, which gives receiving addresses and can never spend. */
export interface AccountWallet {
  readonly network: Network;
  readonly scriptType: ScriptType;
  /** The ranged output descriptor with its checksum (BIP 380). This is the stored form of the wallet. */
  readonly descriptor: string;
  /** Returns the receiving address at `index`, 0 to 2^31 - 1. */
  receive(index: number): ReceiveAddress;
  /** Returns the addresses at `count` consecutive indexes, faster than one by one. */
  receiveMany(from: number, count: number): ReceiveAddress[];
}

export interface ReceiveAddress {
  readonly index: number;
  readonly address: string;
  readonly script: ScriptHex;
}

/** Whether a wallet has an address at a number that was read from the database. */
export function isAddressIndex(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}
