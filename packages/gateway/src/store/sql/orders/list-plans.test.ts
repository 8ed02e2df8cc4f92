/** That pages of orders are read off an index, as SQLite plans it: a page of a million orders would take seconds otherwise. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CompiledQuery, type DatabaseConnection, type Driver } from 'kysely';
import { judged, NOON, storedOrders } from '../../../../test/support/samples.ts';
import type { PosId } from '../../../kernel/ids.ts';
import { sats } from '../../../kernel/sats.ts';
import type { ScriptHex } from '../../../kernel/chain.ts';
import type { OrderMatch, OrderSearch } from '../../ports/order-search.ts';
import type { OrderQuery } from '../../ports/order-store.ts';
import type { SqlDialect } from '../dialects/dialect.ts';
import { sqliteDialect } from '../dialects/sqlite.ts';
import { openSqlStore, type SqlStore } from '../sql-store.ts';

let asked: CompiledQuery[];
let plan: (query: CompiledQuery) => Promise<string[]>;
let store: SqlStore;
let posId: PosId;
beforeEach(async () => {
  asked = [];
  store = await openSqlStore(listening(sqliteDialect(':memory:')));
  [
    {
      terms: { posId },
    },
  ] = await storedOrders(store);
});
afterEach(() => store.close());

/** The plan of the one query that looks for the orders of a page. */
async function planOf(query: Partial<OrderQuery>): Promise<string[]> {
  asked = [];
  const whole = { posId, blockchainStatus: undefined, sortBy: 'created_at', sortOrder: 'desc', page: 0, pageSize: 20 } as const;
  // There is one order, which stands in no other state than this.
  await store.orders.list({ ...whole, ...query });
  const [search] = asked.filter(({ sql }) => sql.startsWith('select "id" from "orders" where "pos_id"'));
  expect(search).toBeDefined();
  return plan(search!);
}

test.each([
  ['the newest', {}, 'orders_of_pos'],
  ['those of one status', { blockchainStatus: 'pending' }, 'orders_in_state'],
  ['the largest', { sortBy: 'amount' }, 'orders_by_amount'],
] as const)('%s are read off an index', async (_, query, index) => {
  const steps = await planOf(query);
  expect(steps).toEqual([expect.stringMatching(`^SEARCH orders USING COVERING INDEX ${index} `)]);
});

test('the largest of one status are read off an index', async () => {
  await store.transaction(async (tx) => {
    const [order] = (
      await tx.orders.list({ posId, blockchainStatus: undefined, sortBy: 'amount', sortOrder: 'asc', page: 0, pageSize: 1 })
    ).orders;
    await tx.orders.update(order!, judged({ blockchainStatus: 'paid' }));
  });
  const steps = await planOf({ blockchainStatus: 'paid', sortBy: 'amount' });
  expect(steps).toEqual([expect.stringMatching('^SEARCH orders USING COVERING INDEX orders_in_state_by_amount ')]);
});

test('the largest of those that wait are found by their status, and sorted', async () => {
  const steps = await planOf({ blockchainStatus: 'pending', sortBy: 'amount' });
  expect(steps).toEqual([expect.stringMatching('^SEARCH orders USING INDEX orders_in_state '), 'USE TEMP B-TREE FOR ORDER BY']);
});

const EVERY: OrderSearch = {
  posId: undefined,
  blockchainStatus: undefined,
  needsAttention: false,
  matches: undefined,
  since: undefined,
  until: undefined,
  before: undefined,
  after: undefined,
  limit: 20,
};
const fiat: OrderMatch = { by: 'fiat', minorUnits: '6000', currencies: ['EUR'] };

test.each<[string, Partial<OrderSearch>, string]>([
  ['the newest', {}, 'orders_of_pos'],
  ['those since a time', { since: NOON }, 'orders_of_pos'],
  ['those of one status', { blockchainStatus: 'paid' }, 'orders_in_state'],
  ['those that need attention', { needsAttention: true }, 'orders_attention'],
  ['those of a reference', { matches: [{ by: 'reference', reference: 'cart 42' }] }, 'orders_reference'],
  ['those of an id that begins so', { matches: [{ by: 'id_start', start: '0123abcd' }] }, 'sqlite_autoindex_orders_1'],
  ['those of a script', { matches: [{ by: 'script', script: '00' as ScriptHex }] }, 'sqlite_autoindex_orders_2'],
  ['those of an amount', { matches: [fiat] }, 'orders_by_amount'],
  ['those of an amount and status', { matches: [fiat], blockchainStatus: 'paid' }, 'orders_in_state_by_amount'],
  ['those that had a payment', { matches: [{ by: 'received', amount: sats(5n) }] }, 'payments_amount'],
])('%s are found by an index, and never all looked through', async (_, search, index) => {
  const [other] = await storedOrders(store);
  for (const cursor of [{}, { before: other.terms.id }, { after: other.terms.id }]) {
    asked = [];
    await store.orders.find({ ...EVERY, ...search, ...cursor });
    const pages = asked.filter(({ sql }) => sql.includes(' limit '));
    expect(pages.length).toBeGreaterThan(0);
    for (const page of pages) {
      const steps = await plan(page);
      expect(steps.join('\n'), page.sql).toMatch(new RegExp(` ${index}\\b`));
      expect(steps.join('\n'), page.sql).not.toMatch(index === 'orders_attention' ? /B-TREE/ : /SCAN|ORDER BY/);
    }
  }
});

test.each<[string, (store: SqlStore) => Promise<unknown>, string]>([
  ['a tip may change', ({ orders }) => orders.idsToJudge(900, 100), 'orders_to_judge'],
  ['are due', ({ orders }) => orders.dueIds(NOON, 100), 'orders_deadline'],
])('the orders that %s are found by an index that has their order', async (_, read, index) => {
  asked = [];
  await read(store);
  const steps = await plan(asked.at(-1)!);
  expect(steps).toEqual([expect.stringMatching(new RegExp(`^SEARCH orders USING .*INDEX ${index} `))]);
});

/** Notes what is asked, and lets the test ask for the plan of it. */
function listening(dialect: SqlDialect): SqlDialect {
  const { kysely } = dialect;
  const createDriver = (): Driver => {
    const driver = kysely.createDriver();
    const acquire = driver.acquireConnection.bind(driver);
    driver.acquireConnection = async (): Promise<DatabaseConnection> => {
      const connection = await acquire();
      const execute = connection.executeQuery.bind(connection);
      connection.executeQuery = async (query) => {
        asked.push(query);
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
