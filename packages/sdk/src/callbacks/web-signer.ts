import type { Signer } from '../runtime/node-signer.ts';
import { ENCODER } from './encoder.ts';

/** Makes a signer with WebCrypto. A key given as text is replaced by its SHA-256. */
export function webSigner({ subtle }: Crypto, bits: 256 | 512, key: Uint8Array | string): Signer {
  let imported: Promise<CryptoKey> | undefined;
  return async (message) => {
    const copy = message.slice();
    imported ??= Promise.resolve(
      typeof key === 'string' ? subtle.digest('SHA-256', ENCODER.encode(key) as BufferSource) : key,
    ).then((raw) => subtle.importKey('raw', raw as BufferSource, { name: 'HMAC', hash: `SHA-${bits}` }, false, ['sign']));
    return btoa(String.fromCharCode(...new Uint8Array(await subtle.sign('HMAC', await imported, copy))));
  };
}
