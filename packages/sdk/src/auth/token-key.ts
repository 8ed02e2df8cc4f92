import { ENCODER } from '../callbacks/encoder.ts';
import { webSigner } from '../callbacks/web-signer.ts';
import { nodeSigner } from '../runtime/node-signer.ts';
import { webCrypto } from '../runtime/web-crypto.ts';
import type { TokenOwner } from './token-owner.ts';

/**
 * The key of an owner's token in the memory of a process: a MAC with the secret, so that who does not know the secret finds no token,
 * and no dump of the memory's map shows it.
 */
export async function tokenKey({ mode, baseUrl, clientId, secret }: TokenOwner): Promise<string> {
  const sign = nodeSigner(256, secret) ?? webSigner(webCrypto(), 256, secret);
  return await sign(ENCODER.encode(JSON.stringify([mode, baseUrl, clientId])));
}
