/**
 * Finds orders as a merchant searches for them. Every search reads an index, and of that no more than a page, or slices of bounded size
 * until a page is full: no statement may read a million orders.
 *
 * Without something to match, orders are sorted by their time: those that need attention from an index of their own, all others POS by
 * POS. Otherwise they are sorted by their UUID, which begins with their time, because the indexes of the properties end with it.
 *
 * Where no index has a filter, rows are read in slices and filtered here. A caller that must answer soon limits the slices: the search is
 * then cut off, and continues from where it got to.
 */
import { sql, type Kysely, type SelectQueryBuilder } from 'kysely';
import type { OrderId } from '../../../kernel/ids.ts';
import { nextTurn } from '../../../kernel/thread/turns.ts';
import type { OrderMatch, OrderSearch } from '../../ports/order-search.ts';
import type { SqlContext } from '../sql-context.ts';
import type { Tables } from '../tables.ts';

interface Found {
  readonly id: string;
  readonly created_at: number | string;
}
type Orders = SelectQueryBuilder<Tables, 'orders', Found>;
/** The ids of orders that match. */
type Matched = SelectQueryBuilder<Tables, 'orders' | 'payments', { id: string }>;

/** How many orders that match are filtered in one step, at most: a few milliseconds. */
const MAX_SLICE_ROWS = 1_000;
/** A slice grows by this factor while the ones before it did not fill the page. */
const SLICE_GROWTH = 4;

/** A search from its cursor on. */
interface Page extends OrderSearch {
  readonly db: Kysely<Tables>;
  /** The order before or after which the page begins. */
  readonly cursor: Found | undefined;
  readonly oldestFirst: boolean;
  readonly slices: SliceBudget;
}

/** The slices that a search may still filter. Every part of it filters at least one, so that a search that is continued gets on. */
class SliceBudget {
  /** Where parts of the search were cut off: all before these places has been searched. */
  readonly cutOffs: Found[] = [];
  #left: number;

  constructor(max: number) {
    this.#left = max;
  }

