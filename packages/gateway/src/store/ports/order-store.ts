import type { BlockchainStatus } from '@webpos/sdk/wire';
import type { BlockRef, OutPoint, ScriptHex, Txid } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import type { Order, OrderTerms, PaymentPlace } from '../../orders/order.ts';
import type { OrderSearch } from './order-search.ts';
import type { PaymentPlaces } from './payment-places.ts';

export interface OrderStore extends PaymentPlaces {
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
  /** Marks orders to be judged when the tip is reached. */
  watch(ids: readonly OrderId[]): Promise<void>;
  /** Marks all watched orders to be judged when the tip is reached. */
  watchAgain(): Promise<void>;
  /** Orders with a payment that is not yet buried. */
  watchedIds(): Promise<OrderId[]>;
  /** Those of these orders that have a payment which is not yet buried. */
  watchedAmong(ids: readonly OrderId[]): Promise<OrderId[]>;
  /** Orders that a tip of this height may change, and those marked by `watch`; at most `limit`. */
  idsToJudge(tipHeight: number, limit: number): Promise<OrderId[]>;
  /** Orders whose deadline has come, the earliest first; at most `limit`. */
  dueIds(now: EpochMs, limit: number): Promise<OrderId[]>;
  nextDeadline(): Promise<EpochMs | undefined>;
  /** Adds a payment, or puts one that is known in its new place. */
  placePayment(payment: PlacedPayment): Promise<void>;
  /**
   * Moves the payments of a block that was undone back to the mempool, and those that a transaction in it had replaced; answers
   * their orders.
   */
  undoBlock(block: BlockRef): Promise<OrderId[]>;
  /** One page of what an operator looks for, the newest first. */
  find(search: OrderSearch): Promise<Order[]>;
  /** One page of orders. */
  list(query: OrderQuery): Promise<OrderPage>;
  /** Moves an order's deadlines, which only the sandbox does; it is looked at again when the next one has come. */
  reschedule(id: OrderId, deadlines: OrderDeadlines, next: EpochMs): Promise<void>;
  /** Has the events of an order sent to another URL from now on. */
  setCallbackUrl(id: OrderId, url: string): Promise<void>;
  /** Forgets what has been paid to an order, which only the sandbox does. */
  forgetPayments(id: OrderId): Promise<void>;
  /** Every script ever given out, for the index in memory. */
  scripts(): AsyncIterable<ScriptHex>;
}

export interface OrderSchedule {
  /** By which the order is found in lists. */
  readonly blockchainStatus: BlockchainStatus;
  /** Whether some payment is not yet buried. */
  readonly watched: boolean;
  /** The lowest height of the tip at which blocks alone may change the order; undefined: none. */
  readonly judgeAtHeight: number | undefined;
  /** Whether a person has to look at it. */
  readonly needsAttention: boolean;
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

export interface OrderQuery {
  /** Undefined: of every POS. */
  readonly posId: PosId | undefined;
  readonly blockchainStatus: BlockchainStatus | undefined;
  /** Only orders with exactly this reference; undefined: any. */
  readonly reference?: string | undefined;
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
