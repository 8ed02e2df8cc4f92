import { hex } from '@scure/base';

/** The max number of keys of OP_CHECKMULTISIG: Bitcoin Core's MAX_PUBKEYS_PER_MULTISIG, which fits into a witness script. */
export const MAX_MULTISIG_KEYS = 20;

const OP_1 = 0x51;
const OP_CHECKMULTISIG = 0xae;

/**
 * Builds the script that requires `threshold` signatures, with the keys sorted by their bytes (BIP 67), so that every signer's
 * wallet builds the same script.
 *
 * @param publicKeys 1 to 20 compressed public keys of 33 bytes, in any order.
 * @example multisigScript(2, [a, b, c]) // OP_2 a b c OP_3 OP_CHECKMULTISIG
 */
export function multisigScript(threshold: number, publicKeys: readonly Uint8Array[]): Uint8Array {
  const sorted = publicKeys.map((key) => hex.encode(key)).sort();
  const pushes = sorted.flatMap((key) => [33, ...hex.decode(key)]);
  return Uint8Array.of(...pushNumber(threshold), ...pushes, ...pushNumber(sorted.length), OP_CHECKMULTISIG);
}

/** Numbers up to 16 have opcodes of their own; a larger one is pushed as a byte. */
function pushNumber(value: number): number[] {
  return value <= 16 ? [OP_1 - 1 + value] : [1, value];
}
