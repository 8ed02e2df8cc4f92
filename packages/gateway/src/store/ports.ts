/**
 * What the services need of a store, entity by entity. One implementation serves every database; the tests hold it to one
 * body on each. All writes of one decision go through one transaction.
 */
import type { SandboxStore } from '../chain/sandbox/store.ts';
import type { BlockRef, OutPoint, ScriptHex, Txid } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { AccountId, CallbackId, OrderId, PosId } from '../kernel/ids.ts';
import type { Account } from '../orders/account.ts';
import type { BlockchainStatus } from '@webpos/sdk/wire';
import type { Order, OrderTerms, PaymentPlace } from '../orders/order.ts';
import type { LogoId, LogoImage } from '../orders/logo-image.ts';
import type { Pos } from '../orders/pos.ts';
import type { AttemptRecord, Delivery, PendingCallback, StoredCallback } from '../callbacks/callback.ts';
import type { ReceiveAddress } from '../wallet/account-wallet.ts';

/** A database, opened and migrated. */
export interface Store extends StoreReads {
  readonly atHand: AtHand;
  /** Begins to watch for changes of POS, by whomever: this process or another on the same database. */
  watchPos(): Promise<PosWatch>;
  /** Runs `work` in one transaction: all of it is stored, or, when it throws, nothing. */
  transaction<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T>;
  /** Counts what still changes, each kind up to a bound. */
  census(bound: number): Promise<StoreCensus>;
  close(): Promise<void>;
}

/**
 * What was read before and nobody can have changed since, told without a query; undefined where the store has to be asked. SQLite
 * tells of a change by another process by the next turn of the event loop at the latest; PostgreSQL has nothing at hand.
 */
export interface AtHand {
  order(id: OrderId): Order | undefined;
  tip(): BlockRef | undefined;
}

export interface StoreCensus {
  /** Orders that a deadline will still move, by the contract's word for where they stood when they were last judged. */
  readonly openOrders: ReadonlyMap<string, number>;
  readonly waitingCallbacks: number;
  readonly oldestWaitingAt: EpochMs | undefined;
  /** Given up. */
  readonly failedCallbacks: number;
  /** Of the POS that are switched on. */
  readonly currencies: readonly string[];
}

