/** That pages of orders are read off an index, as SQLite plans it: a page of a million orders would take seconds otherwise. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CompiledQuery, type DatabaseConnection, type Driver } from 'kysely';
import { storedOrders } from '../../../test/support/samples.ts';
import type { PosId } from '../../kernel/ids.ts';
import type { OrderQuery } from '../ports.ts';
import type { SqlDialect } from './dialects/dialect.ts';
import { sqliteDialect } from './dialects/sqlite.ts';
import { openSqlStore, type SqlStore } from './sql-store.ts';

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
    await tx.orders.update(order!, { blockchainStatus: 'paid', watched: false, deadline: undefined });
  });
  const steps = await planOf({ blockchainStatus: 'paid', sortBy: 'amount' });
  expect(steps).toEqual([expect.stringMatching('^SEARCH orders USING COVERING INDEX orders_in_state_by_amount ')]);
});

test('the largest of those that wait are found by their status, and sorted', async () => {
  const steps = await planOf({ blockchainStatus: 'pending', sortBy: 'amount' });
  expect(steps).toEqual([expect.stringMatching('^SEARCH orders USING INDEX orders_in_state '), 'USE TEMP B-TREE FOR ORDER BY']);
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
