/**
 * Looks for orders as an operator does. Every way of looking reads an index, and no more of it than a page needs: a search must not
 * read a million orders.
 *
 * Without a search orders come by their time: those that need attention from an index of their own, all others POS by POS. With a search
 * they come by their UUID, which begins with their time, since the indexes of what is searched end in it.
 */
import { sql, type SelectQueryBuilder } from 'kysely';
import type { OrderId } from '../../../kernel/ids.ts';
import type { OrderMatch, OrderSearch } from '../../ports/order-search.ts';
import type { SqlContext } from '../sql-context.ts';
import type { Tables } from '../tables.ts';

interface Found {
  readonly id: string;
  readonly created_at: number | string;
}
type Orders = SelectQueryBuilder<Tables, 'orders', Found>;

/** @returns the ids of one page, the newest first. */
export async function findOrders({ db }: Pick<SqlContext, 'db'>, search: OrderSearch): Promise<OrderId[]> {
  const cursorId = search.after ?? search.before;
  const cursor =
    cursorId && (await db.selectFrom('orders').select(['id', 'created_at']).where('id', '=', cursorId).executeTakeFirst());
  if (cursorId !== undefined && cursor === undefined) return [];
  const oldestFirst = search.after !== undefined;
  const direction = oldestFirst ? 'asc' : 'desc';
  const beyond = sql.raw(oldestFirst ? '>' : '<');

  const filtered = (of: { readonly anyPos: boolean }): Orders => {
    let orders: Orders = db.selectFrom('orders').select(['orders.id', 'orders.created_at']);
    if (of.anyPos && search.posId !== undefined) orders = orders.where('pos_id', '=', search.posId);
    if (search.blockchainStatus !== undefined) orders = orders.where('blockchain_status', '=', search.blockchainStatus);
    if (search.needsAttention) orders = orders.where('needs_attention', '=', sql.lit(1));
    if (search.since !== undefined) orders = orders.where('created_at', '>=', search.since);
    if (search.until !== undefined) orders = orders.where('created_at', '<', search.until);
    return orders;
  };
  const byTime = (orders: Orders): Promise<Found[]> => {
    const from = cursor && orders.where(sql<boolean>`(created_at, id) ${beyond} (${cursor.created_at}, ${cursor.id})`);
    return (from ?? orders).orderBy('created_at', direction).orderBy('id', direction).limit(search.limit).execute();
  };
  const byId = (orders: Orders): Promise<Found[]> => {
    const from = cursor && orders.where('orders.id', oldestFirst ? '>' : '<', cursor.id);
    return (from ?? orders).orderBy('orders.id', direction).limit(search.limit).execute();
  };
  const posIds = async (): Promise<string[]> =>
    search.posId === undefined ? (await db.selectFrom('pos').select('id').execute()).map(({ id }) => id) : [search.posId];

  const matching = async (match: OrderMatch): Promise<Found[]> => {
    switch (match.by) {
      case 'id':
        return byId(filtered({ anyPos: true }).where('orders.id', '=', match.id));
      case 'id_start': {
        // Both ends in the form of an id, so that they compare alike in every collation.
        const [first, last] = ['0', 'f'].map((digit) => `${match.start}-${[4, 4, 4, 12].map((n) => digit.repeat(n)).join('-')}`);
        return byId(
          filtered({ anyPos: true })
            .where('orders.id', '>=', first as string)
            .where('orders.id', '<=', last as string),
        );
      }
      case 'script':
        return byId(filtered({ anyPos: true }).where('script', '=', match.script));
      case 'reference':
        return byId(filtered({ anyPos: true }).where('reference', '=', match.reference));
      case 'txid': {
        const paid = await db.selectFrom('payments').select('order_id').where('txid', '=', match.txid).execute();
        const ids = [...new Set(paid.map(({ order_id }) => order_id))];
        return ids.length === 0 ? [] : byId(filtered({ anyPos: true }).where('orders.id', 'in', ids));
      }
      case 'received': {
        // Once for each order, however many such payments it had.
        const paid = filtered({ anyPos: true })
          .innerJoin('payments', 'payments.order_id', 'orders.id')
          .where(sql<boolean>`payments.amount_sats = ${match.amount}`)
          .clearSelect()
          .select(['payments.order_id as id', (eb) => eb.fn.min('orders.created_at').as('created_at')])
          .groupBy('payments.order_id');
        const from = cursor && paid.where('payments.order_id', oldestFirst ? '>' : '<', cursor.id);
        return (from ?? paid).orderBy('payments.order_id', direction).limit(search.limit).execute();
      }
      case 'fiat': {
        const pages: Found[] = [];
        for (const posId of await posIds()) {
          const priced = filtered({ anyPos: false })
            .where('pos_id', '=', posId)
            .where(sql<boolean>`length(fiat_minor_units) = ${sql.lit(match.minorUnits.length)}`)
            .where('fiat_minor_units', '=', match.minorUnits)
            .where('currency', 'in', [...match.currencies]);
          // Said once more, for only then SQLite sees that the index of the others will do.
          const others = search.blockchainStatus === undefined || search.blockchainStatus === 'pending';
          pages.push(...(await byId(others ? priced : priced.where('blockchain_status', '<>', sql.lit('pending')))));
        }
        return pages;
      }
    }
  };

  const found: Found[] = [];
  if (search.matches !== undefined) for (const match of search.matches) found.push(...(await matching(match)));
  else if (search.needsAttention) found.push(...(await byTime(filtered({ anyPos: true }))));
  else for (const posId of await posIds()) found.push(...(await byTime(filtered({ anyPos: false }).where('pos_id', '=', posId))));

  const [more, less] = oldestFirst ? [1, -1] : [-1, 1];
  const byName = (a: Found, b: Found): number => (a.id === b.id ? 0 : a.id > b.id ? more : less);
  const inTime = (a: Found, b: Found): number => (Number(a.created_at) - Number(b.created_at)) * more || byName(a, b);
  const sorted = found.sort(search.matches === undefined ? inTime : byName).map(({ id }) => id as OrderId);
  const page = [...new Set(sorted)].slice(0, search.limit);
  return oldestFirst ? page.reverse() : page;
}
