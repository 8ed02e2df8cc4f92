import { sql, type Insertable, type RawBuilder, type Selectable, type SelectQueryBuilder } from 'kysely';
import type { BlockRef, OutPoint, ScriptHex, Txid } from '../../kernel/chain.ts';
import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Order, PaymentPlace } from '../../orders/order.ts';
import type { OrderDeadlines, OrderPage, OrderQuery, OrderSchedule, OrderStore, PlacedPayment } from '../ports.ts';
import { hotQuery, hotQueryForEach } from './hot-query.ts';
import { orderFrom, placeColumns, stateColumns } from './rows.ts';
import type { SqlContext } from './sql-context.ts';
import type { OrdersTable, PaymentsTable, Tables } from './tables.ts';
import { storedColumns, writeOrder, type StoredColumns } from './write-order.ts';

/** How many ids one statement may hold; SQLite takes 32,766 parameters, PostgreSQL 65,535. */
const IDS_A_STATEMENT = 1000;
/** How many scripts are read at a time when the index in memory is built. */
const SCRIPTS_A_PAGE = 10_000;

const insertOrders = hotQueryForEach<Insertable<OrdersTable>>()((db, values) =>
  db.insertInto('orders').values({
    id: values.id,
    pos_id: values.pos_id,
    account_id: values.account_id,
    address_index: values.address_index,
    address: values.address,
    script: values.script,
    amount_sats: values.amount_sats,
    currency: values.currency,
    fiat_minor_units: values.fiat_minor_units,
    rate_source: values.rate_source,
    rate_value: values.rate_value,
    rate_at: values.rate_at,
    required_confirmations: values.required_confirmations,
    created_at: values.created_at,
    expires_at: values.expires_at,
    settlement_timeout_ms: values.settlement_timeout_ms,
    chargeback_timeout_ms: values.chargeback_timeout_ms,
    reference: values.reference,
    details: values.details,
    callback_url: values.callback_url,
    continue_url: values.continue_url,
    cancel_url: values.cancel_url,
    status: values.status,
    blockchain_status: values.blockchain_status,
    covered_at: values.covered_at,
    paid_at: values.paid_at,
    disputed_at: values.disputed_at,
    ended_at: values.ended_at,
    surplus_told: values.surplus_told,
    deadline_at: values.deadline_at,
    watched: values.watched,
  }),
);
const orderById = hotQuery<{ id: string }>()((db, { id }) => db.selectFrom('orders').selectAll().where('id', '=', id));
const paymentsOf = hotQuery<{ id: string }>()((db, { id }) =>
  db.selectFrom('payments').selectAll().where('order_id', '=', id).orderBy('first_seen_at').orderBy('txid').orderBy('vout'),
);

/** Which rows of a sorted list, counted from its start or from its end. */
interface Slice {
  readonly backwards: boolean;
  readonly offset: number;
  readonly rows: number;
}

type OrderIds = SelectQueryBuilder<Tables, 'orders', { id: string }>;

