/** Checks with SQLite's query plans that pages of orders are read from an index. Without one, a page of a million orders takes seconds. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CompiledQuery, type DatabaseConnection, type Driver } from 'kysely';
import { NOON, storedOrders } from '../../../../test/support/samples.ts';
import type { PosId } from '../../../kernel/ids.ts';
import { sats } from '../../../kernel/sats.ts';
import type { ScriptHex } from '../../../kernel/chain.ts';
import { EVERY_ORDER, type OrderMatch, type OrderSearch } from '../../ports/order-search.ts';
import type { OrderQuery } from '../../ports/order-store.ts';
import type { SqlDialect } from '../dialects/dialect.ts';
import { sqliteDialect } from '../dialects/sqlite/sqlite.ts';
import { openSqlStore, type SqlStore } from '../sql-store.ts';

let queries: CompiledQuery[];
let plan: (query: CompiledQuery) => Promise<string[]>;
let store: SqlStore;
let posId: PosId;
beforeEach(async () => {
  queries = [];
  store = await openSqlStore(recording(sqliteDialect(':memory:')));
  [
    {
      terms: { posId },
    },
  ] = await storedOrders(store);
});
afterEach(() => store.close());

/** Returns the plan of the query that selects the orders of a page. */
async function planOf(query: Partial<OrderQuery>): Promise<string[]> {
  queries = [];
  const defaults = {
    posId,
    blockchainStatus: undefined,
    sortBy: 'created_at',
    sortOrder: 'desc',
    page: 0,
    pageSize: 20,
  } as const;
  await store.orders.list({ ...defaults, ...query });
  const [search] = queries.filter(({ sql }) => /^select "id"(?:, "\w+")? from "orders" where "pos_id"/.test(sql));
  expect(search).toBeDefined();
  return plan(search!);
}

test.each([
  ['the newest orders', {}, 'orders_of_pos'],
  ['the orders of one status', { blockchainStatus: 'pending' }, 'orders_in_state'],
  ['the largest orders', { sortBy: 'amount' }, 'orders_by_amount'],
] as const)('%s are listed from an index', async (_, query, index) => {
  const steps = await planOf(query);
  expect(steps).toEqual([expect.stringMatching(`^SEARCH orders USING COVERING INDEX ${index} `)]);
});

test('the largest orders of a status that few have are found by it and sorted', async () => {
  const steps = await planOf({ blockchainStatus: 'pending', sortBy: 'amount' });
  expect(steps).toEqual([expect.stringMatching('^SEARCH orders USING INDEX orders_in_state '), 'USE TEMP B-TREE FOR ORDER BY']);
});

const fiat: OrderMatch = { by: 'fiat', minorUnits: '6000', currencies: ['EUR'] };

test.each<[string, Partial<OrderSearch>, string]>([
  ['the newest orders', {}, 'orders_of_pos'],
  ['orders since a time', { since: NOON }, 'orders_of_pos'],
  ['orders with one status', { blockchainStatus: 'paid' }, 'orders_in_state'],
  ['orders that need attention', { needsAttention: true }, 'orders_attention'],
  ['orders with a reference', { matches: [{ by: 'reference', reference: 'cart 42' }] }, 'orders_of_reference'],
  ['orders by the beginning of their id', { matches: [{ by: 'id_start', start: '0123abcd' }] }, 'sqlite_autoindex_orders_1'],
  ['orders by their script', { matches: [{ by: 'script', script: '00' as ScriptHex }] }, 'sqlite_autoindex_orders_2'],
  ['orders of a fiat amount', { matches: [fiat] }, 'orders_by_amount'],
  ['orders of a fiat amount and status', { matches: [fiat], blockchainStatus: 'paid' }, 'orders_by_amount'],
  ['orders with a payment of an amount', { matches: [{ by: 'received', amount: sats(5n) }] }, 'payments_amount'],
])('%s are found by an index, never by a scan', async (_, search, index) => {
  const [other] = await storedOrders(store);
  for (const cursor of [{}, { before: other.terms.id }, { after: other.terms.id }]) {
    queries = [];
    await store.orders.find({ ...EVERY_ORDER, limit: 20, ...search, ...cursor });
    const pages = queries.filter(({ sql }) => sql.includes(' limit '));
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) {
      const steps = await plan(page);
      expect(steps.join('\n'), page.sql).toMatch(new RegExp(` ${index}\\b`));
      expect(steps.join('\n'), page.sql).not.toMatch(index === 'orders_attention' ? /B-TREE/ : /SCAN (?!slice)/);
    }
  }
});

test.each<[string, (store: SqlStore) => Promise<unknown>, string]>([
  ['a tip may change', ({ orders }) => orders.idsToJudge(900, 100), 'orders_to_judge'],
  ['are due', ({ orders }) => orders.dueIds(NOON, 100), 'orders_deadline'],
])('the orders that %s are found by an index, in its order', async (_, read, index) => {
  queries = [];
  await read(store);
  const steps = await plan(queries.at(-1)!);
  expect(steps).toEqual([expect.stringMatching(new RegExp(`^SEARCH orders USING .*INDEX ${index} `))]);
});

/** Records the queries, and lets the test read their plans. */
function recording(dialect: SqlDialect): SqlDialect {
  const { kysely } = dialect;
  const createDriver = (): Driver => {
    const driver = kysely.createDriver();
    const acquire = driver.acquireConnection.bind(driver);
    driver.acquireConnection = async (): Promise<DatabaseConnection> => {
      const connection = await acquire();
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = async (query) => {
        queries.push(query);
        return execute(query);
      };
      plan = async ({ sql, parameters }) => {
        const { rows } = await execute<{ detail: string }>(CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]));
        return rows.map(({ detail }) => detail);
      };
      return connection;
    };
    return driver;
  };
  return { ...dialect, kysely: { ...kysely, createDriver } };
}
