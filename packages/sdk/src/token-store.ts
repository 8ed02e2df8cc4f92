import type { Logger } from './logger.ts';

/** A token, and when it is to be replaced. The times are those of `Date.now`. */
export interface KeptToken {
  readonly accessToken: string;
  readonly refreshAtMs: number;
  readonly expiresAtMs: number;
  /** True where the login's answer said that an `Idempotency-Key` is honoured. */
  readonly honoursKeys?: boolean;
}

/** Keeps the token of one client. It never fails: at worst it keeps nothing. */
export interface TokenStore {
  /** The token that is kept, if there is one. */
  read(): Promise<KeptToken | undefined>;
  /** Keeps a token in place of the one before. */
  write(token: KeptToken): Promise<unknown>;
  /** Forgets the token, which was refused. */
  remove(): Promise<unknown>;
}

/** Whose token is kept, and who hears of it when that fails. */
export interface TokenOwner {
  baseUrl: string;
  clientId: string;
  secret: string;
  logger?: Logger | undefined;
}

/** The tokens of this process. */
export const processTokens: Map<string, KeptToken> = new Map();

/** Keeps tokens in memory: by default, in one that nobody shares. */
export function tokensIn(kept: Map<string, KeptToken> = new Map()): (owner: TokenOwner) => TokenStore {
  return ({ baseUrl, clientId, secret }) => {
    // With the secret, which stays in memory here: who does not know it must not take the token of who does.
    const key = JSON.stringify([baseUrl, clientId, secret]);
    return {
      read: async () => kept.get(key),
      write: async (token) => kept.set(key, token),
      remove: async () => kept.delete(key),
    };
  };
}
