/** Opens the parts that hand out the addresses of accounts, and that watch them beforehand. */
import { randomBytes } from 'node:crypto';
import type { Watcher } from '../chain/watcher.ts';
import { AccountGaps } from '../services/addresses/account-gaps.ts';
import { AddressMarks } from '../services/addresses/address-marks.ts';
import { AddressPool } from '../services/addresses/address-pool.ts';
import { checkStored } from '../services/operator/check-stored.ts';
import { ClearedIndexAllocator } from '../services/addresses/cleared-index-allocator.ts';
import { fewInSlices } from '../services/addresses/derive-in-slices.ts';
import { DerivationThread } from '../services/addresses/derive-in-thread.ts';
import type { IndexAllocator } from '../services/addresses/index-allocator.ts';
import { watchWindowOf } from '../services/addresses/watch-window.ts';
import { NewOrderGate } from '../services/orders/new-order-gate.ts';
import { reconcileMarks } from '../services/addresses/reconcile-marks.ts';
import { WatchedAddresses } from '../services/addresses/watched-addresses.ts';
import { readMarks } from '../store/marks/marks-file.ts';
import type { SealingContext } from '../services/seals/sealing-context.ts';
import type { Store } from '../store/ports/store.ts';
import type { Stored } from './open-stored.ts';
import type { Opening } from './opening.ts';

export interface Addresses {
  readonly marks: AddressMarks;
  readonly indexes: IndexAllocator;
  readonly derivation: DerivationThread;
  readonly watched: WatchedAddresses;
  readonly pool: AddressPool;
  readonly gaps: AccountGaps;
  readonly newOrders: NewOrderGate;
}

/** @throws OperatorError when the database does not belong to this gateway, or when the marks file cannot be read. */
export async function openAddresses(
  { config, clock, nowMs, log, signals }: Opening,
  { store, keys, guard, marks: marksFile }: Stored,
): Promise<Addresses> {
  await checkStored({ store, network: config.network, keys });
  const session = randomBytes(8).toString('hex');
  await reconcileMarks({ store, marks: marksFile, readMarks, session, guard, clock, log });
  const derivation = new DerivationThread();
  const watched = openWatched({ config, log }, { store, guard }, derivation, (added) => signals.watcher.value.watch(added));
  const caughtUp = (signal: AbortSignal): Promise<void> => signals.watcher.value.caughtUp(signal);
  const marks = new AddressMarks({ store, marks: marksFile, session, guard, clock, nowMs, log });
  return {
    marks,
    indexes: new ClearedIndexAllocator({ inner: marks, watched, caughtUp }),
    derivation,
    watched,
    pool: new AddressPool({ store, watched, size: config.addressPoolSize, guard, log }),
    gaps: new AccountGaps({ store, log }),
    newOrders: new NewOrderGate({
      status: () => signals.watcher.value.status,
      hasRead: (id) => watched.hasRead(id),
      caughtUp,
      clock,
      orderTtlMs: config.orderTtlMs,
    }),
  };
}

/** Derives on a thread, and on the main thread if that fails. */
export function openWatched(
  { config, log }: Pick<Opening, 'config' | 'log'>,
  { store, guard }: { readonly store: Store } & SealingContext,
  derivation: DerivationThread,
  watch: Watcher['watch'],
): WatchedAddresses {
  return new WatchedAddresses({
    store,
    derive: fewInSlices(
      (task, signal) => derivation.derive(task, signal),
      (err) => log.warn({ err }, 'addresses: the derivation thread failed; deriving on the main thread instead'),
    ),
    watch,
    guard,
    lookAhead: watchWindowOf(config.addressPoolSize),
  });
}