  /** Whether one more slice may be filtered after the one that ended with this row. */
  spend(last: Found): boolean {
    this.#left -= 1;
    if (this.#left > 0) return true;
    this.cutOffs.push(last);
    return false;
  }
}

/** Returns the ids of one page, the newest order first. */
export async function findOrders(
  { db }: Pick<SqlContext, 'db'>,
  search: OrderSearch,
): Promise<{ readonly ids: readonly OrderId[]; readonly searchedTo: OrderId | undefined }> {
  const cursorId = search.after ?? search.before;
  const cursor =
    cursorId && (await db.selectFrom('orders').select(['id', 'created_at']).where('id', '=', cursorId).executeTakeFirst());
  if (cursorId !== undefined && cursor === undefined) return { ids: [], searchedTo: undefined };
  const slices = new SliceBudget(search.maxSlices ?? Infinity);
  const page: Page = { ...search, db, cursor: cursor || undefined, oldestFirst: search.after !== undefined, slices };
  const { matches } = page;
  const [found, compare] = matches === undefined ? [await foundByTime(page), byTime] : [await foundByMatch(page, matches), byId];
  const sign = page.oldestFirst ? 1 : -1;
  const sorted = [...new Map(found.map((one) => [one.id, one])).values()].sort((a, b) => sign * compare(a, b));
  // The part that got least far decides: beyond it, the others have only some of the orders.
  const [cutOff] = slices.cutOffs.sort((a, b) => sign * compare(a, b));
  const whole = cutOff === undefined ? sorted : sorted.filter((one) => sign * compare(one, cutOff) <= 0);
  const ids = whole.slice(0, search.limit).map(({ id }) => id as OrderId);
  const searchedTo = whole.length < search.limit ? (cutOff?.id as OrderId | undefined) : undefined;
  return { ids: page.oldestFirst ? ids.reverse() : ids, searchedTo };
}

/** Ids have only ASCII, which sorts here as in the databases. */
const byId = (a: Found, b: Found): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const byTime = (a: Found, b: Found): number => Number(a.created_at) - Number(b.created_at) || byId(a, b);

/** Reads at least the orders of the page, and at most a page for each POS. */
async function foundByTime(page: Page): Promise<Found[]> {
  if (page.needsAttention) return needingAttention(page);
  const found: Found[] = [];
  for (const posId of await posIds(page)) found.push(...(await ofPos(page, posId)));
  return found;
}

/** Reads at least the orders of the page, and at most a page for each match and POS. */
async function foundByMatch(page: Page, matches: readonly OrderMatch[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const match of matches) found.push(...(await matching(page, match)));
  return found;
}

const selectOrders = ({ db }: Page): Orders => db.selectFrom('orders').select(['orders.id', 'orders.created_at']);

async function posIds(page: Page): Promise<readonly string[]> {
  return page.posIds ?? (await page.db.selectFrom('pos').select('id').execute()).map(({ id }) => id);
}

/** Finds the orders of one POS by their time. */
function ofPos(page: Page, posId: string): Promise<Found[]> {
  let orders = selectOrders(page).where('pos_id', '=', posId);
  if (page.blockchainStatus !== undefined) orders = orders.where('blockchain_status', '=', page.blockchainStatus);
  return readByTime(page, orders, page.cursor, page.limit);
}

/** Few orders need attention: those of a POS or status are filtered from all of them. */
async function needingAttention(page: Page): Promise<Found[]> {
  const orders = selectOrders(page).where('needs_attention', '=', sql.lit(1));
  if (page.posIds === undefined && page.blockchainStatus === undefined) return readByTime(page, orders, page.cursor, page.limit);
  return filteredByTime(page, orders);
}

function filteredByTime(page: Page, orders: Orders): Promise<Found[]> {
  return inSlices(page, page.cursor, async (from, rows) => {
    const slice = await readByTime(page, orders, from, rows);
    return { slice, passing: await filtered(page, slice, undefined) };
  });
}

/** Reads orders by their time. Of the cursor and the period, only the tighter bound is named: an index begins at one of them. */
function readByTime(
  { oldestFirst, since, until }: Page,
  from: Orders,
  cursor: Found | undefined,
  limit: number,
): Promise<Found[]> {
  const at = cursor && Number(cursor.created_at);
  const isBeyondCursor = at !== undefined && (oldestFirst ? (since ?? 0) > at : (until ?? Infinity) <= at);
  let orders = from;
  if (since !== undefined && (!oldestFirst || at === undefined || isBeyondCursor))
    orders = orders.where('created_at', '>=', since);
  if (until !== undefined && (oldestFirst || at === undefined || isBeyondCursor)) orders = orders.where('created_at', '<', until);
  const beyond = sql.raw(oldestFirst ? '>' : '<');
  if (cursor !== undefined && !isBeyondCursor)
    orders = orders.where(sql<boolean>`(created_at, id) ${beyond} (${cursor.created_at}, ${cursor.id})`);
  const direction = oldestFirst ? 'asc' : 'desc';
  return orders.orderBy('created_at', direction).orderBy('id', direction).limit(limit).execute();
}

async function matching(page: Page, match: OrderMatch): Promise<Found[]> {
  const { db } = page;
  const orders: Matched = db.selectFrom('orders').select('id');
  switch (match.by) {
    case 'id':
      return readById(page, orders.where('id', '=', match.id), 'id');
    case 'id_start': {
      // Both bounds have the form of an id, so that they compare alike in every collation.
      const [first = '', last = ''] = ['0', 'f'].map(
        (digit) => `${match.start}-${[4, 4, 4, 12].map((n) => digit.repeat(n)).join('-')}`,
      );
      return readById(page, orders.where('id', '>=', first).where('id', '<=', last), 'id');
    }
    case 'script':
      return readById(page, orders.where('script', '=', match.script), 'id');
    case 'reference':
      return referenced(page, match.reference);
    case 'txid':
      return readById(page, ordersPaid(page).where('txid', '=', match.txid), 'order_id');
    case 'received':
      return readById(page, ordersPaid(page).where(sql<boolean>`amount_sats = ${match.amount}`), 'order_id');
    case 'fiat':
      return pricedAt(page, match);
  }
}

/** Selects each order once, however many such payments it has. */
function ordersPaid({ db }: Page): Matched {
  return db.selectFrom('payments').select('order_id as id').groupBy('order_id');
}

/** Finds orders of a reference, POS by POS: the index of each POS is sorted by time, as ids are. */
async function referenced(page: Page, reference: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const posId of await posIds(page)) {
    const orders = selectOrders(page).where('pos_id', '=', posId).where('reference', '=', reference);
    const isFiltered = page.needsAttention || page.blockchainStatus !== undefined;
    found.push(...(await (isFiltered ? filteredByTime(page, orders) : readByTime(page, orders, page.cursor, page.limit))));
  }
  return found;
}

