const ALGORITHM = { name: 'HMAC', hash: 'SHA-512' } as const;
const SIGNATURE_BYTES = 64;

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
  const bytes = fromBase64(signature);
  return bytes !== undefined && (await crypto.subtle.verify('HMAC', key, bytes, body));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]{86}==$/.test(text)) return undefined;
  const bytes = new Uint8Array(SIGNATURE_BYTES);
  for (const [index, char] of [...atob(text)].entries()) bytes[index] = char.charCodeAt(0);
  return bytes;
}
