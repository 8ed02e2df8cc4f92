/** Walks along lists of orders, in steps of a few milliseconds. */
import { sql } from 'kysely';
import type { Walking } from './pass-orders.ts';
import { placeOf, rangesFrom, type Direction, type OrderList, type Orders, type Place, type PlaceRow } from './order-list.ts';

export interface Span {
  readonly from: Place | undefined;
  readonly direction: Direction;
  /** How many orders to pass first. */
  readonly offset: number;
  readonly limit: number;
}

/** Reads orders of a list that its index carries, in the given direction. */
export async function readSpan(
  { context, pass }: Walking,
  list: OrderList,
  { from, direction, offset, limit }: Span,
): Promise<PlaceRow[]> {
  return pass(offset, async () => {
    const found: PlaceRow[] = [];
    let left = offset;
    for (const range of rangesFrom(context.db, list, from, direction)) {
      const rows = await range
        .offset(left)
        .limit(limit - found.length)
        .execute();
      found.push(...rows);
      if (found.length === limit) break;
      left = rows.length > 0 ? 0 : left - (left === 0 ? 0 : await countRange(context, range, left));
    }
    return found;
  });
}

/** Counts the orders after a place, up to the rows of one step. */
export async function countAfter({ context, sizes }: Walking, list: OrderList, from: Place | undefined): Promise<number> {
  let count = 0;
  for (const range of rangesFrom(context.db, list, from, 'asc'))
    count += await countRange(context, range, sizes.indexRows - count);
  return count;
}

async function countRange({ db }: Walking['context'], range: Orders<PlaceRow>, bound: number): Promise<number> {
  const row = await db
    .selectFrom(range.limit(bound).as('range'))
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Yields the orders of a list that pass the filters that its index does not carry, step by step. */
export async function* filteredOrders(walk: Walking, list: OrderList, direction: Direction): AsyncGenerator<readonly PlaceRow[]> {
  const rows = list.sortBy === 'amount' ? walk.sizes.filteredByAmount : walk.sizes.filtered;
  let from: Place | undefined;
  do {
    const bounds = { from, direction, rows };
    const slice = await walk.pass(rows, () => readSlice(walk, list, bounds));
    yield slice.found;
    from = slice.last && placeOf(list, slice.last);
  } while (from !== undefined);
}

interface Slice {
  readonly found: readonly PlaceRow[];
  /** The order up to which the list was read; undefined at its end. */
  readonly last: PlaceRow | undefined;
}

/** Reads so many rows of a list, and up to as many in each of its ranges, and applies its filters to them. */
async function readSlice(
  { context }: Walking,
  list: OrderList,
  { from, direction, rows }: Pick<Span, 'from' | 'direction'> & { readonly rows: number },
): Promise<Slice> {
  const found: PlaceRow[] = [];
  for (const range of rangesFrom(context.db, list, from, direction)) {
    // Backwards, a range begins with the order of its place, which the last step has passed.
    const rest = from === undefined ? range : range.where('id', '<>', from.id);
    found.push(...(await passingFilters(context, rest.limit(rows), list, direction).execute()));
    const last = await rest
      .offset(rows - 1)
      .limit(1)
      .executeTakeFirst();
    if (last !== undefined) return { found, last };
  }
  return { found, last: undefined };
}

function passingFilters(
  { db }: Walking['context'],
  slice: Orders<PlaceRow>,
  { blockchainStatus, reference, sortBy }: OrderList,
  direction: Direction,
): Orders<PlaceRow> {
  const others = sortBy === 'amount' ? (['created_at'] as const) : (['fiat_minor_units'] as const);
  let found = db
    .selectFrom(slice.select([...others, 'blockchain_status', 'reference']).as('slice'))
    .select(['id', 'created_at', 'fiat_minor_units']) as unknown as Orders<PlaceRow>;
  if (blockchainStatus !== undefined) found = found.where('blockchain_status', '=', blockchainStatus);
  if (reference !== undefined) found = found.where('reference', '=', reference);
  const sorted =
    sortBy === 'amount'
      ? found.orderBy(sql`length(fiat_minor_units)`, direction).orderBy('fiat_minor_units', direction)
      : found.orderBy('created_at', direction);
  return sorted.orderBy('id', direction);
}