/** Finds orders of a fiat amount, POS by POS. */
async function pricedAt(page: Page, { minorUnits, currencies }: Extract<OrderMatch, { by: 'fiat' }>): Promise<Found[]> {
  const found: Found[] = [];
  for (const posId of await posIds(page)) {
    const priced = page.db
      .selectFrom('orders')
      .select('id')
      .where('pos_id', '=', posId)
      .where(sql<boolean>`length(fiat_minor_units) = ${sql.lit(minorUnits.length)}`)
      .where('fiat_minor_units', '=', minorUnits);
    found.push(...(await readById(page, priced, 'id', currencies)));
  }
  return found;
}

/** Reads orders that match by their id, and filters them. */
async function readById(
  page: Page,
  matched: Matched,
  column: 'id' | 'order_id',
  currencies?: readonly string[],
): Promise<Found[]> {
  const isFiltered = currencies !== undefined || hasFilters(page);
  const read = async (from: Found | undefined, rows: number): Promise<Found[]> => {
    const rest = from === undefined ? matched : matched.where(column, page.oldestFirst ? '>' : '<', from.id);
    const ids = await rest
      .orderBy(column, page.oldestFirst ? 'asc' : 'desc')
      .limit(rows)
      .execute();
    // Nothing compares the times of orders that are sorted by id.
    return ids.map(({ id }) => ({ id, created_at: 0 }));
  };
  if (!isFiltered) return read(page.cursor, page.limit);
  return inSlices(page, page.cursor, async (from, rows) => {
    const slice = await read(from, rows);
    return { slice, passing: await filtered(page, slice, currencies) };
  });
}

/** Filters slices until a page is full or the budget is spent. The first one is a page, because most filters let most orders pass. */
async function inSlices(
  page: Page,
  cursor: Found | undefined,
  read: (
    from: Found | undefined,
    rows: number,
  ) => Promise<{ readonly slice: readonly Found[]; readonly passing: readonly Found[] }>,
): Promise<Found[]> {
  const found: Found[] = [];
  let rows = Math.min(page.limit, MAX_SLICE_ROWS);
  for (let from = cursor; ;) {
    const { slice, passing } = await read(from, rows);
    found.push(...passing);
    const last = slice.at(-1);
    if (found.length >= page.limit || last === undefined || slice.length < rows) return found.slice(0, page.limit);
    if (!page.slices.spend(last)) return found;
    from = last;
    rows = Math.min(rows * SLICE_GROWTH, MAX_SLICE_ROWS);
    await nextTurn();
  }
}

const hasFilters = ({ posIds: pos, blockchainStatus, needsAttention, since, until }: Page): boolean =>
  needsAttention || [pos, blockchainStatus, since, until].some((filter) => filter !== undefined);

/**
 * Reads which of some orders pass the filters of the search. They are read by their ids alone: a database would prefer the indexes of the
 * filters, which far more orders pass.
 */
async function filtered(page: Page, slice: readonly Found[], currencies: readonly string[] | undefined): Promise<Found[]> {
  if (slice.length === 0) return [];
  const { posIds: pos, blockchainStatus, needsAttention, since = 0, until = Infinity, db } = page;
  const rows = await db
    .selectFrom('orders')
    .select(['id', 'created_at', 'pos_id', 'blockchain_status', 'needs_attention', 'currency'])
    .where(
      'id',
      'in',
      slice.map(({ id }) => id),
    )
    .execute();
  const passing = rows.filter(
    (row) =>
      (pos === undefined || pos.some((id) => id === row.pos_id)) &&
      (blockchainStatus === undefined || row.blockchain_status === blockchainStatus) &&
      (!needsAttention || Number(row.needs_attention) === 1) &&
      (currencies === undefined || currencies.includes(row.currency)) &&
      Number(row.created_at) >= since &&
      Number(row.created_at) < until,
  );
  const ids = new Set(passing.map(({ id }) => id));
  return slice.filter(({ id }) => ids.has(id));
}
