/** Segwit outputs of any version: script (BIP 141) and address (BIP 173, BIP 350). */
import { bech32, bech32m } from '@scure/base';
import type { AddressFormat } from './address-format.ts';

/** A payment destination. */
export interface Output {
  readonly script: Uint8Array;
  readonly address: string;
}

/**
 * @param version of the witness, 0 to 16: 0 for hashes of keys and scripts, 1 for taproot.
 * @param program 2 to 40 bytes; for version 0, a hash of 20 or 32.
 * @example segwitOutput(0, hash160(key), ADDRESS_FORMATS.bitcoin).address // 'bc1q...'
 */
export function segwitOutput(version: number, program: Uint8Array, { bech32: prefix }: Pick<AddressFormat, 'bech32'>): Output {
  // OP_0, or OP_1 to OP_16, which follow 0x50.
  const opcode = version === 0 ? 0 : 0x50 + version;
  const coder = version === 0 ? bech32 : bech32m;
  return {
    script: Uint8Array.of(opcode, program.length, ...program),
    address: coder.encode(prefix, [version, ...coder.toWords(program)]),
  };
}
