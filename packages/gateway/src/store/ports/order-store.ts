import type { BlockchainStatus } from '@webpos/sdk/wire';
import type { BlockRef, OutPoint, ScriptHex, ScriptRun, Txid } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { AccountId, OrderId, PosId } from '../../kernel/ids.ts';
import type { CurrencyCode } from '../../orders/currency.ts';
import type { Order, OrderAddress, OrderRate, OrderTerms, PaymentPlace } from '../../orders/order.ts';
import type { OrderSearch, OrdersFound } from './order-search.ts';
import type { PaymentPlaces } from './payment-places.ts';

export interface OrderStore extends PaymentPlaces {
  /** Stores new orders. Call it in a transaction if there are several. */
  insert(...orders: readonly Order[]): Promise<void>;
  /** Stores the changes of an order's state, of its schedule, and of the `counted` and `noted` fields of its payments. */
  update(order: Order, schedule: OrderSchedule): Promise<void>;
  get(id: OrderId): Promise<Order | undefined>;
  /** Reads orders as they are stored, in the order of the ids. Unknown ids are left out. */
  getMany(ids: readonly OrderId[]): Promise<Order[]>;
  /** Reads only the addresses of orders, with their seals. Unknown ids are left out. */
  addresses(ids: readonly OrderId[]): Promise<OrderAddress[]>;
  /** Reads an order and locks it until the transaction ends. */
  lock(id: OrderId): Promise<Order | undefined>;
  lockMany(ids: readonly OrderId[]): Promise<Order[]>;
  /** Returns the orders that scripts belong to. */
  idsByScript(scripts: readonly ScriptHex[]): Promise<Map<ScriptHex, OrderId>>;
  /** Returns the currencies of orders. */
  currenciesOf(ids: readonly OrderId[]): Promise<Map<OrderId, CurrencyCode>>;
  /** Marks orders to be judged when the tip is reached. */
  watch(ids: readonly OrderId[]): Promise<void>;
  /** Marks all watched orders to be judged when the tip is reached. */
  watchAgain(): Promise<void>;
  /** Returns the orders with a payment that is not buried yet. */
  watchedIds(): Promise<OrderId[]>;
  /** Returns which of these orders have a payment that is not buried yet. */
  watchedAmong(ids: readonly OrderId[]): Promise<OrderId[]>;
  /** Returns at most `limit` orders that a tip of this height may change, or that `watch` has marked. */
  idsToJudge(tipHeight: number, limit: number): Promise<OrderId[]>;
  /** Returns at most `limit` orders whose deadline has passed, the earliest first. */
  dueIds(now: EpochMs, limit: number): Promise<OrderId[]>;
  nextDeadline(): Promise<EpochMs | undefined>;
  /** Stores a payment, or the new place of a payment that is stored already. */
  placePayment(payment: PlacedPayment): Promise<void>;
  /** Stores a payment, unless it is stored already. */
  recordPayment(payment: PlacedPayment): Promise<void>;
  /**
   * Moves the payments of a rolled-back block to the mempool, and those that a transaction in it had replaced. Returns their orders.
   */
  rollBackBlock(block: BlockRef): Promise<OrderId[]>;
  /** Returns one page of an operator's search, the newest order first. */
  find(search: OrderSearch): Promise<OrdersFound>;
  /**
   * Returns one page of the list of orders of a POS.
   *
   * @param spend Called with the number of orders that are passed to reach the page, before each step that passes many. It may throw.
   */
  list(query: OrderQuery, spend?: (orders: number) => void): Promise<OrderPage>;
  /** Changes the deadlines of an order, which only the sandbox does. `next` is the next time at which the order is judged. */
  reschedule(id: OrderId, deadlines: OrderDeadlines, next: EpochMs): Promise<void>;
  /** Sets the callback URL for future events of an order. */
  setCallbackUrl(id: OrderId, url: string): Promise<void>;
  /** Stores the seal of an order's address. */
  setAddressSeal(id: OrderId, seal: string): Promise<void>;
  /** Deletes the payments of an order, which only the sandbox does. */
  deletePayments(id: OrderId): Promise<void>;
  /** Iterates over the scripts of all orders, for the index in memory. */
  scripts(): AsyncIterable<ScriptRun>;
  /** Returns the scripts of an account's orders from an address index on. */
  scriptsFrom(accountId: AccountId, index: number): Promise<ScriptHex[]>;
  /** Counts them. */
  countScripts(): Promise<number>;
}

export interface OrderSchedule {
  /** The status by which the order is listed. */
  readonly blockchainStatus: BlockchainStatus;
  /** Whether a payment is not buried yet. */
  readonly watched: boolean;
  /** The lowest height of the tip at which blocks alone may change the order; undefined if none can. */
  readonly judgeAtHeight: number | undefined;
  /** Whether the order needs attention. */
  readonly needsAttention: boolean;
  /** When the clock alone may next change the order; undefined if it never does. */
  readonly deadline: EpochMs | undefined;
}

export interface PlacedPayment {
  readonly orderId: OrderId;
  readonly outPoint: OutPoint;
  readonly amount: Order['terms']['amount'];
  readonly normalizedTxid: Txid;
  /** Ignored if the payment is stored already. */
  readonly firstSeenAt: EpochMs;
  readonly place: PaymentPlace;
  /** The gateway's rate when it is first seen; undefined if none is known. Ignored if the payment is stored already. */
  readonly rate?: OrderRate | undefined;
}

export interface OrderQuery {
  readonly posId: PosId;
  readonly blockchainStatus: BlockchainStatus | undefined;
  /** Only orders with exactly this reference. */
  readonly reference?: string | undefined;
  readonly sortBy: 'created_at' | 'amount';
  readonly sortOrder: 'asc' | 'desc';
  /** From 0. */
  readonly page: number;
  readonly pageSize: number;
}

export interface OrderPage {
  /** Number of orders on all pages. */
  readonly total: number;
  readonly orders: readonly Order[];
}

export type OrderDeadlines = Partial<Pick<OrderTerms, 'expiresAt' | 'settlementTimeoutMs' | 'chargebackTimeoutMs'>>;
