import { nodeSigner, webCrypto } from '#runtime';
import type { Signer } from '../runtime/node-signer.ts';
import { webSigner } from './web-signer.ts';

export type { Signer };

/**
 * HMAC-SHA256 or HMAC-SHA512 with one key: by node:crypto where there is one, which is several times as fast, by
 * WebCrypto elsewhere. A text stands for its SHA-256 as the key, which is how `chainside-signature` is keyed.
 */
export function signerOf(bits: 256 | 512, key: Uint8Array | string): Signer {
  return nodeSigner(bits, key) ?? webSigner(webCrypto(), bits, key);
}

/**
 * Says whether two texts are the same, in the same time wherever the first difference is; `expected` sets how long that
 * takes, so that no sender can stretch it.
 */
export function isSameText(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let at = 0; at < expected.length; at++) difference |= given.charCodeAt(at) ^ expected.charCodeAt(at);
  return difference === 0;
}
