/**
 * Reads a page of the list of orders of a POS. Every statement reads an index, and of that only a bounded part: neither a list of a
 * million orders nor a page in its middle may hold up other requests.
 *
 * - The total comes from `order_counts`. The orders of a reference are counted in their index, from the last mark on.
 * - A page near an end of its list is counted from there. One deep inside is counted from a mark nearby ({@link ListMarks}).
 * - If no index carries all filters of the list, a short list is sorted as a whole. A long one is walked along, and the filters are
 *   applied on the way.
 */
import { sql, type SelectQueryBuilder } from 'kysely';
import type { OrderId } from '../../../kernel/ids.ts';
import type { OrderQuery } from '../../ports/order-store.ts';
import type { SqlContext } from '../sql-context.ts';
import type { Tables } from '../tables.ts';
import {
  comparePlaces,
  listOf,
  placeOf,
  type Direction,
  type OrderList,
  type Orders,
  type Place,
  type PlaceRow,
} from './order-list.ts';
import { walking, type SpendRows, type StepSizes, type Walking } from './pass-orders.ts';
import { countAfter, filteredOrders, readSpan } from './walk-orders.ts';

/** Up to so many steps away, a page is counted from an end of its list. */
const STEPS_FROM_END = 2;

type Context = Pick<SqlContext, 'db' | 'walks' | 'marks'>;

/** The ids on a page, in the order of the list. */
export interface ListedIds {
  /** Number of orders on all pages. */
  readonly total: number;
  readonly ids: readonly OrderId[];
}

/** @param spend Called with the number of rows that are passed to reach the page. */
export async function listIds(context: Context, query: OrderQuery, spend?: SpendRows, sizes?: StepSizes): Promise<ListedIds> {
  const list = listOf(query);
  const walk = walking(context, query.posId, spend, sizes);
  try {
    return await readPage(context, walk, list, query);
  } finally {
    walk.end();
  }
}

async function readPage(context: Context, walk: Walking, list: OrderList, query: OrderQuery): Promise<ListedIds> {
  const { total, among } = await sizeOf(context, walk, list);
  const start = query.page * query.pageSize;
  const rows = Math.min(query.pageSize, total - start);
  if (rows <= 0) return { total, ids: [] };
  // Counted from the smallest or oldest order on.
  const rank = query.sortOrder === 'asc' ? start : total - start - rows;
  const ids = await idsAt(context, walk, list, { rank, rows, total, among });
  return { total, ids: query.sortOrder === 'asc' ? ids : ids.reverse() };
}

interface Page extends Size {
  readonly rank: number;
  readonly rows: number;
}

/** Returns the ids of a page, the smallest or oldest first. */
async function idsAt(context: Context, walk: Walking, list: OrderList, page: Page): Promise<OrderId[]> {
  if (list.isFiltered)
    return page.among <= walk.sizes.sorted ? sortedIds(context, list, page) : walkedIds(context, walk, list, page);
  const { rank, rows, total } = page;
  const behind = total - rank - rows;
  if (Math.min(rank, behind) > STEPS_FROM_END * walk.sizes.indexRows) return idsNearMark(context, walk, list, page);
  const fromStart = rank <= behind;
  const offset = fromStart ? rank : behind;
  const found = await readSpan(walk, list, { from: undefined, direction: fromStart ? 'asc' : 'desc', offset, limit: rows });
  return idsOf(fromStart ? found : found.reverse());
}

interface Size {
  /** Number of orders in the list. */
  readonly total: number;
  /** Number of orders among which they are found by one filter alone. */
  readonly among: number;
}

async function sizeOf(context: Context, walk: Walking, list: OrderList): Promise<Size> {
  if (list.reference !== undefined) return sizeOfReference(context, walk, list);
  const total = await storedCount(context, list);
  return { total, among: total };
}

