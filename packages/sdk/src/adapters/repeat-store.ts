/**
 * Records which callbacks have been handled. A Keyv fits, and so do the caches of frameworks, but only for a single process:
 * several need a {@link ClaimStore}.
 */
export interface RepeatStore {
  /** Returns, or resolves to, neither undefined nor null if the key was set and has not expired. */
  get(key: string): unknown;
  /** @param ttlMs how long to store it, in milliseconds. */
  set(key: string, value: string, ttlMs: number): unknown;
}

/**
 * A store with claims, which several processes can share: however they race, only one gets the claim. `redisStore` of
 * `@webpos/sdk/cache` is one, and within one process {@link MemoryRepeatStore} is too. Each method acts atomically, and may
 * return a promise.
 */
export interface ClaimStore extends RepeatStore {
  /** Sets a key that has no value. @returns whether it had none. */
  claim(key: string, value: string, ttlMs: number): boolean | Promise<boolean>;
  /** Sets a key's remaining life to `ttlMs` milliseconds if it has this value. @returns whether it had. */
  renew(key: string, value: string, ttlMs: number): boolean | Promise<boolean>;
  /** Deletes a key if it has this value. @returns whether it had. */
  release(key: string, value: string): boolean | Promise<boolean>;
}

/** Returns whether a store supports claims. */
export function isClaimStore(store: RepeatStore): store is ClaimStore {
  return ['claim', 'renew', 'release'].every((name) => typeof (store as Partial<ClaimStore>)[name as 'claim'] === 'function');
}
