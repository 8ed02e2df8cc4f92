/** Walks along lists of orders, in steps of a few milliseconds. */
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

/** Yields the orders of a list by time that pass the filters that its index does not carry, step by step. */
export async function* filteredOrders(
  { context, pass, sizes }: Walking,
  list: OrderList,
  direction: Direction,
): AsyncGenerator<readonly PlaceRow[]> {
  let from: Place | undefined;
  do {
    const [range] = rangesFrom(context.db, list, from, direction);
    if (range === undefined) return;
    // Backwards, a range begins with the order of its place, which the last step has passed.
    const slice = from === undefined ? range : range.where('id', '<>', from.id);
    const { rows, last } = await pass(sizes.filtered, async () => ({
      rows: await passingFilters(context, slice.limit(sizes.filtered), list, direction).execute(),
      last: await slice
        .offset(sizes.filtered - 1)
        .limit(1)
        .executeTakeFirst(),
    }));
    yield rows;
    from = last && placeOf(list, last);
  } while (from !== undefined);
}

function passingFilters(
  { db }: Walking['context'],
  slice: Orders<PlaceRow>,
  { blockchainStatus, reference }: OrderList,
  direction: Direction,
): Orders<PlaceRow> {
  let found = db
    .selectFrom(slice.select(['fiat_minor_units', 'blockchain_status', 'reference']).as('slice'))
    .select(['id', 'created_at', 'fiat_minor_units']) as unknown as Orders<PlaceRow>;
  if (blockchainStatus !== undefined) found = found.where('blockchain_status', '=', blockchainStatus);
  if (reference !== undefined) found = found.where('reference', '=', reference);
  return found.orderBy('created_at', direction).orderBy('id', direction);
}
