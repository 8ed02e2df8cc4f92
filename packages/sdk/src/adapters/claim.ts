import { webCrypto } from '#runtime';
import { CallbackInProgressError } from './callback-in-progress-error.ts';
import type { ClaimStore } from './repeat-store.ts';

/** The prefix of a claim. A key with any other value belongs to a callback that has been handled. */
const CLAIM = 'claim:';

/** A claim on the keys of one callback. */
export interface Claim {
  /** Releases the keys, so that another process can handle the callback at once. */
  release(): Promise<void>;
  /** Stops renewing the claim and leaves the keys as they are. */
  end(): void;
}

/**
 * Claims the keys of a callback and renews the claim until it ends. A claim that is no longer renewed, because its process died,
 * expires after `claimMs`.
 *
 * @returns undefined if the callback has been handled.
 * @throws CallbackInProgressError while another process holds a claim; whatever the store throws.
 */
export async function claimKeys(store: ClaimStore, keys: readonly string[], claimMs: number): Promise<Claim | undefined> {
  const value = CLAIM + webCrypto().randomUUID();
  const held: string[] = [];
  // A key that cannot be released expires.
  const release = async (): Promise<void> =>
    void (await Promise.allSettled(held.map(async (key) => await store.release(key, value))));
  try {
    // One after the other, always in the same order, so that of two callers with a key in common one gets all of its keys.
    for (const key of keys) {
      if (await store.claim(key, value, claimMs)) {
        held.push(key);
        continue;
      }
      const found = await store.get(key);
      // If the claim was released in between, the next attempt finds out whether the callback was handled.
      if (found === undefined || found === null || (typeof found === 'string' && found.startsWith(CLAIM)))
        throw new CallbackInProgressError();
      await release();
      return undefined;
    }
  } catch (error) {
    await release();
    throw error;
  }
  // A failed renewal is covered by the next one: three fit into a claim.
  const renew = (): void =>
    held.forEach((key) => void (async () => await store.renew(key, value, claimMs))().catch(() => undefined));
  const timer = setInterval(renew, claimMs / 3);
  // Runtimes with `unref` let the process exit despite this timer.
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
