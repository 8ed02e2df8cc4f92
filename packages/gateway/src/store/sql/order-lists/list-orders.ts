/**
 * Reads a page of the list of orders. Every query reads an index, and of that only the page and the pages before it: a list must not
 * read a million orders.
 *
 * The total comes from `order_counts`. Only the orders of a reference are counted in their index, where few orders share a reference.
 */
import { sql, type Kysely, type RawBuilder, type SelectQueryBuilder } from 'kysely';
import type { OrderId } from '../../../kernel/ids.ts';
import type { OrderQuery } from '../../ports/order-store.ts';
import type { Tables } from '../tables.ts';

type Database = Kysely<Tables>;
type Orders<Row> = SelectQueryBuilder<Tables, 'orders', Row>;

/** A sum: PostgreSQL returns a string, and both return null if there are no rows. */
interface Total {
  readonly total: number | string | null;
}

/** A range of rows of a sorted list, counted from its start or from its end. */
export interface Slice {
  readonly backwards: boolean;
  readonly offset: number;
  readonly rows: number;
}

/** Counts the orders on all pages. */
export async function countOrders(db: Database, query: OrderQuery): Promise<number> {
  const counts = query.reference === undefined ? storedCounts(db, query) : countOfReference(db, query);
  const { total } = await counts.executeTakeFirstOrThrow();
  return Number(total ?? 0);
}

/**
 * Reads the ids of one page, in the order of the list.
 *
 * @param total Number of orders on all pages.
 */
export async function listIds(db: Database, query: OrderQuery, total: number): Promise<OrderId[]> {
  const start = query.page * query.pageSize;
  const rows = Math.min(query.pageSize, total - start);
  if (rows <= 0) return [];
  // The page is counted from the nearer end of the list.
  const backwards = start > total / 2;
  const offset = backwards ? total - start - rows : start;
  const ids = (await pageQuery(db, query, { backwards, offset, rows }).execute()).map(({ id }) => id as OrderId);
  return backwards ? ids.reverse() : ids;
}

function storedCounts(db: Database, { posId, blockchainStatus }: OrderQuery): SelectQueryBuilder<Tables, 'order_counts', Total> {
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
  // Few orders share a reference, but many a status. SQLite does not know that, so an expression hides the status from its indexes.
  return found.where(sql<boolean>`blockchain_status || '' = ${blockchainStatus}`);
}

/**
 * Sorts by amount. Amounts are integers in text: the longer one is larger, and those of equal length sort as text. Pending orders are not
 * in the index by status and amount (see the migration).
 */
function byAmount<Row>(orders: Orders<Row>, { blockchainStatus, reference }: OrderQuery, direction: 'asc' | 'desc'): Orders<Row> {
  const sorted = (length: RawBuilder<unknown>, of = orders): Orders<Row> =>
    of.orderBy(length, direction).orderBy('fiat_minor_units', direction);
  // These are found by their status or reference and then sorted. SQLite would rather scan all orders by amount, so an expression
  // hides that index.
  if (reference !== undefined || blockchainStatus === 'pending') return sorted(sql`+length(fiat_minor_units)`);
  // Repeats the condition of the partial index, without which SQLite does not use it.
  const others = blockchainStatus === undefined ? orders : orders.where('blockchain_status', '<>', sql.lit('pending'));
  return sorted(sql`length(fiat_minor_units)`, others);
}
