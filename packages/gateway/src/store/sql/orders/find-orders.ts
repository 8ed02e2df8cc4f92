/**
 * Finds orders as an operator searches for them. Every search reads an index, and of that no more than a page: it must not read a million
 * orders.
 *
 * Without something to match, orders are sorted by their time: those that need attention from an index of their own, all others POS by
 * POS. Otherwise they are sorted by their UUID, which begins with their time, because the indexes of the properties end with it.
 */
import { sql, type Kysely, type SelectQueryBuilder } from 'kysely';
import type { OrderId } from '../../../kernel/ids.ts';
import type { OrderMatch, OrderSearch } from '../../ports/order-search.ts';
import type { SqlContext } from '../sql-context.ts';
import type { Tables } from '../tables.ts';

interface Found {
  readonly id: string;
  readonly created_at: number | string;
}
type Orders = SelectQueryBuilder<Tables, 'orders', Found>;

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
  const ids = [...new Set(sorted(page, await candidates(page)).map(({ id }) => id as OrderId))].slice(0, search.limit);
  return page.oldestFirst ? ids.reverse() : ids;
}

/** Reads at least the orders of the page, and at most a page for each match or POS. */
async function candidates(page: Page): Promise<Found[]> {
  const found: Found[] = [];
  if (page.matches !== undefined) for (const match of page.matches) found.push(...(await matching(page, match)));
  else if (page.needsAttention) found.push(...(await byTime(page, filtered(page))));
  else for (const posId of await posIds(page)) found.push(...(await byTime(page, filtered(page, posId))));
  return found;
}

function sorted({ matches, oldestFirst }: Page, found: readonly Found[]): Found[] {
  const [more, less] = oldestFirst ? [1, -1] : [-1, 1];
  const compareIds = (a: Found, b: Found): number => (a.id === b.id ? 0 : a.id > b.id ? more : less);
  const compareTimes = (a: Found, b: Found): number => (Number(a.created_at) - Number(b.created_at)) * more || compareIds(a, b);
  return [...found].sort(matches === undefined ? compareTimes : compareIds);
}

/** Selects the orders that pass the filters of the search, of the POS of the search or of the given one. */
function filtered({ db, ...search }: Page, posId: string | undefined = search.posId): Orders {
  let orders: Orders = db.selectFrom('orders').select(['orders.id', 'orders.created_at']);
  if (posId !== undefined) orders = orders.where('pos_id', '=', posId);
  if (search.blockchainStatus !== undefined) orders = orders.where('blockchain_status', '=', search.blockchainStatus);
  if (search.needsAttention) orders = orders.where('needs_attention', '=', sql.lit(1));
  if (search.since !== undefined) orders = orders.where('created_at', '>=', search.since);
  if (search.until !== undefined) orders = orders.where('created_at', '<', search.until);
  return orders;
}

function byTime({ cursor, oldestFirst, limit }: Page, orders: Orders): Promise<Found[]> {
  const direction = oldestFirst ? 'asc' : 'desc';
  const beyond = sql.raw(oldestFirst ? '>' : '<');
  const from = cursor && orders.where(sql<boolean>`(created_at, id) ${beyond} (${cursor.created_at}, ${cursor.id})`);
  return (from ?? orders).orderBy('created_at', direction).orderBy('id', direction).limit(limit).execute();
}

function byId({ cursor, oldestFirst, limit }: Page, orders: Orders): Promise<Found[]> {
  const from = cursor && orders.where('orders.id', oldestFirst ? '>' : '<', cursor.id);
  return (from ?? orders)
    .orderBy('orders.id', oldestFirst ? 'asc' : 'desc')
    .limit(limit)
    .execute();
}

async function posIds({ db, posId }: Page): Promise<string[]> {
  return posId === undefined ? (await db.selectFrom('pos').select('id').execute()).map(({ id }) => id) : [posId];
}

async function matching(page: Page, match: OrderMatch): Promise<Found[]> {
  const orders = filtered(page);
  switch (match.by) {
    case 'id':
      return byId(page, orders.where('orders.id', '=', match.id));
    case 'id_start': {
      // Both bounds have the form of an id, so that they compare alike in every collation.
      const [first = '', last = ''] = ['0', 'f'].map(
        (digit) => `${match.start}-${[4, 4, 4, 12].map((n) => digit.repeat(n)).join('-')}`,
      );
      return byId(page, orders.where('orders.id', '>=', first).where('orders.id', '<=', last));
    }
    case 'script':
      return byId(page, orders.where('script', '=', match.script));
    case 'reference':
      return byId(page, orders.where('reference', '=', match.reference));
    case 'txid': {
      const paid = await page.db.selectFrom('payments').select('order_id').where('txid', '=', match.txid).execute();
      const ids = [...new Set(paid.map(({ order_id }) => order_id))];
      return ids.length === 0 ? [] : byId(page, orders.where('orders.id', 'in', ids));
    }
    case 'received':
      return withPayment(page, match);
    case 'fiat':
      return pricedAt(page, match);
  }
}

/** Finds orders with a payment of an amount, each once, however many such payments it has. */
function withPayment(page: Page, { amount }: Extract<OrderMatch, { by: 'received' }>): Promise<Found[]> {
  const { cursor, oldestFirst, limit } = page;
  const paid = filtered(page)
    .innerJoin('payments', 'payments.order_id', 'orders.id')
    .where(sql<boolean>`payments.amount_sats = ${amount}`)
    .clearSelect()
    .select(['payments.order_id as id', (eb) => eb.fn.min('orders.created_at').as('created_at')])
    .groupBy('payments.order_id');
  const from = cursor && paid.where('payments.order_id', oldestFirst ? '>' : '<', cursor.id);
  return (from ?? paid)
    .orderBy('payments.order_id', oldestFirst ? 'asc' : 'desc')
    .limit(limit)
    .execute();
}

/** Finds orders of a fiat amount, POS by POS. */
async function pricedAt(page: Page, { minorUnits, currencies }: Extract<OrderMatch, { by: 'fiat' }>): Promise<Found[]> {
  const found: Found[] = [];
  for (const posId of await posIds(page)) {
    const priced = filtered(page, posId)
      .where(sql<boolean>`length(fiat_minor_units) = ${sql.lit(minorUnits.length)}`)
      .where('fiat_minor_units', '=', minorUnits)
      .where('currency', 'in', [...currencies]);
    found.push(...(await byId(page, priced)));
  }
  return found;
}
