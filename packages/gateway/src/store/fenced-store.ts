/**
 * The store as the leader writes to it: every transaction holds the term of its lease, and none begins once the lease may have expired.
 */
import type { HeldLease } from './ports/leader/lease-store.ts';
import type { Store } from './ports/store.ts';

export interface HeldTerm extends HeldLease {
  /** @throws LeaseLostError if the lease may have expired, by the monotonic clock of this process. */
  assertHeld(): void;
}

export function fencedStore<S extends Store>(store: S, held: HeldTerm): S {
  return {
    ...store,
    transaction: (work) => {
      held.assertHeld();
      return store.transaction(async (tx) => {
        await tx.lease.hold(held);
        return work(tx);
      });
    },
  };
}