async function storedCount(
  { db }: Context,
  { posId, blockchainStatus }: Pick<OrderList, 'posId' | 'blockchainStatus'>,
): Promise<number> {
  let counts = db
    .selectFrom('order_counts')
    // PostgreSQL returns a string, and both databases return null if there are no rows.
    .select((eb) => eb.fn.sum<number | string | null>('orders').as('total'))
    .where('pos_id', '=', posId);
  if (blockchainStatus !== undefined) counts = counts.where('blockchain_status', '=', blockchainStatus);
  return Number((await counts.executeTakeFirstOrThrow()).total ?? 0);
}

async function sizeOfReference(context: Context, walk: Walking, list: OrderList): Promise<Size> {
  const { posId, blockchainStatus, reference } = list;
  const all = listOf({ posId, reference, blockchainStatus: undefined, sortBy: 'created_at' });
  const last = await markUpTo(context, walk, all, Infinity);
  const among = last.rank + (await countAfter(walk, all, last.place));
  if (blockchainStatus === undefined) return { total: among, among };
  if (among <= walk.sizes.sorted) return { total: await countTogether(unsorted(context, list)), among };
  let total = 0;
  for await (const orders of filteredOrders(walk, listOf({ ...list, sortBy: 'created_at' }), 'asc')) total += orders.length;
  return { total, among };
}

