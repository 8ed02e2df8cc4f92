import type { BlockRef, ScriptHex, ScriptRun } from '../../../kernel/chain.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { AccountId, OrderId } from '../../../kernel/ids.ts';
import { parseCurrency, type CurrencyCode } from '../../../orders/currency.ts';
import type { Order, OrderAddress } from '../../../orders/order.ts';
import type { OrderSearch, OrdersFound } from '../../ports/order-search.ts';
import type { OrderDeadlines, OrderPage, OrderQuery, OrderSchedule, OrderStore, PlacedPayment } from '../../ports/order-store.ts';
import { SqlPaymentPlaces } from '../chain/payment-places.ts';
import { slices } from '../slices.ts';
import type { SqlContext } from '../sql-context.ts';
import { rescheduleOrder, setAddressSeal, setCallbackUrl } from './change-order.ts';
import { dueIds, idsToJudge, nextDeadline, watchedAmong, watchedIds, watchOrders, watchOrdersAgain } from './due-orders.ts';
import { findOrders } from './find-orders.ts';
import { insertOrders } from './insert-orders.ts';
import { listIds } from '../order-lists/list-orders.ts';
import { orderFrom } from './order-from-row.ts';
import { countScripts, idsByScript, readScripts, scriptsFrom } from './order-scripts.ts';
import { deletePayments, placePayment, recordPayment, rollBackBlock } from './place-payments.ts';
import { readAddresses, readOrder, readOrderRows, readOrdersInOrder } from './read-orders.ts';
import { storedColumns, updateOrder, type StoredColumns } from './update-order.ts';

export class SqlOrders extends SqlPaymentPlaces implements OrderStore {
  readonly #sql: SqlContext;
  /** The stored columns of the orders that this transaction has locked and not changed yet. */
  readonly #locked = new Map<OrderId, StoredColumns>();

  constructor(context: SqlContext) {
    super(context, 'payments');
    this.#sql = context;
  }

  insert(...orders: readonly Order[]): Promise<void> {
    return insertOrders(this.#sql, orders);
  }

  async update(order: Order, schedule: OrderSchedule): Promise<void> {
    const { id } = order.terms;
    const written = await updateOrder(this.#sql, order, schedule, this.#locked.get(id));
    this.#locked.delete(id);
    if (written) this.#sql.changed();
  }

  async get(id: OrderId): Promise<Order | undefined> {
    const { cache } = this.#sql;
    const known = cache?.order(id);
    if (known !== undefined) return known;
    const ticket = cache?.ticket() ?? 0;
    const order = await readOrder(this.#sql, id);
    if (order !== undefined) cache?.cacheOrder(order, ticket);
    return order;
  }

  getMany(ids: readonly OrderId[]): Promise<Order[]> {
    return readOrdersInOrder(this.#sql, ids);
  }

  async addresses(ids: readonly OrderId[]): Promise<OrderAddress[]> {
    const addresses: OrderAddress[] = [];
    for (const slice of slices(ids)) addresses.push(...(await readAddresses(this.#sql, slice)));
    return addresses;
  }

  async lock(id: OrderId): Promise<Order | undefined> {
    const [order] = await this.#lock([id]);
    return order;
  }

  async lockMany(ids: readonly OrderId[]): Promise<Order[]> {
    const orders: Order[] = [];
    // Sorted, so that transactions cannot deadlock.
    for (const slice of slices([...ids].sort())) orders.push(...(await this.#lock(slice)));
    return orders;
  }

  async #lock(ids: readonly OrderId[]): Promise<Order[]> {
    const locked = await readOrderRows(this.#sql, ids, true);
    return locked.map((rows) => {
      const order = orderFrom(rows.row, rows.payments);
      if (this.#sql.inTransaction) this.#locked.set(order.terms.id, storedColumns(rows));
      return order;
    });
  }

  idsByScript(scripts: readonly ScriptHex[]): Promise<Map<ScriptHex, OrderId>> {
    return idsByScript(this.#sql, scripts);
  }

  async currenciesOf(ids: readonly OrderId[]): Promise<Map<OrderId, CurrencyCode>> {
    const currencies = new Map<OrderId, CurrencyCode>();
    for (const slice of slices(ids)) {
      const rows = await this.#sql.db.selectFrom('orders').select(['id', 'currency']).where('id', 'in', slice).execute();
      for (const { id, currency } of rows) currencies.set(id as OrderId, parseCurrency(currency));
    }
    return currencies;
  }

  watch(ids: readonly OrderId[]): Promise<void> {
    for (const id of ids) this.#locked.delete(id);
    return watchOrders(this.#sql, ids);
  }

  watchedIds(): Promise<OrderId[]> {
    return watchedIds(this.#sql);
  }

  watchedAmong(ids: readonly OrderId[]): Promise<OrderId[]> {
    return watchedAmong(this.#sql, ids);
  }

  watchAgain(): Promise<void> {
    return watchOrdersAgain(this.#sql);
  }

  idsToJudge(tipHeight: number, limit: number): Promise<OrderId[]> {
    return idsToJudge(this.#sql, tipHeight, limit);
  }

  dueIds(now: EpochMs, limit: number): Promise<OrderId[]> {
    return dueIds(this.#sql, now, limit);
  }

  nextDeadline(): Promise<EpochMs | undefined> {
    return nextDeadline(this.#sql);
  }

  placePayment(payment: PlacedPayment): Promise<void> {
    return placePayment(this.#sql, payment);
  }

  recordPayment(payment: PlacedPayment): Promise<void> {
    return recordPayment(this.#sql, payment);
  }

  rollBackBlock(block: BlockRef): Promise<OrderId[]> {
    return rollBackBlock(this.#sql, block);
  }

  async find(search: OrderSearch): Promise<OrdersFound> {
    const { ids, searchedTo } = await findOrders(this.#sql, search);
    return { orders: await readOrdersInOrder(this.#sql, ids), searchedTo };
  }

  async list(query: OrderQuery, spend?: (orders: number) => void): Promise<OrderPage> {
    const { total, ids } = await listIds(this.#sql, query, spend);
    return { total, orders: await readOrdersInOrder(this.#sql, ids) };
  }

  reschedule(id: OrderId, deadlines: OrderDeadlines, next: EpochMs): Promise<void> {
    this.#locked.delete(id);
    return rescheduleOrder(this.#sql, id, deadlines, next);
  }

  setCallbackUrl(id: OrderId, url: string): Promise<void> {
    this.#locked.delete(id);
    return setCallbackUrl(this.#sql, id, url);
  }

  setAddressSeal(id: OrderId, seal: string): Promise<void> {
    return setAddressSeal(this.#sql, id, seal);
  }

  deletePayments(id: OrderId): Promise<void> {
    this.#locked.delete(id);
    return deletePayments(this.#sql, id);
  }

  scripts(): AsyncIterable<ScriptRun> {
    return readScripts(this.#sql);
  }

  scriptsFrom(accountId: AccountId, index: number): Promise<ScriptHex[]> {
    return scriptsFrom(this.#sql, accountId, index);
  }

  countScripts(): Promise<number> {
    return countScripts(this.#sql);
  }
}
