/** Where it is kept which callbacks have been handled. A Keyv and the caches of frameworks are one. */
export interface RepeatStore {
  /** Anything that is neither undefined nor null for a key that was set and has not expired. */
  get(key: string): unknown;
  /** @param ttlMs how long to keep it, in milliseconds. */
  set(key: string, value: string, ttlMs: number): unknown;
}

/**
 * A store that several processes can share: only one of them gets a claim, however they race. `redisStore` of `@webpos/sdk/cache` is
 * one, and so is {@link MemoryRepeatStore} within a process. Each method acts in one step, and may answer with a promise.
 */
export interface ClaimStore extends RepeatStore {
  /** Sets a key that has no value. @returns whether it had none. */
  claim(key: string, value: string, ttlMs: number): boolean | Promise<boolean>;
  /** Lets a key expire so much later from now, if it has this value. @returns whether it had. */
  renew(key: string, value: string, ttlMs: number): boolean | Promise<boolean>;
  /** Deletes a key, if it has this value. @returns whether it had. */
  release(key: string, value: string): boolean | Promise<boolean>;
}

/** Tells a store that knows claims. */
export function isClaimStore(store: RepeatStore): store is ClaimStore {
  return ['claim', 'renew', 'release'].every((name) => typeof (store as Partial<ClaimStore>)[name as 'claim'] === 'function');
}