async function countTogether(orders: Orders<unknown>): Promise<number> {
  const row = await orders
    .clearSelect()
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

async function idsNearMark(context: Context, walk: Walking, list: OrderList, { rank, rows }: Page): Promise<OrderId[]> {
  await walk.begin();
  const marks = context.marks.of(list);
  const marking = marks.beginWalk();
  try {
    const after = marks.after(rank + rows);
    const before = await markUpTo(
      context,
      walk,
      list,
      after === undefined || after.rank - rank > walk.sizes.indexRows ? rank : 0,
    );
    const isFromAfter = after !== undefined && after.rank - rank < rank - before.rank;
    const found = isFromAfter
      ? (
          await readSpan(walk, list, {
            from: after.place,
            direction: 'desc',
            offset: after.rank - rank - rows,
            limit: rows,
          })
        ).reverse()
      : await readSpan(walk, list, { from: before.place, direction: 'asc', offset: rank - before.rank, limit: rows });
    // A client that reads page after page begins at one of these.
    const [first, last] = [found[0], found.at(-1)];
    if (first !== undefined) marking.mark({ rank: rank + 1, place: placeOf(list, first) });
    if (last !== undefined) marking.mark({ rank: rank + found.length, place: placeOf(list, last) });
    return idsOf(found);
  } finally {
    marking.end();
  }
}

/** A mark, or the beginning of the list. */
interface Reached {
  readonly rank: number;
  readonly place: Place | undefined;
}

/** Returns the last mark up to a rank, and marks the list up to there if it lacks marks. */
async function markUpTo(context: Context, walk: Walking, list: OrderList, rank: number): Promise<Reached> {
  const marks = context.marks.of(list);
  const marking = marks.beginWalk();
  try {
    let at: Reached = marks.before(rank) ?? { rank: 0, place: undefined };
    while (rank - at.rank > walk.sizes.indexRows && (await countAfter(walk, list, at.place)) === walk.sizes.indexRows) {
      const step = { from: at.place, direction: 'asc', offset: walk.sizes.indexRows - 1, limit: 1 } as const;
      const [row] = await readSpan(walk, list, step);
      if (row === undefined) break;
      const mark = { rank: at.rank + walk.sizes.indexRows, place: placeOf(list, row) };
      marking.mark(mark);
      at = mark;
    }
    return at;
  } finally {
    marking.end();
  }
}

/** Sorts a short list whose orders no index has together. */
async function sortedIds(context: Context, list: OrderList, { rank, rows }: Page): Promise<OrderId[]> {
  const orders = unsorted(context, list).select('id');
  // An expression hides the index by amount, along which SQLite would rather scan all orders.
  const sorted =
    list.sortBy === 'amount'
      ? orders.orderBy(sql`+length(fiat_minor_units)`).orderBy('fiat_minor_units')
      : orders.orderBy('created_at');
  return idsOf(await sorted.orderBy('id').offset(rank).limit(rows).execute());
}

/** Selects the orders of a list by its reference or its status. */
function unsorted(
  { db }: Context,
  { posId, blockchainStatus, reference }: OrderList,
): SelectQueryBuilder<Tables, 'orders', object> {
  const orders = db.selectFrom('orders').where('pos_id', '=', posId);
  if (reference === undefined) return orders.where('blockchain_status', '=', blockchainStatus ?? '');
  const ofReference = orders.where('reference', '=', reference);
  // Few orders share a reference, but many a status. SQLite does not know that, so an expression hides the status from its indexes.
  return blockchainStatus === undefined
    ? ofReference
    : ofReference.where(sql<boolean>`blockchain_status || '' = ${blockchainStatus}`);
}

/** Walks along a long list from the nearer end, applying its filters. */
async function walkedIds(context: Context, walk: Walking, list: OrderList, page: Page): Promise<OrderId[]> {
  const { rank, rows, total } = page;
  const behind = total - rank - rows;
  const fromStart = rank <= behind;
  const passed = fromStart ? rank : behind;
  const byTime = list.sortBy === 'amount' && !(await isNearByAmount(context, list, page, passed + rows));
  const found = byTime
    ? (await firstOfAll(walk, list, fromStart ? 1 : -1, passed + rows)).slice(passed)
    : await firstFound(walk, list, fromStart ? 'asc' : 'desc', [passed, rows]);
  return idsOf(fromStart ? found : found.reverse());
}

/** How much longer it takes to read an order in the order of the amounts than in that of their times. */
const COST_BY_AMOUNT = 4;
/** So many orders are kept as fast as one step of a walk by time is read. */
const KEPT_PER_STEP = 100_000;

/** Whether the first orders of a list are found sooner along the amounts of all orders than among those of its status or reference. */
async function isNearByAmount(context: Context, { posId }: OrderList, { total, among }: Page, count: number): Promise<boolean> {
  const all = await storedCount(context, { posId, blockchainStatus: undefined });
  return (COST_BY_AMOUNT * count * all) / total < among * (1 + count / KEPT_PER_STEP);
}

/** Passes orders in the order of the list. */
async function firstFound(
  walk: Walking,
  list: OrderList,
  direction: Direction,
  [offset, rows]: readonly [number, number],
): Promise<PlaceRow[]> {
  let left = offset;
  const found: PlaceRow[] = [];
  for await (const orders of filteredOrders(walk, list, direction)) {
    found.push(...orders.slice(left, left + rows - found.length));
    left = Math.max(0, left - orders.length);
    if (found.length === rows) break;
  }
  return found;
}

/** Reads a whole list by time, and keeps its smallest or largest orders. */
async function firstOfAll(walk: Walking, list: OrderList, sign: 1 | -1, count: number): Promise<PlaceRow[]> {
  const compare = (a: PlaceRow, b: PlaceRow): number => sign * comparePlaces(placeOf(list, a), placeOf(list, b));
  let first: PlaceRow[] = [];
  for await (const orders of filteredOrders(walk, listOf({ ...list, sortBy: 'created_at' }), 'asc'))
    first = merge(first, [...orders].sort(compare), compare, count);
  return first;
}

/** Merges two sorted lists, up to a length. */
function merge<T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number, length: number): T[] {
  const merged: T[] = [];
  for (let [i, j] = [0, 0]; merged.length < length;) {
    const [one, two] = [a[i], b[j]];
    if (one !== undefined && (two === undefined || compare(one, two) <= 0)) {
      merged.push(one);
      i += 1;
    } else if (two !== undefined) {
      merged.push(two);
      j += 1;
    } else break;
  }
  return merged;
}

const idsOf = (rows: readonly Pick<PlaceRow, 'id'>[]): OrderId[] => rows.map(({ id }) => id as OrderId);