/** What may be read at any time, outside a transaction. */
export interface StoreReads {
  readonly accounts: AccountStore;
  readonly addresses: AddressStore;
  readonly logos: LogoStore;
  readonly pos: PosStore;
  readonly orders: OrderStore;
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

/** Which order a client's key has made. */
export interface IdempotencyStore {
  /** What is stored of these keys, however old. */
  find(keys: readonly Pick<IdempotencyUse, 'posId' | 'key'>[]): Promise<IdempotencyUse[]>;
  /**
   * Takes keys that are free, or were taken before a time, and answers how many it could take. In a transaction.
   */
  insert(uses: readonly IdempotencyUse[], takenBefore: EpochMs): Promise<number>;
  /** Forgets keys from before a time, some of the oldest at once; answers whether there are more. */
  forget(before: EpochMs): Promise<boolean>;
}

export interface IdempotencyUse {
  readonly posId: PosId;
  readonly key: string;
  readonly requestHash: string;
  readonly orderId: OrderId;
  readonly createdAt: EpochMs;
}

export interface AccountStore {
  insert(account: Account): Promise<void>;
  get(id: AccountId): Promise<Account | undefined>;
  list(): Promise<Account[]>;
  /** Takes the next indexes of the account's wallet, and answers the first of them; no two callers ever get the same. */
  takeIndexes(id: AccountId, count: number): Promise<number>;
  /** The largest index, `from` or above, whose address has been paid, ever so little. */
  lastPaidIndex(id: AccountId, from?: number): Promise<number | undefined>;
}

/** Addresses that were derived before anyone needs them. What is missing can be derived again at any time. */
export interface AddressStore {
  /** Keeps addresses of an account; those that are kept already stay as they are. */
  insert(id: AccountId, addresses: readonly ReceiveAddress[]): Promise<void>;
  /** Addresses in the order of their indexes, from an index on. */
  from(id: AccountId, index: number, limit: number): Promise<ReceiveAddress[]>;
  /** The highest index that is kept. */
  highest(id: AccountId): Promise<number | undefined>;
  /** Forgets what lies below an index. */
  forget(id: AccountId, below: number): Promise<void>;
}

export interface PosStore {
  insert(pos: Pos): Promise<void>;
  /** Writes what a POS may do (its secrets, and whether it is active), its name and how it looks. */
  update(pos: Pos): Promise<void>;
  get(id: PosId): Promise<Pos | undefined>;
  /** Reads a POS and keeps others from changing it until the transaction ends. */
  lock(id: PosId): Promise<Pos | undefined>;
  byClientId(clientId: string): Promise<Pos | undefined>;
  list(): Promise<Pos[]>;
}

/** The pictures of merchants, by what is in them. */
export interface LogoStore {
  /** Keeps a picture; one that is kept already stays. */
  put(id: LogoId, image: LogoImage): Promise<void>;
  get(id: LogoId): Promise<LogoImage | undefined>;
  /** Forgets the pictures that no POS names. */
  forgetUnused(): Promise<void>;
}

/** Says, without a query, whether what was read of a POS may have been changed since. */
export interface PosWatch {
  /**
   * A number that is larger than before when a POS may have been changed meanwhile; undefined while nobody can tell.
   * SQLite tells of a change as soon as it is committed, PostgreSQL within {@link POS_WATCH_LAG_MS} at worst.
   */
  version(): number | undefined;
  close(): Promise<void>;
}

/** How long after its commit a change by another process may go unnoticed on PostgreSQL at worst; milliseconds mostly. */
export const POS_WATCH_LAG_MS = 2_000;

export interface OrderStore {
  /** More than one in a transaction. */
  insert(...orders: readonly Order[]): Promise<void>;
  /** Writes what has changed of the state, the payments' `counted` marks and the times at which the order wants to be looked at again. */
  update(order: Order, schedule: OrderSchedule): Promise<void>;
  get(id: OrderId): Promise<Order | undefined>;
  /** Reads an order and keeps others from changing it until the transaction ends. */
  lock(id: OrderId): Promise<Order | undefined>;
  lockMany(ids: readonly OrderId[]): Promise<Order[]>;
  /** The orders that these scripts belong to. */
  idsByScript(scripts: readonly ScriptHex[]): Promise<Map<ScriptHex, OrderId>>;
  /** Marks orders to be looked at when the tip is reached. */
  watch(ids: readonly OrderId[]): Promise<void>;
  /** Orders whose payments still change with every block. */
  watchedIds(): Promise<OrderId[]>;
  /** Orders whose deadline has come. */
  dueIds(now: EpochMs): Promise<OrderId[]>;
  nextDeadline(): Promise<EpochMs | undefined>;
  /** Adds a payment, or puts one that is known in its new place. */
  placePayment(payment: PlacedPayment): Promise<void>;
  /** Payments that stand in the mempool. */
  mempoolPayments(): Promise<{ readonly outPoint: OutPoint; readonly orderId: OrderId }[]>;
  /** Moves the payments of a block that was undone back to the mempool, and answers their orders. */
  undoBlock(block: BlockRef): Promise<OrderId[]>;
  setPlace(outPoint: OutPoint, place: PaymentPlace): Promise<void>;
  /** One page of orders. */
  list(query: OrderQuery): Promise<OrderPage>;
  /** Moves an order's deadlines, which only the sandbox does; it is looked at again when the next one has come. */
  reschedule(id: OrderId, deadlines: OrderDeadlines, next: EpochMs): Promise<void>;
  /** Forgets what has been paid to an order, which only the sandbox does. */
  forgetPayments(id: OrderId): Promise<void>;
  /** Every script ever given out, for the index in memory. */
  scripts(): AsyncIterable<ScriptHex>;
}

export interface OrderQuery {
  /** Undefined: of every POS. */
  readonly posId: PosId | undefined;
  readonly blockchainStatus: BlockchainStatus | undefined;
  readonly sortBy: 'created_at' | 'amount';
  readonly sortOrder: 'asc' | 'desc';
  /** From 0. */
  readonly page: number;
  readonly pageSize: number;
}

export interface OrderPage {
  /** How many orders there are on all pages. */
  readonly total: number;
  readonly orders: readonly Order[];
}

export type OrderDeadlines = Partial<Pick<OrderTerms, 'expiresAt' | 'settlementTimeoutMs' | 'chargebackTimeoutMs'>>;

export interface OrderSchedule {
  /** By which the order is found in lists. */
  readonly blockchainStatus: BlockchainStatus;
  /** Whether the next block may change the order. */
  readonly watched: boolean;
  readonly deadline: EpochMs | undefined;
}

export interface PlacedPayment {
  readonly orderId: OrderId;
  readonly outPoint: OutPoint;
  readonly amount: Order['terms']['amount'];
  readonly normalizedTxid: Txid;
  /** Kept from the first time when the payment is known already. */
  readonly firstSeenAt: EpochMs;
  readonly place: PaymentPlace;
}

export interface ChainStore {
  /** The newest blocks that we stand on, newest first. */
  recent(limit: number): Promise<BlockRef[]>;
  tip(): Promise<BlockRef | undefined>;
  append(blocks: readonly BlockRef[]): Promise<void>;
  /** Forgets these blocks and all above them. */
  undoFrom(height: number): Promise<void>;
  /** Forgets blocks below a height. */
  prune(belowHeight: number): Promise<void>;
}

export interface CallbackStore {
  /** Adds events of one order, in their order; in a transaction that has locked the order. */
  insert(callbacks: readonly PendingCallback[]): Promise<void>;
  /** The queues in which anything waits, and when the first of each may be claimed. */
  queues(): Promise<CallbackQueue[]>;
  /**
   * Takes callbacks of one queue that are due: each for one claimant only, until `until`, and never one whose order has an earlier
   * one still to be delivered.
   */
  claim(claim: CallbackClaim): Promise<StoredCallback[]>;
  /**
   * The claimant says how attempts ended; answers those whose claims it still held, and not those that had run out and that another took.
   * Each attempt is logged in any case, and the next event of an order may be claimed when the one before it has come to its end. In a
   * transaction.
   */
  finish(ended: readonly EndedAttempt[], claimant: string): Promise<ReadonlySet<CallbackId>>;
  /** The claimant takes back claims of which it has begun no attempt: what it has not lost meanwhile is due at once. */
  giveBack(ids: readonly CallbackId[], claimant: string, now: EpochMs): Promise<void>;
  /**
   * Ends what has been wanted since before a time and is not under way, as many as `limit`, and answers how many: what stands behind
   * a dead endpoint would else never come to its turn. In a transaction.
   */
  giveUp(end: { readonly wantedBefore: EpochMs; readonly now: EpochMs; readonly limit: number }): Promise<number>;
  /** The attempts to deliver a callback that have not been forgotten, the first first. */
  attempts(id: CallbackId): Promise<AttemptRecord[]>;
  /** Forgets attempts from before a time, some of the oldest at once; answers whether there are more. */
  forgetAttempts(before: EpochMs): Promise<boolean>;
  ofOrder(id: OrderId): Promise<StoredCallback[]>;
  get(id: CallbackId): Promise<StoredCallback | undefined>;
  /** The newest first. */
  list(query: CallbackQuery): Promise<StoredCallback[]>;
  /** How many orders have a callback waiting in a queue, counted up to a bound. */
  countQueue(endpoint: string, bound: number): Promise<number>;
  /** Callbacks that were given up, by their id, behind one of them. */
  failedSince(query: FailedQuery): Promise<StoredCallback[]>;
  /**
   * Makes a callback due, as if it had never been tried; answers false when it has no URL, or an event of its order is claimed
   * just now: two of them are never under way at once. In a transaction that has locked the order.
   */
  makeDue(id: CallbackId, now: EpochMs): Promise<boolean>;
  /**
   * A POS's events behind a place in its feed, in their order. What has been stored since it was last read gets its place now, so
   * that a place, once passed, is never given to another, however transactions overlap. In a transaction.
   */
  feed(posId: PosId, after: number, limit: number): Promise<FeedEvent[]>;
}

/** Who may use the panel: by what, and until when. Secrets are known by their hash alone. */
export interface PanelStore {
  grant(grant: PanelGrant): Promise<void>;
  /** Whether there is such a grant that has not run out. */
  holds(hash: string, kind: PanelGrant['kind'], now: EpochMs): Promise<boolean>;
  /** Takes a grant away; answers false when there was none that had not run out. Of several who take one, one is answered true. */
  take(hash: string, kind: PanelGrant['kind'], now: EpochMs): Promise<boolean>;
  /** Takes all away; answers how many. */
  takeAll(): Promise<number>;
  /** Forgets those that have run out. */
  forget(now: EpochMs): Promise<void>;
}

export interface PanelGrant {
  /** A code opens one session; a session is a browser's; a token is a program's. */
  readonly kind: 'code' | 'session' | 'token';
  readonly hash: string;
  readonly expiresAt: EpochMs;
}

/** The endpoints that do not take their callbacks. */
export interface EndpointStore {
  /** Those that have failed last, the longest first. */
  failing(): Promise<FailingEndpoint[]>;
  /** Stores that an endpoint fails, or how it failed last; when it began is kept from the first time. */
  fails(failing: FailingEndpoint): Promise<void>;
  worksAgain(endpoint: string): Promise<void>;
  /** Forgets those whose last failure was before a time. */
  forget(before: EpochMs): Promise<void>;
}

export interface FailingEndpoint {
  /** Origin of the URL. */
  readonly endpoint: string;
  readonly since: EpochMs;
  /** In a row. */
  readonly failures: number;
  readonly lastError: string;
  readonly lastAt: EpochMs;
}

export interface FeedEvent {
  /** From 1. */
  readonly position: number;
  readonly callback: StoredCallback;
}

export interface CallbackQueue {
  readonly endpoint: string;
  readonly dueAt: EpochMs;
}

/** How an attempt ended, and what is to be told of it. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  readonly record: AttemptRecord;
}

export interface EndedAttempt {
  readonly callback: Pick<StoredCallback, 'id' | 'orderId'>;
  readonly end: AttemptEnd;
}

/** What is undefined may be any. */
export interface CallbackQuery {
  readonly orderId: OrderId | undefined;
  readonly posId: PosId | undefined;
  readonly status: Delivery['status'] | undefined;
  readonly endpoint?: string | undefined;
  /** Those that come behind this one. */
  readonly behind?: CallbackId | undefined;
  readonly limit: number;
}

export interface FailedQuery {
  readonly endedSince: EpochMs;
  readonly posId: PosId | undefined;
  readonly endpoint: string | undefined;
  readonly behind: CallbackId | undefined;
  readonly limit: number;
}

export interface CallbackClaim {
  readonly now: EpochMs;
  readonly until: EpochMs;
  readonly claimant: string;
  readonly endpoint: string;
  /** Those due last rather than those due first. */
  readonly newest?: boolean;
  readonly limit: number;
}

export type AttemptOutcome =
  | { readonly kind: 'delivered'; readonly at: EpochMs }
  | { readonly kind: 'retry'; readonly at: EpochMs; readonly error: string }
  | { readonly kind: 'failed'; readonly at: EpochMs; readonly error: string };
