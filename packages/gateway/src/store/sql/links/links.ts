import type { LinkId, OrderId } from '../../../kernel/ids.ts';
import type { LinkPlaces } from '../../../links/availability.ts';
import type { PaymentLink } from '../../../links/payment-link.ts';
import type { OrderState } from '../../../orders/order.ts';
import type { LinkPlace, LinkQuery, LinkStore, UnsettledPlace } from '../../ports/links/link-store.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { changingColumns, fixedColumns, linkFrom, placeColumns, placeFrom } from './columns.ts';

const fixedOf = rowWriter<PaymentLink, typeof fixedColumns>(fixedColumns);
const changingOf = rowWriter<PaymentLink, typeof changingColumns>(changingColumns);
const placeRowOf = rowWriter<LinkPlace, typeof placeColumns>(placeColumns);

/** An order of this state has given its place back. */
const GIVEN_BACK: ReadonlySet<string | null> = new Set(['expired', 'cancelled']);

export class SqlLinks implements LinkStore {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async insert(link: PaymentLink): Promise<boolean> {
    const { numInsertedOrUpdatedRows = 0n } = await this.#sql.db
      .insertInto('payment_links')
      .values({ ...fixedOf(link), ...changingOf(link), paid_places: 0 })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows > 0n;
  }

  async update(link: PaymentLink): Promise<void> {
    await this.#sql.db.updateTable('payment_links').set(changingOf(link)).where('id', '=', link.id).execute();
  }

  get(id: LinkId): Promise<PaymentLink | undefined> {
    return this.#one('id', id);
  }

  byName(name: string): Promise<PaymentLink | undefined> {
    return this.#one('name', name);
  }

  async lock(id: LinkId): Promise<PaymentLink | undefined> {
    const { db, dialect } = this.#sql;
    const query = db.selectFrom('payment_links').selectAll().where('id', '=', id);
    const row = await (dialect.rowLocks ? query.forUpdate() : query).executeTakeFirst();
    return row === undefined ? undefined : linkFrom(row);
  }

  async list({ posIds, before, limit }: LinkQuery): Promise<PaymentLink[]> {
    if (posIds?.length === 0) return [];
    let query = this.#sql.db.selectFrom('payment_links').selectAll();
    if (posIds !== undefined) query = query.where('pos_id', 'in', posIds);
    if (before !== undefined) query = query.where('id', '<', before);
    return (await query.orderBy('id', 'desc').limit(limit).execute()).map(linkFrom);
  }

  async places(ids: readonly LinkId[]): Promise<Map<LinkId, LinkPlaces>> {
    if (ids.length === 0) return new Map();
    const { db } = this.#sql;
    const settled = await db.selectFrom('payment_links').select(['id', 'paid_places']).where('id', 'in', ids).execute();
    const found = new Map(settled.map(({ id, paid_places: paid }) => [id as LinkId, { paid: Number(paid), open: 0 }]));
    // Few: the open orders of a link are limited.
    const unsettled = await db
      .selectFrom('link_orders')
      .leftJoin('orders', 'orders.id', 'link_orders.order_id')
      .select(['link_orders.link_id', 'orders.status'])
      .where('link_orders.link_id', 'in', ids)
      .where('link_orders.settled', '=', 0)
      .execute();
    for (const { link_id: id, status } of unsettled) {
      const places = found.get(id as LinkId);
      if (places === undefined || GIVEN_BACK.has(status)) continue;
      places[status === null || status === 'pending' ? 'open' : 'paid'] += 1;
    }
    return found;
  }

  async takePlace(place: LinkPlace): Promise<void> {
    await this.#sql.db.insertInto('link_orders').values(placeRowOf(place)).execute();
  }

  async place(id: LinkId, key: string): Promise<LinkPlace | undefined> {
    const row = await this.#sql.db
      .selectFrom('link_orders')
      .selectAll()
      .where('link_id', '=', id)
      .where('key', '=', key)
      .executeTakeFirst();
    return row === undefined ? undefined : placeFrom(row);
  }

  async unsettledPlaces(id: LinkId, limit: number): Promise<UnsettledPlace[]> {
    const rows = await this.#sql.db
      .selectFrom('link_orders')
      .leftJoin('orders', 'orders.id', 'link_orders.order_id')
      .select([
        'link_orders.link_id',
        'link_orders.key',
        'link_orders.order_id',
        'link_orders.taken_at',
        'orders.status',
        'orders.covered_at',
      ])
      .where('link_orders.link_id', '=', id)
      .where('link_orders.settled', '=', 0)
      .orderBy('link_orders.taken_at')
      .limit(limit)
      .execute();
    return rows.map((row) => {
      const { key, orderId, takenAt } = placeFrom(row);
      return { key, orderId, takenAt, status: row.status as OrderState['status'] | null, isCovered: row.covered_at !== null };
    });
  }

  async setOrder(id: LinkId, key: string, orderId: OrderId): Promise<void> {
    await this.#sql.db
      .updateTable('link_orders')
      .set({ order_id: orderId })
      .where('link_id', '=', id)
      .where('key', '=', key)
      .execute();
  }

  async deletePlaces(id: LinkId, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#sql.db
      .deleteFrom('link_orders')
      .where('link_id', '=', id)
      .where('key', 'in', keys)
      .where('order_id', 'is', null)
      .execute();
  }

  async settlePlaces(id: LinkId, keys: readonly string[], paid: number): Promise<void> {
    if (keys.length === 0) return;
    const { db } = this.#sql;
    await db.updateTable('link_orders').set({ settled: 1 }).where('link_id', '=', id).where('key', 'in', keys).execute();
    if (paid === 0) return;
    await db
      .updateTable('payment_links')
      .set((eb) => ({ paid_places: eb('paid_places', '+', paid) }))
      .where('id', '=', id)
      .execute();
  }

  async orders(id: LinkId, { before, limit }: Parameters<LinkStore['orders']>[1]): Promise<OrderId[]> {
    let query = this.#sql.db
      .selectFrom('link_orders')
      .select('order_id')
      .where('link_id', '=', id)
      .where('order_id', 'is not', null);
    if (before !== undefined) query = query.where('order_id', '<', before);
    return (await query.orderBy('order_id', 'desc').limit(limit).execute()).map(({ order_id: orderId }) => orderId as OrderId);
  }

  async #one(column: 'id' | 'name', value: string): Promise<PaymentLink | undefined> {
    const row = await this.#sql.db.selectFrom('payment_links').selectAll().where(column, '=', value).executeTakeFirst();
    return row === undefined ? undefined : linkFrom(row);
  }
}
