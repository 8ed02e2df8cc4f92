/**
 * Whatever happens to the chain, the process and the database, restored copies and payments ahead of the index among it, also beyond
 * what is watched: no address is given twice, no order is settled by bitcoin that was there before it, and no payment to a watched address
 * goes unseen, however long before it was watched it was made.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outputsTo } from '../../../test/support/chain-truth.ts';
import { Crash, crashing, type CrashPlan } from '../../../test/support/crashing-store.ts';
import {
  copyTables,
  emptyTables,
  openDatabase,
  restoreTables,
  type TableCopy,
  type TestDatabase,
} from '../../../test/support/every-database.ts';
import { TEN_EUROS, World } from '../../../test/support/world.ts';
import { ContractError } from '../../contract/contract-error.ts';
import { outPointKey, type ScriptHex, type Txid } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import { openMarksFile, readMarks } from '../../store/marks/marks-file.ts';
import { sqliteDialect } from '../../store/sql/dialects/sqlite.ts';
import { AddressMarks } from '../addresses/address-marks.ts';
import { reconcileMarks } from '../addresses/reconcile-marks.ts';

const LOOK_AHEAD = 4;
/** No history gets further than this. */
const MAX_INDEXES = 600;
const EVERY_INDEX = Array.from({ length: MAX_INDEXES }, (_, index) => index);

let database: TestDatabase;
let plan: CrashPlan;
let folder: string;
beforeAll(async () => {
  database = await openDatabase(sqliteDialect(':memory:'));
  plan = crashing(database.store);
  folder = await mkdtemp(join(tmpdir(), 'webpos-histories-'));
});
afterAll(async () => {
  await database.store.close();
  await rm(folder, { recursive: true, force: true });
});

type Happening =
  | { readonly kind: 'orders' | 'many order' | 'looks' | 'restarts' | 'copies' }
  | { readonly kind: 'mines'; readonly blocks: number }
  | { readonly kind: 'pays'; readonly which: number; readonly percent: number }
  | { readonly kind: 'pays ahead'; readonly distance: number }
  | { readonly kind: 'restores'; readonly which: number }
  | { readonly kind: 'skips'; readonly by: number }
  | { readonly kind: 'replaces' | 'sends again'; readonly which: number }
  | { readonly kind: 'reorganizes'; readonly depth: number; readonly others: 'mined' | 'waiting' }
  | { readonly kind: 'crashes'; readonly point: number };

