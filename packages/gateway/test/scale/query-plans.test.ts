/**
 * Inspects every statement of the store on a large database: of every method of every port, with every filter, with and without a match.
 * None may visit more rows than one step may take, however many there are.
 *
 * The database has 200,000 orders; with `TEST_ORDERS=1000000` it has as many as that.
 */
import { sql, type CompiledQuery, type Kysely } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoreReads } from '../../src/store/ports/store.ts';
import { openSqlStore, type SqlStore } from '../../src/store/sql/sql-store.ts';
import type { Tables } from '../../src/store/sql/tables.ts';
import { IN_MEMORY, ON_POSTGRES, forEachDatabase, type TestPlace } from '../support/every-database.ts';
import { searchEveryWay } from './audit-searches.ts';
import { FIND_FAULTS, isControl, type FindFaults } from './inspect-plans.ts';
import { fillTables, LARGE_POS, orderIdOf, sizesOf } from './large-database.ts';
import { inspected, type Run } from './recorded-queries.ts';
import { STORE_USES, type Known } from './store-uses.ts';

const ORDERS = Number(process.env['TEST_ORDERS'] ?? 200_000);
const SIZES = sizesOf(ORDERS);

/** Statements that visit few rows although their plan does not show it, and those that visit as many as there must be, each with the reason. */
const EXCEPTIONS: readonly (readonly [statement: RegExp, fault: RegExp, why: string])[] = [
  [/from "payments" where "order_id" (?:= \?|in)/, /TEMP B-TREE/, 'an order has few payments'],
  [/from "order_history" where "order_id" = \?/, /TEMP B-TREE/, 'few decisions are made about an order'],
  [/from "payment_families" as "f" .* in \(/, /TEMP B-TREE/, 'a payment has few unconfirmed ancestors'],
  [/from "payments" where "txid" = \?/, /TEMP B-TREE/, 'a transaction pays few orders'],
  [/"amount_sats" from "unassigned_payments"/, /SCAN/, 'the open unassigned payments, up to a bound'],
  [/as "slice"/, /TEMP B-TREE/, 'a slice has few rows'],
  [
    /^select "id" from "callbacks" where "pos_id" = \? and "feed_position" is null .*order by "created_at"/,
    /TEMP B-TREE FOR LAST 2 TERMS/,
    'few events are of the same millisecond',
  ],
  [/order by \+length\(fiat_minor_units\)/, /TEMP B-TREE/, 'a list is sorted in one step only if it is short'],
  [/^with recursive\s+fresh/, /SCAN w USING INDEX callbacks_/, 'the first callback of an index'],
  [
    /from "\w+" where place = '(?:mempool|missing)'/,
    /SCAN|visits/,
    'every payment that is in no block is compared with the mempool',
  ],
  [/"watched" = 1/, /SCAN|visits|blocks/, 'every order that is watched, after a reorganisation to a lower tip or in a command'],
  [/from "unassigned_payments" .* group by "account_id"/, /./, 'every open unassigned payment, for a command'],
  [/"judge_at_height" <= \$1/, /blocks for 0 rows/, 'the uses before it have left dead entries, because they were rolled back'],
  [/from "order_counts"/, /TEMP B-TREE/, 'a POS has a row for each status'],
  [/"needs_attention" = 1/, /SCAN/, 'the orders that need attention, for a command'],
];

/** The statements of a use, with what is wrong with them. */
interface Inspected {
  readonly statements: ReadonlySet<string>;
  readonly faults: readonly string[];
}

class Inspector {
  readonly #find: FindFaults;
  #statements = new Set<string>();
  #faults = new Set<string>();
  #isOn = false;

  constructor(find: FindFaults) {
    this.#find = find;
  }

  readonly inspect = async (query: CompiledQuery, run: Run): Promise<void> => {
    if (!this.#isOn) return;
    if (!isControl(query)) this.#statements.add(query.sql);
    for (const fault of await this.#find(query, run))
      if (!EXCEPTIONS.some(([statement, excepted]) => statement.test(query.sql) && excepted.test(fault)))
        this.#faults.add(`${fault}: ${query.sql}`);
  };

  async during(work: () => Promise<unknown>): Promise<Inspected> {
    [this.#statements, this.#faults, this.#isOn] = [new Set(), new Set(), true];
    try {
      await work();
    } finally {
      this.#isOn = false;
    }
    return { statements: this.#statements, faults: [...this.#faults] };
  }
}

/** Runs work in a transaction that is rolled back. */
async function undone<Tx>(
  transaction: (work: (tx: Tx) => Promise<never>) => Promise<never>,
  work: (tx: Tx) => Promise<unknown>,
): Promise<void> {
  const end = new Error('undone');
  await transaction(async (tx) => {
    await work(tx);
    throw end;
  }).catch((error: unknown) => {
    if (error !== end) throw error;
  });
}

const METHODS = Object.entries(STORE_USES).flatMap(([port, uses]) => Object.keys(uses).map((method) => [port, method] as const));

/** On SQLite, where no other process serves the database, these have nothing to ask. */
const WITHOUT_STATEMENTS: readonly string[] = ['callbacks.claimsOfOthers'];
/** These work on the memory of the process. */
const IN_THE_PROCESS: readonly string[] = ['notices.wants', 'notices.setWanted'];

await forEachDatabase('query-plans.test.ts', [IN_MEMORY, ON_POSTGRES], (name, makePlace) => {
  let place: TestPlace;
  let store: SqlStore;
  let inspector: Inspector;
  let known: Known;
  let tables: Kysely<Tables>;
  beforeAll(async () => {
    place = await makePlace();
    const dialect = place.connect();
    inspector = new Inspector(FIND_FAULTS[dialect.name]());
    store = await openSqlStore({
      ...inspected(dialect, inspector.inspect),
      prepare: async (db) => {
        tables = db;
        await dialect.prepare(db);
      },
    });
    await fillTables(tables, dialect, SIZES);
    known = { ...SIZES, pos: (await store.pos.get(LARGE_POS))!, order: (await store.orders.get(orderIdOf(1_500)))! };
  }, 1_800_000);
  afterAll(async () => {
    await store?.close();
    await place?.[Symbol.asyncDispose]();
  });

  test.each(METHODS)('no statement of %s.%s visits more rows than a step may', async (port, method) => {
    const uses = STORE_USES[port as keyof StoreReads] as unknown as Record<
      string,
      (port: unknown, known: Known) => Promise<unknown>
    >;
    const { statements, faults } = await inspector.during(() =>
      undone<StoreReads>(
        (work) => store.transaction(work),
        (tx) => uses[method]!(tx[port as keyof StoreReads], known),
      ),
    );
    const use = `${port}.${method}`;
    const isAsked = !IN_THE_PROCESS.includes(use) && (name !== IN_MEMORY || !WITHOUT_STATEMENTS.includes(use));
    expect(statements.size > 0).toBe(isAsked);
    expect(faults.join('\n')).toBe('');
  });

  test.each<[string, (opened: SqlStore) => Promise<unknown>]>([
    ['the counts for metrics', (opened) => opened.stats(20_000)],
    ['the search of the audit log', (opened) => searchEveryWay(opened, ORDERS)],
    ['the check of the schema', (opened) => opened.schemaFaults()],
    ['the chain of the sandbox', (opened) => opened.sandbox.load()],
  ])('no statement of %s visits more rows than a step may', async (_name, use) => {
    expect((await inspector.during(() => use(store))).faults.join('\n')).toBe('');
  });

  test.each([
    ['reads a whole table', "select id from orders where details = 'nothing'"],
    [
      'reads all orders of a POS',
      `select id from orders where pos_id = '${LARGE_POS}' and blockchain_status || '' = 'nothing' order by created_at limit 1`,
    ],
    ['reads the whole audit log', "select position from audit_log where details = 'nothing'"],
    ['sorts a whole table', 'select id from callbacks order by url limit 1'],
    ['writes to a whole table', "update callbacks set last_error = 'x' where last_error = 'nothing'"],
  ])('a statement that %s is found', async (_name, statement) => {
    const { faults } = await inspector.during(() =>
      undone<Kysely<Tables>>(
        (work) => tables.transaction().execute(work),
        (tx) => sql.raw(statement).execute(tx),
      ),
    );
    expect(faults).not.toEqual([]);
  });
});
