import { nodeSigner, webCrypto } from '#runtime';
import type { Signer } from '../runtime/node-signer.ts';
import { webSigner } from './web-signer.ts';

export type { Signer };

/**
 * Makes a signer: HMAC-SHA256 or HMAC-SHA512 with one key, in base64. It uses `node:crypto` where available, which is several
 * times as fast as WebCrypto. A key given as text is replaced by its SHA-256, as `chainside-signature` requires.
 */
export function signerOf(bits: 256 | 512, key: Uint8Array | string): Signer {
  return nodeSigner(bits, key) ?? webSigner(webCrypto(), bits, key);
}

/** Compares two texts in a time that depends only on the length of `expected`, so that the sender learns nothing from it. */
export function isSameText(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let at = 0; at < expected.length; at++) difference |= given.charCodeAt(at) ^ expected.charCodeAt(at);
  return difference === 0;
}
