import { CallbackInProgressError } from './callback-in-progress-error.ts';
import type { ClaimStore } from './repeat-store.ts';

/** What a key holds while its callback is being handled. Any other value says that it has been. */
const CLAIM = 'claim:';

/** A hold on the keys of one callback. */
export interface Claim {
  /** Lets others have it at once, where it was not handled. */
  release(): Promise<void>;
  /** Stops renewing; what the keys hold is the caller's to change. */
  end(): void;
}

/**
 * Claims the keys of a callback for this call alone, and renews the claim until it ends. A claim that nobody renews, since its process
 * died, expires after `claimMs`.
 *
 * @returns undefined where the callback has been handled.
 * @throws CallbackInProgressError while somebody else holds a claim; what the store throws.
 */
export async function claimKeys(store: ClaimStore, keys: readonly string[], claimMs: number): Promise<Claim | undefined> {
  const value = CLAIM + crypto.randomUUID();
  const held: string[] = [];
  // What cannot be released expires.
  const release = async (): Promise<void> =>
    void (await Promise.allSettled(held.map(async (key) => await store.release(key, value))));
  try {
    // One after the other and always in this order, so that of two that have a key in common one gets all of its keys.
    for (const key of keys) {
      if (await store.claim(key, value, claimMs)) {
        held.push(key);
        continue;
      }
      const found = await store.get(key);
      // A claim that has just ended may have been released too: whether it was handled, the next attempt will see.
      if (found === undefined || found === null || (typeof found === 'string' && found.startsWith(CLAIM)))
        throw new CallbackInProgressError();
      await release();
      return undefined;
    }
  } catch (error) {
    await release();
    throw error;
  }
  // A renewal that fails is made up for by the next one: three of them fit into a claim.
  const renew = (): void =>
    held.forEach((key) => void (async () => await store.renew(key, value, claimMs))().catch(() => undefined));
  const timer = setInterval(renew, claimMs / 3);
  // Where there are such timers, this one keeps no process alive.
  (timer as { unref?(): unknown }).unref?.();
  const end = (): void => clearInterval(timer);
  return {
    end,
    release: async () => {
      end();
      await release();
    },
  };
}
