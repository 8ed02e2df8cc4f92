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

/** HMAC-SHA256 or HMAC-SHA512 with one key: by node:crypto where there is one, which is several times as fast, by WebCrypto elsewhere. */
export async function signerOf(bits: 256 | 512, key: Bytes): Promise<Signer> {
  const node = (globalThis as Runtime).process?.getBuiltinModule?.('node:crypto');
  if (node) return (message) => node.createHmac(`sha${bits}`, key).update(message).digest('base64');
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: `SHA-${bits}` }, false, ['sign']);
  return async (message) => btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.sign('HMAC', imported, message))));
}

/** The signer of the `chainside-signature` header: HMAC-SHA512, keyed with the raw bytes of the secret's SHA-256. */
export async function chainsideSigner(secret: string): Promise<Signer> {
  return await signerOf(512, new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret))));
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
