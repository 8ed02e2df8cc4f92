/**
 * Finds orders as an operator searches for them. Every search reads an index, and of that no more than a page, or slices of bounded size
 * until a page is full: no statement may read a million orders.
 *
 * Without something to match, orders are sorted by their time: those that need attention from an index of their own, all others POS by
 * POS. Otherwise they are sorted by their UUID, which begins with their time, because the indexes of the properties end with it.
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

/** How many orders that match are filtered in one step: a few milliseconds. */
const ROWS_PER_SLICE = 1_000;

/** A search from its cursor on. */
interface Page extends OrderSearch {
  readonly db: Kysely<Tables>;
  /** The order before or after which the page begins. */
  readonly cursor: Found | undefined;
  readonly oldestFirst: boolean;
}

/** Returns the ids of one page, the newest order first. */
export async function findOrders({ db }: Pick<SqlContext, 'db'>, search: OrderSearch): Promise<OrderId[]> {
  const cursorId = search.after ?? search.before;
  const cursor =
    cursorId && (await db.selectFrom('orders').select(['id', 'created_at']).where('id', '=', cursorId).executeTakeFirst());
  if (cursorId !== undefined && cursor === undefined) return [];
  const page: Page = { ...search, db, cursor: cursor || undefined, oldestFirst: search.after !== undefined };
  const found = page.matches === undefined ? await foundByTime(page) : await foundByMatch(page, page.matches);
  const ids = [...new Set(found)].slice(0, search.limit) as OrderId[];
  return page.oldestFirst ? ids.reverse() : ids;
}

/** Reads the ids of at least the orders of the page, and of at most a page for each POS. */
async function foundByTime(page: Page): Promise<string[]> {
  const found: Found[] = [];
  if (page.needsAttention) found.push(...(await needingAttention(page)));
  else for (const posId of await posIds(page)) found.push(...(await ofPos(page, posId)));
  const sign = page.oldestFirst ? 1 : -1;
  const compare = (a: Found, b: Found): number => Number(a.created_at) - Number(b.created_at) || (a.id < b.id ? -1 : 1);
  return found.sort((a, b) => sign * compare(a, b)).map(({ id }) => id);
}

/** Reads the ids of at least the orders of the page, and of at most a page for each match and POS. */
async function foundByMatch(page: Page, matches: readonly OrderMatch[]): Promise<string[]> {
  const found: string[] = [];
  for (const match of matches) found.push(...(await matching(page, match)));
  return sortedIds(page, found);
}

/** Ids have only ASCII, which sorts here as in the databases. */
function sortedIds({ oldestFirst }: Page, ids: readonly string[]): string[] {
  const sorted = [...ids].sort();
  return oldestFirst ? sorted : sorted.reverse();
}

const selectOrders = ({ db }: Page): Orders => db.selectFrom('orders').select(['orders.id', 'orders.created_at']);

async function posIds({ db, posId }: Page): Promise<string[]> {
  return posId === undefined ? (await db.selectFrom('pos').select('id').execute()).map(({ id }) => id) : [posId];
}

/** Finds the orders of one POS by their time. */
function ofPos(page: Page, posId: string): Promise<Found[]> {
  let orders = selectOrders(page).where('pos_id', '=', posId);
  if (page.blockchainStatus !== undefined) orders = orders.where('blockchain_status', '=', page.blockchainStatus);
  return byTime(page, orders);
}

function needingAttention(page: Page): Promise<Found[]> {
  let orders = selectOrders(page).where('needs_attention', '=', sql.lit(1));
  // Few orders need attention. SQLite does not know that, so expressions hide the other properties from their indexes.
  if (page.posId !== undefined) orders = orders.where(sql<boolean>`pos_id || '' = ${page.posId}`);
  if (page.blockchainStatus !== undefined)
    orders = orders.where(sql<boolean>`blockchain_status || '' = ${page.blockchainStatus}`);
  return byTime(page, orders);
}

