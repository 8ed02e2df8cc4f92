/** A list of orders, as an index has it: which orders, sorted by what. */
import { sql, type Kysely, type SelectQueryBuilder } from 'kysely';
import type { OrderTerms } from '../../../orders/order.ts';
import type { OrderQuery } from '../../ports/order-store.ts';
import type { Tables } from '../tables.ts';

export type Direction = 'asc' | 'desc';
export type Orders<Row> = SelectQueryBuilder<Tables, 'orders', Row>;
type Listed = Pick<OrderQuery, 'posId' | 'blockchainStatus' | 'reference' | 'sortBy'>;

export interface OrderList extends Listed {
  /** Identifies the list. */
  readonly id: string;
  /** The filters that the index carries. The others are applied to its rows. */
  readonly carried: Listed;
  /** Whether {@link carried} lacks a filter. */
  readonly isFiltered: boolean;
}

/** The place of an order in a list. */
export interface Place {
  readonly id: string;
  /** The time of its creation, or its amount in minor units. */
  readonly value: number | string;
}

/** A row from which the place of an order can be read. */
export interface PlaceRow {
  readonly id: string;
  readonly created_at: number | string;
  readonly fiat_minor_units: string;
}

/** Returns the list of a query, as the best index has it. */
export function listOf({ posId, blockchainStatus, reference, sortBy }: Listed): OrderList {
  const listed: Listed = { posId, blockchainStatus, reference, sortBy };
  const carried = sortBy === 'amount' ? carriedByAmount(listed) : carriedByTime(listed);
  const isFiltered = carried.blockchainStatus !== blockchainStatus || carried.reference !== reference;
  return { ...listed, carried, isFiltered, id: JSON.stringify([posId, blockchainStatus, reference, sortBy]) };
}

/** There is no index by status and reference. Few orders share a reference, but many a status. */
function carriedByTime({ posId, blockchainStatus, reference, sortBy }: Listed): Listed {
  return { posId, sortBy, reference, blockchainStatus: reference === undefined ? blockchainStatus : undefined };
}

/** An index by status and amount would be written at every change of a status (docs/adr/0058). */
function carriedByAmount({ posId, sortBy }: Listed): Listed {
  return { posId, sortBy, reference: undefined, blockchainStatus: undefined };
}

export function placeOf({ sortBy }: OrderList, row: PlaceRow): Place {
  return { id: row.id, value: sortBy === 'amount' ? row.fiat_minor_units : Number(row.created_at) };
}

export function placeOfOrder({ sortBy }: OrderList, { id, createdAt, fiat }: OrderTerms): Place {
  return { id, value: sortBy === 'amount' ? fiat.minorUnits.toString() : createdAt };
}

/** Amounts are integers in text: the longer one is larger, and those of equal length sort as text. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.value !== b.value) {
    if (typeof a.value === 'number' || typeof b.value === 'number') return Number(a.value) - Number(b.value);
    return a.value.length - b.value.length || (a.value < b.value ? -1 : 1);
  }
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

const LENGTH = sql<number>`length(fiat_minor_units)`;

/**
 * Selects the orders of a list that its index carries, from a place on, in one or two ranges of the index: amounts of the same length,
 * and then the others.
 *
 * @param from Undefined for the whole list. Forwards, its own order is left out; backwards, it is the first one.
 */
export function rangesFrom(
  db: Kysely<Tables>,
  list: OrderList,
  from: Place | undefined,
  direction: Direction,
): Orders<PlaceRow>[] {
  const orders = carriedOrders(db, list);
  const byTime = (range: Orders<PlaceRow>): Orders<PlaceRow> => range.orderBy('created_at', direction).orderBy('id', direction);
  const byDigits = (range: Orders<PlaceRow>): Orders<PlaceRow> =>
    range.orderBy('fiat_minor_units', direction).orderBy('id', direction);
  const byAmount = (range: Orders<PlaceRow>): Orders<PlaceRow> => byDigits(range.orderBy(LENGTH, direction));
  if (from === undefined) return [list.sortBy === 'amount' ? byAmount(orders) : byTime(orders)];
  const [beyond, others] = direction === 'asc' ? [sql.raw('>'), '>' as const] : [sql.raw('<='), '<' as const];
  const { value, id } = from;
  if (typeof value === 'number') return [byTime(orders.where(sql<boolean>`(created_at, id) ${beyond} (${value}, ${id})`))];
  const sameLength = orders.where(LENGTH, '=', sql.lit(value.length));
  return [
    // Not sorted by the length too: SQLite would sort them all, although it is the same.
    byDigits(sameLength.where(sql<boolean>`(fiat_minor_units, id) ${beyond} (${value}, ${id})`)),
    byAmount(orders.where(LENGTH, others, sql.lit(value.length))),
  ];
}

function carriedOrders(db: Kysely<Tables>, { carried }: OrderList): Orders<PlaceRow> {
  const { posId, blockchainStatus, reference, sortBy } = carried;
  let orders = db
    .selectFrom('orders')
    .select(['id', sortBy === 'amount' ? 'fiat_minor_units' : 'created_at'])
    .where('pos_id', '=', posId) as unknown as Orders<PlaceRow>;
  if (reference !== undefined) orders = orders.where('reference', '=', reference);
  if (blockchainStatus !== undefined) orders = orders.where('blockchain_status', '=', blockchainStatus);
  return orders;
}
