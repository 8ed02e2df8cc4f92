/**
 * Derives the public keys of many children of one key at once (BIP 32, CKDpub), many times as fast as @scure/bip32 does one by one:
 * nothing here is secret, so the multiplication need not be constant-time, and the children share inversions (`add-multiples.ts`).
 */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { hex } from '@scure/base';
import type { HDKey } from '@scure/bip32';
import { addMultiples } from './add-multiples.ts';

const { Point } = secp256k1;

/**
 * @param parent an extended public key.
 * @param from the index of the first child; all indexes are below 2^31.
 * @returns compressed public keys of 33 bytes.
 * @throws TypeError when a child has no valid key (BIP 32: "proceed with the next value for i"), which has never been observed.
 */
export function childKeys(parent: HDKey, from: number, count: number): Uint8Array[] {
  const { publicKey, chainCode } = parent;
  if (publicKey === null || chainCode === null) throw new TypeError('the parent has no public key');
  const point = Point.fromBytes(publicKey);
  const keyed = hmac.create(sha512, chainCode);
  const message = new Uint8Array([...publicKey, 0, 0, 0, 0]);
  const indexAt = new DataView(message.buffer, publicKey.length);
  const tweaks = Array.from({ length: count }, (_, position) => {
    indexAt.setUint32(0, from + position);
    return keyed.clone().update(message).digest().subarray(0, 32);
  });
  const sums = addMultiples(point.toAffine(), tweaks);
  return tweaks.map((bytes, position) => {
    const tweak = BigInt(`0x${hex.encode(bytes)}`);
    if (tweak >= Point.Fn.ORDER) throw new TypeError(`there is no key at index ${from + position}`);
    const sum = sums[position];
    const child = sum === undefined ? Point.BASE.multiplyUnsafe(tweak).add(point) : Point.fromAffine(sum);
    if (child.is0()) throw new TypeError(`there is no key at index ${from + position}`);
    // Whatever went wrong in the arithmetic, no money may be sent to what is not a point of the curve.
    child.assertValidity();
    return child.toBytes(true);
  });
}
