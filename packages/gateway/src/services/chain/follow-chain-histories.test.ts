/**
 * Whatever happens to the chain, the process and the database: what is stored in the end is what the chain then says, all of it,
 * and the events that were told make sense in their order.
 */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chainTruth } from '../../../test/support/chain-truth.ts';
import { crashing, type CrashPlan } from '../../../test/support/crashing-store.ts';
import { emptyTables, openDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { CHARGEBACK_MS, TEN_EUROS, World } from '../../../test/support/world.ts';
import { outPointKey, type Txid } from '../../kernel/chain.ts';
import { sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import { sqliteDialect } from '../../store/sql/dialects/sqlite.ts';

let database: TestDatabase;
let plan: CrashPlan;
beforeAll(async () => {
  database = await openDatabase(sqliteDialect(':memory:'));
  plan = crashing(database.store);
});
afterAll(() => database.store.close());

/** Numbers are taken modulo how many there are. */
type Happening =
  | { readonly kind: 'pays'; readonly order: number; readonly percent: number; readonly other: number | undefined }
  | { readonly kind: 'mines' | 'looks' | 'restarts' }
  | { readonly kind: 'reorganizes'; readonly depth: number; readonly lost: number; readonly others: 'mined' | 'waiting' }
  | { readonly kind: 'evicts' | 'sends again'; readonly transaction: number }
  | { readonly kind: 'crashes'; readonly point: number }
  | { readonly kind: 'waits'; readonly hours: number };

const small = fc.nat({ max: 9 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pays' as const),
      order: small,
      percent: fc.constantFrom(1, 50, 100, 130),
      other: fc.option(small, { nil: undefined }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('mines' as const, 'looks' as const, 'restarts' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('reorganizes' as const),
      depth: fc.integer({ min: 1, max: 4 }),
      lost: small,
      others: fc.constantFrom('mined' as const, 'waiting' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('evicts' as const, 'sends again' as const), transaction: small }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crashes' as const), point: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('waits' as const), hours: fc.constantFrom(0.2, 24, 72) }) },
);

test('the store holds what the chain says, and tells of it in an order that makes sense', { timeout: 60_000 }, async () => {
  const property = fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 30 }), async (history) => {
    await emptyTables(database.db);
    // One that the history before has set and not reached.
    plan.crashAt(Number.POSITIVE_INFINITY);
    await using world = await World.open({ sql: database.store, store: plan.store });
    await world.mine(6);
    const orders = await Promise.all([0, 1, 2].map((requiredConfirmations) => world.order('10.00', { requiredConfirmations })));
    const sent: { txid: Txid; raw: Uint8Array }[] = [];
    for (const each of history) await happens(world, orders, sent, each);
    await world.round();

    const output = await chainTruth(world, orders);
    for (const order of orders) {
      for (const { outPoint, place } of (await world.read(order)).payments)
        expect(place, outPointKey(outPoint)).toMatchObject(output.get(outPointKey(outPoint))?.place ?? { kind: 'gone' });
    }
    expect(await storedOutputs(world, orders)).toEqual(expect.arrayContaining([...output.keys()]));
    expect(await database.store.chain.tip()).toEqual(await world.chain.tip());
    for (const order of orders) expect((await world.events(order)).join(' ')).toMatch(SENSIBLE);

    const before = await Promise.all(orders.map(async (order) => [await world.read(order), await world.events(order)]));
    await world.restart();
    await world.round();
    const after = await Promise.all(orders.map(async (order) => [await world.read(order), await world.events(order)]));
    expect(after).toEqual(before);
  });
  await fc.assert(property, { numRuns: 60 });
});

/** The events that the contract allows for an order, and their order. */
const SENSIBLE =
  /^(?:(?:expired|completed(?: overpaid)*(?: dispute\.start dispute\.end(?: overpaid)*)*(?: dispute\.start(?: chargeback)?)?)(?: overpaid)*)?$/;

async function happens(
  world: World,
  orders: readonly Order[],
  sent: { txid: Txid; raw: Uint8Array }[],
  what: Happening,
): Promise<void> {
  const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
  switch (what.kind) {
    case 'pays': {
      const amount = sats((TEN_EUROS * BigInt(what.percent)) / 100n);
      const paid = [pick(orders, what.order), what.other === undefined ? undefined : pick(orders, what.other)];
      const outputs = paid.flatMap((order) => (order === undefined ? [] : [{ script: order.terms.script, amount }]));
      const txid = await world.chain.send(outputs);
      const raw = (await world.chain.mempoolTransactions([txid])).get(txid);
      if (raw !== undefined) sent.push({ txid, raw });
      return;
    }
    case 'mines':
      return world.mine();
    case 'looks':
      return world.round();
    case 'restarts':
      return world.restart();
    case 'reorganizes': {
      const lost = pick(sent, what.lost);
      const without = lost === undefined ? [] : [lost.txid];
      await world.chain.reorganize({ depth: what.depth, without, others: what.others });
      return;
    }
    case 'evicts':
    case 'sends again': {
      const transaction = pick(sent, what.transaction);
      if (transaction === undefined) return;
      if (what.kind === 'evicts') await world.chain.evict([transaction.txid]);
      else await world.chain.broadcast(transaction.raw);
      return;
    }
    case 'crashes':
      plan.crashAt(what.point);
      return;
    case 'waits':
      world.clock.advance(what.hours * (CHARGEBACK_MS / 24));
  }
}

async function storedOutputs(world: World, orders: readonly Order[]): Promise<string[]> {
  const read = await Promise.all(orders.map((order) => world.read(order)));
  return read.flatMap(({ payments }) => payments.map(({ outPoint }) => outPointKey(outPoint)));
}
