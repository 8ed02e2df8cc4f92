import { ENCODER } from '../callbacks/encoder.ts';
import { webSigner } from '../callbacks/web-signer.ts';
import { nodeSigner } from '../runtime/node-signer.ts';
import { webCrypto } from '../runtime/web-crypto.ts';
import type { TokenOwner } from './token-owner.ts';

/**
 * Returns the key of an owner's token in the memory of a process. It is a MAC keyed with the secret, so that code without the
 * secret finds no token, and a dump of the map does not show it.
 */
export async function tokenKey({ mode, baseUrl, clientId, secret }: TokenOwner): Promise<string> {
  const sign = nodeSigner(256, secret) ?? webSigner(webCrypto(), 256, secret);
  return await sign(ENCODER.encode(JSON.stringify([mode, baseUrl, clientId])));
}
