/** What every service is given: the store, the clock, and the gateway's own settings. */
import type { Clock } from '../kernel/clock.ts';
import type { AccountId, NewUuid, OrderId } from '../kernel/ids.ts';
import type { Network, ScriptHex } from '../kernel/chain.ts';
import type { RateSource } from '../rates/source.ts';
import type { Store } from '../store/ports/store.ts';
import type { ReceiveAddress } from '../wallet/account-wallet.ts';
import type { IndexAllocator } from './addresses/index-allocator.ts';
import type { Assigned } from './chain/assign-sightings.ts';

export interface ServiceContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly newUuid: NewUuid;
  readonly rates: RateSource;
  readonly network: Network;
  /** The base of the links that we hand out, without a slash at its end. */
  readonly publicUrl: string;
  readonly orderTtlMs: number;
  readonly settlementTimeoutMs: number;
  readonly chargebackTimeoutMs: number;
  readonly finalDepth: number;
  /** Takes the indexes of new orders. */
  readonly indexes: IndexAllocator;
  /** Why no order of an account may be made now, as its client is told; undefined when one may. */
  readonly newOrderRefusal: (id: AccountId) => Promise<Error | undefined>;
  /** The address of an account at an index that was taken, where it was derived ahead. */
  readonly pooledAddress: (id: AccountId, index: number) => ReceiveAddress | undefined;
  /** Learns of a new order's script before its address is told to anyone. */
  readonly watchScript: (script: ScriptHex) => void;
  /** Learns of payments that no order has, once for each, and of the ranges of indexes that they made the gateway skip; after they are stored. */
  readonly unassignedSeen: (seen: Pick<Assigned, 'newlyUnassigned' | 'skipped'>) => void | Promise<void>;
  /** Told when a callback has been stored, so that it is sent at once. */
  readonly callbacksStored: () => void;
  /** Told after orders may have changed, so that anyone who looks at them looks again. */
  readonly ordersChanged: (ids: Iterable<OrderId>) => void;
}