const small = fc.nat({ max: 9 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('orders' as const, 'looks' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('many order' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('restarts' as const, 'copies' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('mines' as const), blocks: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pays' as const), which: small, percent: fc.constantFrom(50, 100) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('pays ahead' as const), distance: fc.nat({ max: 4 * LOOK_AHEAD }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restores' as const), which: small }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('skips' as const), by: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('replaces' as const, 'sends again' as const), which: small }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('reorganizes' as const),
      depth: fc.integer({ min: 1, max: 3 }),
      others: fc.constantFrom('mined' as const, 'waiting' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crashes' as const), point: fc.integer({ min: 1, max: 30 }) }) },
);

/** What somebody would know who writes all down, outside of the gateway. */
interface Played {
  readonly world: World;
  readonly marksPath: string;
  readonly running: { marks?: AddressMarks };
  /** Every order that was ever answered, also those that a restored database forgot. */
  readonly orders: Order[];
  readonly sent: { readonly txid: Txid; readonly raw: Uint8Array }[];
  readonly copies: { readonly tables: TableCopy; readonly watchedTo: number }[];
  /** Outputs that had been stored when an order was created, by order. */
  readonly seenBefore: Map<OrderId, ReadonlySet<string>>;
  /** Outputs that the chain had when the gateway last looked. */
  read: ReadonlySet<string>;
  /** Below which index all was watched when the gateway last looked. */
  watchedTo: number;
  /** Outputs beyond what was watched in blocks that an earlier process has read: these need not be found. */
  readonly outOfSight: Set<string>;
}

test('restored copies and payments ahead cost nobody money', { timeout: 180_000 }, async () => {
  let run = 0;
  const property = fc.asyncProperty(fc.array(happening, { minLength: 8, maxLength: 40 }), async (history) => {
    await emptyTables(database.db);
    plan.crashAt(Number.POSITIVE_INFINITY);
    run += 1;
    const running: { marks?: AddressMarks } = {};
    await using world = await World.open({
      sql: database.store,
      store: plan.store,
      lookAhead: LOOK_AHEAD,
      refusesUnread: true,
      indexes: { take: (id, count, work) => running.marks!.take(id, count, work) },
      unassignedSeen: async ({ skipped }) => {
        for (const { accountId, to } of skipped) await running.marks?.follow(accountId, to);
      },
    });
    const marksPath = join(folder, `${run}.marks`);
    running.marks = await openMarks(world, marksPath);
    const played: Played = {
      world,
      marksPath,
      running,
      orders: [],
      sent: [],
      copies: [{ tables: await copyTables(database.db), watchedTo: LOOK_AHEAD }],
      seenBefore: new Map(),
      read: new Set(),
      watchedTo: LOOK_AHEAD,
      outOfSight: new Set(),
    };
    await world.mine(4);
    await looks(played);
    for (const each of history) {
      try {
        await happens(played, each);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        await restarts(played);
      }
    }
    plan.crashAt(Number.POSITIVE_INFINITY);
    await looks(played);
    await running.marks.close();
  });
  await fc.assert(property, { numRuns: Number(process.env['MODEL_RUNS'] ?? 30) });
});

async function openMarks({ clock, log }: World, path: string): Promise<AddressMarks> {
  const marks = openMarksFile(path);
  const session = 'abcdef0123456789';
  const all = { store: database.store, marks, session, clock, log: { ...log, error: () => {} } };
  await reconcileMarks({ ...all, readMarks });
  return new AddressMarks({ ...all, nowMs: () => clock.now() });
}

async function restarts(played: Played): Promise<void> {
  await played.world.watcher.stop();
  await losesSight(played);
  played.running.marks = await openMarks(played.world, played.marksPath);
  await played.world.restart();
}

/** The process that has read the blocks ends, and with it what it remembers of them. */
async function losesSight({ world, watchedTo, outOfSight }: Played): Promise<void> {
  const beyond = EVERY_INDEX.slice(watchedTo).map((index) => world.scriptAt(index));
  for (const [key, { place }] of await outputsTo(world, beyond)) if (place.kind === 'block') outOfSight.add(key);
}

async function happens(played: Played, what: Happening): Promise<unknown> {
  const { world, sent, copies } = played;
  const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
  switch (what.kind) {
    case 'orders':
      return orders(played);
    case 'many order':
      // No round between them but those that they themselves ask for.
      for (let nth = 0; nth < 2 * LOOK_AHEAD; nth += 1) await orders(played);
      return;
    case 'looks':
      return looks(played);
    case 'restarts':
      return restarts(played);
    case 'copies': {
      // Table by table, so nobody may write meanwhile.
      await world.watcher.stop();
      copies.push({ tables: await copyTables(database.db), watchedTo: played.watchedTo });
      await losesSight(played);
      return world.restart();
    }
    case 'restores': {
      await world.watcher.stop();
      const { tables, watchedTo } = pick(copies, what.which)!;
      await restoreTables(database.db, tables);
      played.watchedTo = Math.min(played.watchedTo, watchedTo);
      return restarts(played);
    }
    case 'skips': {
      const [account] = await database.store.accounts.list();
      const to = account!.nextIndex + what.by;
      await database.store.transaction((tx) => tx.accounts.raiseIndex(account!.id, to, 'operator', world.clock.now()));
      // A round that was under way looks for what was ahead before.
      return world.round();
    }
    case 'mines':
      return world.mine(what.blocks);
    case 'pays': {
      const order = pick(played.orders, what.which);
      if (order !== undefined) await send(played, order.terms.script, (TEN_EUROS * BigInt(what.percent)) / 100n);
      return;
    }
    case 'pays ahead': {
      const [account] = await database.store.accounts.list();
      return send(played, world.scriptAt(account!.nextIndex + what.distance), TEN_EUROS);
    }
    case 'replaces': {
      const old = pick(sent, what.which);
      if (old !== undefined && new Set(await world.chain.mempool()).has(old.txid)) await world.chain.replace(old.txid, []);
      return;
    }
    case 'sends again': {
      const old = pick(sent, what.which);
      // As a node refuses it when its coins are spent.
      if (old !== undefined) await world.chain.broadcast(old.raw).catch(() => undefined);
      return;
    }
    case 'reorganizes': {
      const { height } = await world.chain.tip();
      const depth = Math.min(what.depth, height - 1);
      return world.chain.reorganize({ depth, others: what.others });
    }
    case 'crashes':
      return plan.crashAt(what.point);
  }
}

async function send({ world, sent }: Played, script: ScriptHex, amount: bigint): Promise<void> {
  const txid = await world.chain.pay(script, sats(amount));
  const raw = (await world.chain.mempoolTransactions([txid])).get(txid);
  if (raw !== undefined) sent.push({ txid, raw });
}

/** All outputs that are stored, of orders and of none. */
async function storedOutputs(): Promise<Map<string, unknown>> {
  const { db } = database;
  const columns = ['txid', 'vout', 'place'] as const;
  const rows = [
    ...(await db.selectFrom('payments').select(columns).execute()),
    ...(await db.selectFrom('unassigned_payments').select(columns).execute()),
  ];
  return new Map(rows.map(({ txid, vout, place }) => [`${txid}:${vout}`, place]));
}

async function orders(played: Played): Promise<void> {
  try {
    const before = new Set([...(await storedOutputs()).keys(), ...played.read]);
    const order = await played.world.order('10.00', { requiredConfirmations: 0 });
    const twins = played.orders.filter(({ terms }) => terms.script === order.terms.script);
    expect(twins, 'orders at the same address').toEqual([]);
    const unassigned = await database.db.selectFrom('unassigned_payments').select('script').execute();
    expect(unassigned.map(({ script }) => script)).not.toContain(order.terms.script);
    played.orders.push(order);
    played.seenBefore.set(order.terms.id, before);
  } catch (error) {
    // The chain is not read yet.
    if (!(error instanceof ContractError)) throw error;
  }
}

/** Lets the gateway look, and holds what is stored to what is true. */
async function looks(played: Played): Promise<void> {
  const { world, seenBefore } = played;
  await world.round();
  const [account] = await database.store.accounts.list();
  const watched = account!.nextIndex + LOOK_AHEAD;
  expect(watched).toBeLessThan(MAX_INDEXES);
  const stored = await storedOutputs();
  const truth = await outputsTo(
    world,
    Array.from({ length: watched }, (_, index) => world.scriptAt(index)),
  );
  for (const [key, { place }] of truth)
    if (stored.has(key) || !played.outOfSight.has(key)) expect(stored.get(key), `${key} is stored`).toBe(place.kind);
  const everywhere = EVERY_INDEX.map((index) => world.scriptAt(index));
  played.read = new Set((await outputsTo(world, everywhere)).keys());
  played.watchedTo = watched;
  // What the chain does not have was replaced, or is missing until that is known.
  for (const [key, place] of stored) if (!truth.has(key)) expect(['gone', 'missing'], key).toContain(place);
  for (const { terms } of played.orders) {
    const order = await database.store.orders.get(terms.id);
    for (const { outPoint } of order?.payments ?? [])
      expect([...(seenBefore.get(terms.id) ?? [])], 'older bitcoin').not.toContain(outPointKey(outPoint));
  }
}
