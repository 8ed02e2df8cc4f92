/**
 * Reads a page of orders. Every query reads an index, and no more of it than the page and the pages before it: the list must not
 * read a million orders.
 *
 * The total comes from `order_counts`, except for a reference: those are counted in their own index, which is short as long as
 * references tell orders apart.
 */
import { sql, type Kysely, type RawBuilder, type SelectQueryBuilder } from 'kysely';
import type { OrderId } from '../../../kernel/ids.ts';
import type { OrderQuery } from '../../ports/order-store.ts';
import type { Tables } from '../tables.ts';

type Database = Kysely<Tables>;
type Orders<Row> = SelectQueryBuilder<Tables, 'orders', Row>;

/** PostgreSQL answers a text, and SQLite null for the sum of nothing. */
interface Total {
  readonly total: number | string | null;
}

/** Which rows of a sorted list, counted from its start or from its end. */
export interface Slice {
  readonly backwards: boolean;
  readonly offset: number;
  readonly rows: number;
}

/** Counts the orders on all pages. */
export async function countOrders(db: Database, query: OrderQuery): Promise<number> {
  const counts = query.reference === undefined ? countsKept(db, query) : countOfReference(db, query);
  const { total } = await counts.executeTakeFirstOrThrow();
  return Number(total ?? 0);
}

/**
 * Reads the ids of one page, in the order of the list.
 *
 * @param total How many orders there are on all pages.
 */
export async function listIds(db: Database, query: OrderQuery, total: number): Promise<OrderId[]> {
  const start = query.page * query.pageSize;
  const rows = Math.min(query.pageSize, total - start);
  if (rows <= 0) return [];
  // A page is counted off from the end that it is nearer to.
  const backwards = start > total / 2;
  const offset = backwards ? total - start - rows : start;
  const ids = (await pageQuery(db, query, { backwards, offset, rows }).execute()).map(({ id }) => id as OrderId);
  return backwards ? ids.reverse() : ids;
}

function countsKept(db: Database, { posId, blockchainStatus }: OrderQuery): SelectQueryBuilder<Tables, 'order_counts', Total> {
  let counts = db.selectFrom('order_counts').select((eb) => eb.fn.sum<Total['total']>('orders').as('total'));
  if (posId !== undefined) counts = counts.where('pos_id', '=', posId);
  if (blockchainStatus !== undefined) counts = counts.where('blockchain_status', '=', blockchainStatus);
  return counts;
}

/** The statement behind {@link countOrders} for one reference. */
export function countOfReference(db: Database, query: OrderQuery): Orders<Total> {
  return matching(db.selectFrom('orders'), query).select((eb) => eb.fn.countAll<number | string>().as('total'));
}

/** The statement behind {@link listIds}. */
export function pageQuery(db: Database, query: OrderQuery, { backwards, offset, rows }: Slice): Orders<{ id: string }> {
  const direction = (query.sortOrder === 'asc') === backwards ? 'desc' : 'asc';
  const orders = matching(db.selectFrom('orders'), query).select('id');
  const sorted = query.sortBy === 'amount' ? byAmount(orders, query, direction) : orders.orderBy('created_at', direction);
  return sorted.orderBy('id', direction).limit(rows).offset(offset);
}

function matching<Row>(orders: Orders<Row>, { posId, blockchainStatus, reference }: OrderQuery): Orders<Row> {
  let found = orders;
  if (posId !== undefined) found = found.where('pos_id', '=', posId);
  if (reference !== undefined) found = found.where('reference', '=', reference);
  if (blockchainStatus === undefined) return found;
  if (reference === undefined) return found.where('blockchain_status', '=', blockchainStatus);
  // Few orders share a reference and many a status. SQLite cannot know that, so the status must not look like a part of an index.
  return found.where(sql<boolean>`blockchain_status || '' = ${blockchainStatus}`);
}

/**
 * Sorts by amount: whole numbers in text, of which the longer is the larger, and those of the same length sort as text. What is
 * pending is in no index by status and amount (see the migration).
 */
function byAmount<Row>(orders: Orders<Row>, { blockchainStatus, reference }: OrderQuery, direction: 'asc' | 'desc'): Orders<Row> {
  const sorted = (length: RawBuilder<unknown>, of = orders): Orders<Row> =>
    of.orderBy(length, direction).orderBy('fiat_minor_units', direction);
  // These are found by their status or reference and then sorted: SQLite would rather scan all orders by their amounts, unless
  // the expression hides the index from it.
  if (reference !== undefined || blockchainStatus === 'pending') return sorted(sql`+length(fiat_minor_units)`);
  // Repeated, since only then SQLite sees that the partial index will do.
  const others = blockchainStatus === undefined ? orders : orders.where('blockchain_status', '<>', sql.lit('pending'));
  return sorted(sql`length(fiat_minor_units)`, others);
}
