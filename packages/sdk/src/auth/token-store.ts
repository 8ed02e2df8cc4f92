import { tokenKey } from '#runtime';
import type { TokenOwner } from './token-owner.ts';

/** A token, and when it is to be replaced. The times are those of `Date.now`. */
export interface CachedToken {
  readonly accessToken: string;
  readonly refreshAtMs: number;
  readonly expiresAtMs: number;
  /** True where the login's answer said that an `Idempotency-Key` is honoured. */
  readonly honoursKeys?: boolean;
}

/** Keeps the token of one client. It never fails: at worst it keeps nothing. */
export interface TokenStore {
  /** The token that is kept, if there is one. */
  read(): Promise<CachedToken | undefined>;
  /** Keeps a token in place of the one before. */
  write(token: CachedToken): Promise<unknown>;
  /** Forgets the token, which was refused. */
  remove(): Promise<unknown>;
  /** Closes what the store has opened for this client, and keeps nothing from then on. */
  close?(): Promise<unknown>;
}

/** The tokens of this process. */
export const processTokens: Map<string, CachedToken> = new Map();

/** Keeps tokens in memory: by default, in one that nobody shares. */
export function memoryTokenStore(tokens: Map<string, CachedToken> = new Map()): (owner: TokenOwner) => TokenStore {
  return (owner) => ({
    read: async () => tokens.get(await tokenKey(owner)),
    write: async (token) => tokens.set(await tokenKey(owner), token),
    remove: async () => tokens.delete(await tokenKey(owner)),
  });
}