export class SqlOrders implements OrderStore {
  readonly #sql: SqlContext;
  /** What this transaction has locked, as it is stored, until it writes that itself. */
  readonly #locked = new Map<OrderId, StoredColumns>();

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(...orders: readonly Order[]): Promise<void> {
    await insertOrders(this.#sql, orders.map(newRow));
    for (const { terms } of orders) await this.#sql.orderCounted(terms.posId, 'pending', 1);
  }

  async update(order: Order, schedule: OrderSchedule): Promise<void> {
    const { id } = order.terms;
    const written = await writeOrder(this.#sql, order, schedule, this.#locked.get(id));
    this.#locked.delete(id);
    if (written) this.#sql.changed();
  }

  async get(id: OrderId): Promise<Order | undefined> {
    const { kept } = this.#sql;
    const known = kept?.order(id);
    if (known !== undefined) return known;
    const ticket = kept?.ticket() ?? 0;
    const [row] = (await orderById(this.#sql, { id })).rows;
    if (row === undefined) return undefined;
    const order = orderFrom(row, (await paymentsOf(this.#sql, { id })).rows);
    kept?.keepOrder(order, ticket);
    return order;
  }

  async lock(id: OrderId): Promise<Order | undefined> {
    const [order] = await this.#read([id], true);
    return order;
  }

  async lockMany(ids: readonly OrderId[]): Promise<Order[]> {
    const orders: Order[] = [];
    // Sorted, so that two transactions never wait for each other's rows.
    const sorted = [...ids].sort();
    for (let start = 0; start < sorted.length; start += IDS_A_STATEMENT) {
      orders.push(...(await this.#read(sorted.slice(start, start + IDS_A_STATEMENT), true)));
    }
    return orders;
  }

  async idsByScript(scripts: readonly ScriptHex[]): Promise<Map<ScriptHex, OrderId>> {
    const found = new Map<ScriptHex, OrderId>();
    for (let start = 0; start < scripts.length; start += IDS_A_STATEMENT) {
      const page = scripts.slice(start, start + IDS_A_STATEMENT);
      const rows = await this.#sql.db.selectFrom('orders').select(['id', 'script']).where('script', 'in', page).execute();
      for (const { id, script } of rows) found.set(script as ScriptHex, id as OrderId);
    }
    return found;
  }

  async watch(ids: readonly OrderId[]): Promise<void> {
    for (const id of ids) this.#locked.delete(id);
    for (let start = 0; start < ids.length; start += IDS_A_STATEMENT) {
      await this.#sql.db
        .updateTable('orders')
        .set({ watched: 1 })
        .where('id', 'in', ids.slice(start, start + IDS_A_STATEMENT))
        .execute();
    }
  }

  async watchedIds(): Promise<OrderId[]> {
    const rows = await this.#sql.db.selectFrom('orders').select('id').where('watched', '=', sql.lit(1)).execute();
    return rows.map(({ id }) => id as OrderId);
  }

  async dueIds(now: EpochMs): Promise<OrderId[]> {
    const rows = await this.#sql.db.selectFrom('orders').select('id').where('deadline_at', '<=', now).execute();
    return rows.map(({ id }) => id as OrderId);
  }

  async nextDeadline(): Promise<EpochMs | undefined> {
    const row = await this.#sql.db
      .selectFrom('orders')
      .select('deadline_at')
      .where('deadline_at', 'is not', null)
      .orderBy('deadline_at')
      .limit(1)
      .executeTakeFirst();
    return row?.deadline_at == null ? undefined : epochMs(Number(row.deadline_at));
  }

  async placePayment(payment: PlacedPayment): Promise<void> {
    const place = placeColumns(payment.place);
    await this.#sql.db
      .insertInto('payments')
      .values({
        txid: payment.outPoint.txid,
        vout: payment.outPoint.vout,
        order_id: payment.orderId,
        amount_sats: payment.amount,
        normalized_txid: payment.normalizedTxid,
        first_seen_at: payment.firstSeenAt,
        ...place,
        counted: 0,
      })
      .onConflict((conflict) => conflict.columns(['txid', 'vout']).doUpdateSet(place))
      .execute();
    this.#sql.changed();
  }

  async mempoolPayments(): Promise<{ outPoint: OutPoint; orderId: OrderId }[]> {
    const rows = await this.#sql.db
      .selectFrom('payments')
      .select(['txid', 'vout', 'order_id'])
      .where('place', '=', sql.lit('mempool'))
      .execute();
    return rows.map((row) => ({
      outPoint: { txid: row.txid as Txid, vout: Number(row.vout) },
      orderId: row.order_id as OrderId,
    }));
  }

  async undoBlock({ height, hash }: BlockRef): Promise<OrderId[]> {
    const rows = await this.#sql.db
      .updateTable('payments')
      .set(placeColumns({ kind: 'mempool' }))
      .where('block_height', '=', height)
      .where('block_hash', '=', hash)
      .returning('order_id')
      .execute();
    this.#sql.changed();
    return rows.map(({ order_id }) => order_id as OrderId);
  }

  async setPlace({ txid, vout }: OutPoint, place: PaymentPlace): Promise<void> {
    await this.#sql.db
      .updateTable('payments')
      .set(placeColumns(place))
      .where('txid', '=', txid)
      .where('vout', '=', vout)
      .execute();
    this.#sql.changed();
  }

  async list(query: OrderQuery): Promise<OrderPage> {
    const total = await this.#count(query);
    const start = query.page * query.pageSize;
    const rows = Math.min(query.pageSize, total - start);
    if (rows <= 0) return { total, orders: [] };
    // A page is counted off from the end that it is nearer to.
    const fromEnd = start > total / 2;
    const ids = await this.#pageIds(
      query,
      fromEnd ? { backwards: true, offset: total - start - rows, rows } : { backwards: false, offset: start, rows },
    );
    const byId = new Map((await this.#read(ids, false)).map((order) => [order.terms.id, order]));
    return { total, orders: ids.map((id) => byId.get(id)).filter((order) => order !== undefined) };
  }

  async #count({ posId, blockchainStatus }: OrderQuery): Promise<number> {
    let counts = this.#sql.db.selectFrom('order_counts').select((eb) => eb.fn.sum('orders').as('total'));
    if (posId !== undefined) counts = counts.where('pos_id', '=', posId);
    if (blockchainStatus !== undefined) counts = counts.where('blockchain_status', '=', blockchainStatus);
    const { total } = await counts.executeTakeFirstOrThrow();
    return Number(total ?? 0);
  }

  async #pageIds(
    { posId, blockchainStatus, sortBy, sortOrder }: OrderQuery,
    { backwards, offset, rows }: Slice,
  ): Promise<OrderId[]> {
    let matching = this.#sql.db.selectFrom('orders').select('id');
    if (posId !== undefined) matching = matching.where('pos_id', '=', posId);
    if (blockchainStatus !== undefined) matching = matching.where('blockchain_status', '=', blockchainStatus);
    const direction = (sortOrder === 'asc') === backwards ? 'desc' : 'asc';
    const sorted =
      sortBy === 'amount' ? byAmount(matching, blockchainStatus, direction) : matching.orderBy('created_at', direction);
    const found = await sorted.orderBy('id', direction).limit(rows).offset(offset).execute();
    const ids = found.map(({ id }) => id as OrderId);
    return backwards ? ids.reverse() : ids;
  }

  async reschedule(
    id: OrderId,
    { expiresAt, settlementTimeoutMs, chargebackTimeoutMs }: OrderDeadlines,
    next: EpochMs,
  ): Promise<void> {
    this.#locked.delete(id);
    await this.#sql.db
      .updateTable('orders')
      .set({
        deadline_at: next,
        ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
        ...(settlementTimeoutMs === undefined ? {} : { settlement_timeout_ms: settlementTimeoutMs }),
        ...(chargebackTimeoutMs === undefined ? {} : { chargeback_timeout_ms: chargebackTimeoutMs }),
      })
      .where('id', '=', id)
      .execute();
    this.#sql.changed();
  }

  async forgetPayments(id: OrderId): Promise<void> {
    this.#locked.delete(id);
    await this.#sql.db.deleteFrom('payments').where('order_id', '=', id).execute();
    this.#sql.changed();
  }

  async *scripts(): AsyncIterable<ScriptHex> {
    let after = '';
    for (;;) {
      const rows = await this.#sql.db
        .selectFrom('orders')
        .select('script')
        .where('script', '>', after)
        .orderBy('script')
        .limit(SCRIPTS_A_PAGE)
        .execute();
      const last = rows.at(-1);
      if (last === undefined) return;
      for (const { script } of rows) yield script as ScriptHex;
      after = last.script;
    }
  }

  async #read(ids: readonly OrderId[], lock: boolean): Promise<Order[]> {
    const { db, dialect } = this.#sql;
    const query = db.selectFrom('orders').selectAll().where('id', 'in', ids).orderBy('id');
    const rows: Selectable<OrdersTable>[] = await (lock && dialect.rowLocks ? query.forUpdate() : query).execute();
    if (rows.length === 0) return [];
    const payments = await db
      .selectFrom('payments')
      .selectAll()
      .where(
        'order_id',
        'in',
        rows.map(({ id }) => id),
      )
      .orderBy('first_seen_at')
      .orderBy('txid')
      .orderBy('vout')
      .execute();
    const byOrder = new Map<string, Selectable<PaymentsTable>[]>(rows.map(({ id }) => [id, []]));
    for (const payment of payments) byOrder.get(payment.order_id)?.push(payment);
    return rows.map((row) => {
      const ofOrder = byOrder.get(row.id) ?? [];
      const order = orderFrom(row, ofOrder);
      if (lock && this.#sql.inTransaction) this.#locked.set(order.terms.id, storedColumns(row, ofOrder));
      return order;
    });
  }
}

/**
 * Sorts by amount: whole numbers in text, of which the longer is the larger, and those of the same length sort as text. What is
 * pending stands in no index by status and amount (see the migration).
 */
function byAmount(orders: OrderIds, status: OrderQuery['blockchainStatus'], direction: 'asc' | 'desc'): OrderIds {
  const sorted = (length: RawBuilder<unknown>, of = orders): OrderIds =>
    of.orderBy(length, direction).orderBy('fiat_minor_units', direction);
  // Those are found by their status and then sorted: SQLite would rather look through all orders by their amounts, as far as it
  // does not see the index in the expression.
  if (status === 'pending') return sorted(sql`+length(fiat_minor_units)`);
  // Said once more, for only then SQLite sees that the index of the others will do.
  const others = status === undefined ? orders : orders.where('blockchain_status', '<>', sql.lit('pending'));
  return sorted(sql`length(fiat_minor_units)`, others);
}

function newRow({ terms, state, surplusTold }: Order): Insertable<OrdersTable> {
  return {
    id: terms.id,
    pos_id: terms.posId,
    account_id: terms.accountId,
    address_index: terms.addressIndex,
    address: terms.address,
    script: terms.script,
    amount_sats: terms.amount,
    currency: terms.fiat.currency,
    fiat_minor_units: terms.fiat.minorUnits.toString(),
    rate_source: terms.rate.source,
    rate_value: terms.rate.value,
    rate_at: terms.rate.at,
    required_confirmations: terms.requiredConfirmations,
    created_at: terms.createdAt,
    expires_at: terms.expiresAt,
    settlement_timeout_ms: terms.settlementTimeoutMs,
    chargeback_timeout_ms: terms.chargebackTimeoutMs,
    reference: terms.reference,
    details: terms.details,
    callback_url: terms.callbackUrl,
    continue_url: terms.continueUrl,
    cancel_url: terms.cancelUrl,
    ...stateColumns(state),
    blockchain_status: 'pending',
    surplus_told: surplusTold,
    deadline_at: terms.expiresAt,
    watched: 0,
  };
}
