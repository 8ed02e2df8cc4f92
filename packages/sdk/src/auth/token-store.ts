import { tokenKey } from '#runtime';
import type { TokenOwner } from './token-owner.ts';

/** A token, and when to replace it. The times are in milliseconds since 1970. */
export interface CachedToken {
  readonly accessToken: string;
  readonly refreshAtMs: number;
  readonly expiresAtMs: number;
  /** True if the login's response said that an `Idempotency-Key` is honoured. */
  readonly honoursKeys?: boolean;
}

/** Stores the token of one client. It never fails: at worst it stores nothing. */
export interface TokenStore {
  /** Returns the stored token, if any. */
  read(): Promise<CachedToken | undefined>;
  /** Stores a token in place of the previous one. */
  write(token: CachedToken): Promise<unknown>;
  /** Removes the token, which was refused. */
  remove(): Promise<unknown>;
  /** Closes what the store opened for this client, and stores nothing from then on. */
  close?(): Promise<unknown>;
}

/** The tokens of this process. */
export const processTokens: Map<string, CachedToken> = new Map();

/** Makes token stores in memory; by default in a map that nothing else uses. */
export function memoryTokenStore(tokens: Map<string, CachedToken> = new Map()): (owner: TokenOwner) => TokenStore {
  return (owner) => ({
    read: async () => tokens.get(await tokenKey(owner)),
    write: async (token) => tokens.set(await tokenKey(owner), token),
    remove: async () => tokens.delete(await tokenKey(owner)),
  });
}
