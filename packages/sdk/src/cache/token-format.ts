import { ENCODER } from '../callbacks/encoder.ts';
import { isSameText, signerOf } from '../callbacks/signer.ts';
import type { TokenOwner } from '../auth/token-owner.ts';
import type { CachedToken } from '../auth/token-store.ts';

/** Writes and reads the tokens of one owner. */
export interface TokenFormat {
  write(token: CachedToken): Promise<string>;
  /**
   * Reads what may be anybody's, without an error: that would quote a token.
   *
   * @param value the text, or what a store made of it that reads JSON by itself.
   * @returns undefined for all but an unchanged token that was written for the same owner.
   */
  read(value: unknown): Promise<CachedToken | undefined>;
}

/**
 * The format in which tokens are shared: the token as JSON, and a MAC over all of it, its owner included. Anyone who can write to the
 * store but does not know the secret can neither put in a token of their own, in whose POS orders would then be created, nor change how
 * long one is used. Like the signature of every callback, the MAC tells nothing of a secret that was drawn at random.
 */
export function tokenFormat({ mode, baseUrl, clientId, secret }: TokenOwner): TokenFormat {
  const sign = signerOf(256, secret);
  const sealOf = async (token: string): Promise<string> =>
    await sign(ENCODER.encode(JSON.stringify(['webpos token', mode, baseUrl, clientId, token])));
  return {
    write: async (kept) => {
      const token = JSON.stringify(kept);
      return JSON.stringify({ token, seal: await sealOf(token) });
    },
    read: async (value) => {
      const { token, seal } = parse(value);
      if (typeof token !== 'string' || typeof seal !== 'string' || !isSameText(seal, await sealOf(token))) return undefined;
      return JSON.parse(token) as CachedToken;
    },
  };
}

function parse(value: unknown): { token?: unknown; seal?: unknown } {
  try {
    return Object(typeof value === 'string' ? JSON.parse(value) : value) as object;
  } catch {
    return {};
  }
}
