/** Bytes in memory of their own. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Signs a message: its HMAC in base64. */
export type Signer = (message: Bytes) => string | Promise<string>;

/** What we take of node:crypto. It is asked for at run time and never imported, so that this module loads everywhere. */
interface NodeCrypto {
  createHmac(hash: string, key: Bytes): { update(message: Bytes): { digest(encoding: 'base64'): string } };
}
interface Runtime {
  process?: { getBuiltinModule?(name: 'node:crypto'): NodeCrypto | undefined };
}

/** HMAC with one key: by node:crypto where there is one, which is several times as fast, by WebCrypto elsewhere. */
export async function signerOf(hash: 'SHA-256' | 'SHA-512', key: Bytes): Promise<Signer> {
  const node = (globalThis as Runtime).process?.getBuiltinModule?.('node:crypto');
  if (node) return (message) => node.createHmac(hash.replace('-', ''), key).update(message).digest('base64');
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash }, false, ['sign']);
  return async (message) => btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.sign('HMAC', imported, message))));
}

/** The signer of the `chainside-signature` header: HMAC-SHA512, keyed with the raw bytes of the secret's SHA-256. */
export async function chainsideSigner(secret: string): Promise<Signer> {
  return await signerOf('SHA-512', new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(secret))));
}

/** A text's bytes in UTF-8. */
export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}
