import { ENCODER } from '../callbacks/encoder.ts';
import { isSameText, signerOf } from '../callbacks/signer.ts';
import type { TokenOwner } from '../auth/token-owner.ts';
import type { CachedToken } from '../auth/token-store.ts';

/** Writes and reads the tokens of one owner. */
export interface TokenFormat {
  write(token: CachedToken): Promise<string>;
  /**
   * Reads a stored value of unknown origin. It never throws, because an error might quote a token.
   *
   * @param value the text, or an object if the store parses JSON itself.
   * @returns undefined for anything but an unchanged token written for the same owner.
   */
  read(value: unknown): Promise<CachedToken | undefined>;
}

/**
 * The format of shared tokens: the token as JSON, and a MAC over it and its owner. Anyone who can write to the store but does not
 * know the secret can neither plant a token of another POS, in which orders would then be created, nor change how long one is
 * used. Like the signature of a callback, the MAC reveals nothing about a random secret.
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
