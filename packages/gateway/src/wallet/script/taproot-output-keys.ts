/** The output keys of taproot: each internal key, tweaked so that it commits to no script path (BIP 341, BIP 86). */
import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { hex } from '@scure/base';

const { Point } = secp256k1;
/** The first byte of a compressed key with even y, which BIP 340 assumes for every key. */
const EVEN = 0x02;

/**
 * Q = lift_x(x(P)) + int(hash_TapTweak(x(P)))G for every key P.
 *
 * @param internalKeys compressed public keys of 33 bytes.
 * @returns x-only public keys of 32 bytes.
 * @throws TypeError when a key has no output key, which has never been observed.
 * @example taprootOutputKeys([hex.decode('02cc8a4bc6...')]) // a60869f0db..., as in BIP 86
 */
export function taprootOutputKeys(internalKeys: readonly Uint8Array[]): Uint8Array[] {
  const points = internalKeys.map((internalKey) => {
    const xOnly = internalKey.subarray(1);
    const tweak = BigInt(`0x${hex.encode(schnorr.utils.taggedHash('TapTweak', xOnly))}`);
    if (tweak >= Point.Fn.ORDER) throw new TypeError('there is no output key for an internal key');
    const output = Point.BASE.multiplyUnsafe(tweak).add(Point.fromBytes(Uint8Array.of(EVEN, ...xOnly)));
    if (output.is0()) throw new TypeError('there is no output key for an internal key');
    return output;
  });
  return normalizeZ(Point, points).map((output) => output.toBytes(true).subarray(1));
}
