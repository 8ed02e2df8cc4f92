import type { KeptToken, TokenOwner } from '../token-store.ts';

/** Writes a token down, with the seal of its owner. */
export async function writeToken(token: KeptToken, owner: TokenOwner): Promise<string> {
  return JSON.stringify({ ...token, seal: await sealOf(owner) });
}

/**
 * Reads what may be anybody's, without an error: that would quote a token.
 *
 * @param value the text, or what a store made of it that reads JSON by itself.
 * @returns undefined for all but a token that was written down for the same owner.
 */
export async function readToken(value: unknown, owner: TokenOwner): Promise<KeptToken | undefined> {
  const { seal, accessToken, refreshAtMs, expiresAtMs, honoursKeys } = parse(value);
  if (seal !== (await sealOf(owner)) || typeof accessToken !== 'string' || !/^[\x21-\x7e]+$/.test(accessToken)) return undefined;
  return {
    accessToken,
    refreshAtMs: Number(refreshAtMs),
    expiresAtMs: Number(expiresAtMs),
    honoursKeys: honoursKeys === true,
  };
}

/**
 * 16 bits of a digest of base URL, client id and secret: enough that another client, or one with a wrong secret, is not
 * given the token, and too few to tell a secret by.
 */
async function sealOf({ baseUrl, clientId, secret }: TokenOwner): Promise<number | undefined> {
  const text = new TextEncoder().encode(JSON.stringify([baseUrl, clientId, secret]));
  return new Uint16Array(await crypto.subtle.digest('SHA-256', text))[0];
}

function parse(value: unknown): Partial<Record<keyof KeptToken | 'seal', unknown>> {
  try {
    const found: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}
