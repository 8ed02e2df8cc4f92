const ALGORITHM = { name: 'HMAC', hash: 'SHA-512' } as const;

type HmacKey = Parameters<typeof crypto.subtle.verify>[1];

/** The key of a secret: HMAC-SHA512, keyed with the raw bytes of the secret's SHA-256. */
export async function signatureKey(secret: string): Promise<HmacKey> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
  return await crypto.subtle.importKey('raw', digest, ALGORITHM, false, ['verify']);
}

/**
 * Says whether a signature is that of a body. The comparison is WebCrypto's own, which takes the same time wherever
 * the first difference is.
 *
 * @param signature base64, as the `chainside-signature` header carries it.
 */
export async function isSignatureOf(body: Uint8Array<ArrayBuffer>, signature: string, key: HmacKey): Promise<boolean> {
  // The base64 of 64 bytes, and nothing that `atob` would be lenient about.
  if (!/^[A-Za-z0-9+/]{86}==$/.test(signature)) return false;
  const bytes = Uint8Array.from(atob(signature), (char) => char.charCodeAt(0));
  return await crypto.subtle.verify('HMAC', key, bytes, body);
}