/** Reads orders by their time. Of the cursor and the period, only the tighter bound is named: an index begins at one of them. */
function byTime({ cursor, oldestFirst, limit, since, until }: Page, from: Orders): Promise<Found[]> {
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

async function matching(page: Page, match: OrderMatch): Promise<string[]> {
  const { db } = page;
  const orders: Matched = db.selectFrom('orders').select('id');
  switch (match.by) {
    case 'id':
      return byId(page, orders.where('id', '=', match.id), 'id');
    case 'id_start': {
      // Both bounds have the form of an id, so that they compare alike in every collation.
      const [first = '', last = ''] = ['0', 'f'].map(
        (digit) => `${match.start}-${[4, 4, 4, 12].map((n) => digit.repeat(n)).join('-')}`,
      );
      return byId(page, orders.where('id', '>=', first).where('id', '<=', last), 'id');
    }
    case 'script':
      return byId(page, orders.where('script', '=', match.script), 'id');
    case 'reference':
      return referenced(page, match.reference);
    case 'txid':
      return byId(page, ordersPaid(page).where('txid', '=', match.txid), 'order_id');
    case 'received':
      return byId(page, ordersPaid(page).where(sql<boolean>`amount_sats = ${match.amount}`), 'order_id');
    case 'fiat':
      return pricedAt(page, match);
  }
}

/** Selects each order once, however many such payments it has. */
function ordersPaid({ db }: Page): Matched {
  return db.selectFrom('payments').select('order_id as id').groupBy('order_id');
}

/** Finds orders of a reference, POS by POS: the index of each POS is sorted by time, as ids are. */
async function referenced(page: Page, reference: string): Promise<string[]> {
  const found: string[] = [];
  for (const posId of await posIds(page))
    found.push(...(await inSlices(page, selectOrders(page).where('pos_id', '=', posId).where('reference', '=', reference))));
  return found;
}

/** Reads orders by their time, in slices, and filters them by what their index does not have. */
async function inSlices(page: Page, orders: Orders): Promise<string[]> {
  const isFiltered = page.needsAttention || page.blockchainStatus !== undefined;
  const rows = isFiltered ? ROWS_PER_SLICE : page.limit;
  const found: string[] = [];
  for (let { cursor } = page; ;) {
    const slice = await byTime({ ...page, cursor, limit: rows }, orders);
    const ids = slice.map(({ id }) => id);
    found.push(...(isFiltered ? await filtered(page, ids, undefined) : ids));
    cursor = slice.at(-1);
    if (found.length >= page.limit || slice.length < rows) return found.slice(0, page.limit);
    await nextTurn();
  }
}

/** Finds orders of a fiat amount, POS by POS. */
async function pricedAt(page: Page, { minorUnits, currencies }: Extract<OrderMatch, { by: 'fiat' }>): Promise<string[]> {
  const found: string[] = [];
  for (const posId of await posIds(page)) {
    const priced = page.db
      .selectFrom('orders')
      .select('id')
      .where('pos_id', '=', posId)
      .where(sql<boolean>`length(fiat_minor_units) = ${sql.lit(minorUnits.length)}`)
      .where('fiat_minor_units', '=', minorUnits);
    found.push(...(await byId(page, priced, 'id', currencies)));
  }
  return found;
}

/** Reads orders that match by their id, in slices, and filters them. */
async function byId(page: Page, matched: Matched, column: 'id' | 'order_id', currencies?: readonly string[]): Promise<string[]> {
  const { cursor, oldestFirst, limit } = page;
  const isFiltered = currencies !== undefined || hasFilters(page);
  const rows = isFiltered ? ROWS_PER_SLICE : limit;
  const found: string[] = [];
  for (let from: string | undefined = cursor?.id; ;) {
    const rest = from === undefined ? matched : matched.where(column, oldestFirst ? '>' : '<', from);
    const slice = await rest
      .orderBy(column, oldestFirst ? 'asc' : 'desc')
      .limit(rows)
      .execute();
    const ids = slice.map(({ id }) => id);
    found.push(...(isFiltered ? await filtered(page, ids, currencies) : ids));
    from = ids.at(-1);
    if (found.length >= limit || ids.length < rows) return found.slice(0, limit);
    await nextTurn();
  }
}

const hasFilters = ({ posId, blockchainStatus, needsAttention, since, until }: Page): boolean =>
  needsAttention || [posId, blockchainStatus, since, until].some((filter) => filter !== undefined);

/**
 * Reads which of some orders pass the filters of the search. They are read by their ids alone: a database would prefer the indexes of the
 * filters, which far more orders pass.
 */
async function filtered(page: Page, ids: readonly string[], currencies: readonly string[] | undefined): Promise<string[]> {
  if (ids.length === 0) return [];
  const { posId, blockchainStatus, needsAttention, since = 0, until = Infinity, db } = page;
  const rows = await db
    .selectFrom('orders')
    .select(['id', 'created_at', 'pos_id', 'blockchain_status', 'needs_attention', 'currency'])
    .where('id', 'in', ids)
    .execute();
  const passing = rows.filter(
    (row) =>
      (posId === undefined || row.pos_id === posId) &&
      (blockchainStatus === undefined || row.blockchain_status === blockchainStatus) &&
      (!needsAttention || Number(row.needs_attention) === 1) &&
      (currencies === undefined || currencies.includes(row.currency)) &&
      Number(row.created_at) >= since &&
      Number(row.created_at) < until,
  );
  return sortedIds(
    page,
    passing.map(({ id }) => id),
  );
}
