/**
 * What the services need of a store, entity by entity: one port a file. One implementation serves every database; the tests hold
 * it to one body on each. All writes of one decision go through one transaction.
 */
import type { SandboxStore } from '../../chain/sandbox/store.ts';
import type { AccountStore } from './account-store.ts';
import type { AddressStore } from './address-store.ts';
import type { CachedReads } from './cached-reads.ts';
import type { CallbackStore } from './callback-store.ts';
import type { ChainStore } from './chain-store.ts';
import type { EndpointStore } from './endpoint-store.ts';
import type { IdempotencyStore } from './idempotency-store.ts';
import type { LogoStore } from './logo-store.ts';
import type { MarksPlaceStore } from './marks-place-store.ts';
import type { OrderHistoryStore } from './order-history-store.ts';
import type { OrderStore } from './order-store.ts';
import type { PanelStore } from './panel-store.ts';
import type { PaymentTransactionStore } from './payment-transaction-store.ts';
import type { PosStore } from './pos-store.ts';
import type { PosWatch } from './pos-watch.ts';
import type { StoreStats } from './store-stats.ts';
import type { UnassignedStore } from './unassigned-store.ts';

/** A database, opened and migrated. */
export interface Store extends StoreReads {
  readonly cached: CachedReads;
  /** Begins to watch for changes of POS, by whomever: this process or another on the same database. */
  watchPos(): Promise<PosWatch>;
  /** Runs `work` in one transaction: all of it is stored, or, when it throws, nothing. */
  transaction<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T>;
  /** Counts what still changes, each kind up to a bound. */
  stats(bound: number): Promise<StoreStats>;
  /** What is missing or different in the tables, a phrase for each; empty when they are as they should be. */
  schemaFaults(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What may be read at any time, outside a transaction. */
export interface StoreReads {
  readonly accounts: AccountStore;
  readonly addresses: AddressStore;
  readonly marksPlace: MarksPlaceStore;
  readonly logos: LogoStore;
  readonly pos: PosStore;
  readonly orders: OrderStore;
  readonly unassigned: UnassignedStore;
  readonly transactions: PaymentTransactionStore;
  readonly history: OrderHistoryStore;
  readonly chain: ChainStore;
  readonly callbacks: CallbackStore;
  readonly endpoints: EndpointStore;
  readonly panel: PanelStore;
  readonly idempotency: IdempotencyStore;
}

/** The same entities, inside a transaction, and what the sandbox's own chain stores together with them. */
export interface StoreTransaction extends StoreReads {
  readonly sandbox: Pick<SandboxStore, 'save'>;
}
