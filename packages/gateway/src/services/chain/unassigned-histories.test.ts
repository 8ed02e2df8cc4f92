/**
 * Random histories of the chain, the process and the database, with restored copies and with payments beyond the next index and beyond the
 * look-ahead. No address is handed out twice, no order is settled by a payment that is older than it, and no payment to a watched address
 * is missed, however long before it was watched.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outputsTo } from '../../../test/support/chain-truth.ts';
import { openCrashing } from '../../../test/support/crashing-database.ts';
import { Crash } from '../../../test/support/crashing-store.ts';
import { copyTables, emptyTables, restoreTables, type TableCopy } from '../../../test/support/every-database.ts';
import { TEN_EUROS, World } from '../../../test/support/world.ts';
import { ContractError } from '../../contract/contract-error.ts';
import { outPointKey, type ScriptHex, type Txid } from '../../kernel/chain.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import { openMarksFile, readMarks } from '../../store/marks/marks-file.ts';
import { AddressMarks } from '../addresses/address-marks.ts';
import { reconcileMarks } from '../addresses/reconcile-marks.ts';

const LOOK_AHEAD = 4;
/** No history takes more indexes. */
const MAX_INDEXES = 600;
const EVERY_INDEX = Array.from({ length: MAX_INDEXES }, (_, index) => index);

const { database, plan } = await openCrashing();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-histories-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Step =
  | { readonly kind: 'order' | 'many orders' | 'round' | 'restart' | 'copy' }
  | { readonly kind: 'mine'; readonly blocks: number }
  | { readonly kind: 'pay'; readonly which: number; readonly percent: number }
  | { readonly kind: 'pay ahead'; readonly distance: number }
  | { readonly kind: 'restore'; readonly which: number }
  | { readonly kind: 'skip'; readonly by: number }
  | { readonly kind: 'replace' | 'rebroadcast'; readonly which: number }
  | { readonly kind: 'reorganize'; readonly depth: number; readonly others: 'mined' | 'waiting' }
  | { readonly kind: 'crash'; readonly point: number };

const small = fc.nat({ max: 9 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('order' as const, 'round' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('many orders' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('restart' as const, 'copy' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('mine' as const), blocks: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pay' as const), which: small, percent: fc.constantFrom(50, 100) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('pay ahead' as const), distance: fc.nat({ max: 4 * LOOK_AHEAD }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restore' as const), which: small }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('skip' as const), by: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('replace' as const, 'rebroadcast' as const), which: small }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('reorganize' as const),
      depth: fc.integer({ min: 1, max: 3 }),
      others: fc.constantFrom('mined' as const, 'waiting' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), point: fc.integer({ min: 1, max: 30 }) }) },
);

/** The state of a history, recorded outside of the gateway. */
interface Played {
  readonly world: World;
  readonly marksPath: string;
  readonly running: { marks?: AddressMarks };
  /** Every order that was ever created, including those that a restored database has lost. */
  readonly orders: Order[];
  readonly sent: { readonly txid: Txid; readonly raw: Uint8Array }[];
  readonly copies: { readonly tables: TableCopy; readonly watchedTo: number }[];
  /** For each order, the outputs that were stored or seen before it was created. */
  readonly seenBefore: Map<OrderId, ReadonlySet<string>>;
  /** The outputs of the chain at the last round. */
  read: ReadonlySet<string>;
  /** The index below which every address was watched at the last round. */
  watchedTo: number;
  /** Outputs beyond the look-ahead in blocks that an earlier process has read. They need not be found. */
  readonly outOfSight: Set<string>;
}

test('restored copies and payments beyond the next index cost nobody money', { timeout: 180_000 }, async () => {
  let run = 0;
  const property = fc.asyncProperty(fc.array(anyStep, { minLength: 8, maxLength: 40 }), async (history) => {
    await emptyTables(database);
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
    await round(played);
    for (const step of history) {
      try {
        await take(played, step);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        await restart(played);
      }
    }
    plan.crashAt(Number.POSITIVE_INFINITY);
    await round(played);
    await running.marks.close();
  });
  await fc.assert(property, { numRuns: Number(process.env['MODEL_RUNS'] ?? 30) });
});

async function openMarks({ clock, log }: World, path: string): Promise<AddressMarks> {
  const marks = openMarksFile(path);
  const session = 'abcdef0123456789';
  const all = { store: database.store, marks, session, clock, log: { ...log, error: () => {} } };
  const guard = { isSoundAccount: () => true, assertAccount: () => {} };
  await reconcileMarks({ ...all, readMarks, guard });
  return new AddressMarks({ ...all, guard, nowMs: () => clock.now() });
}

async function restart(played: Played): Promise<void> {
  await played.world.watcher.stop();
  await loseSight(played);
  played.running.marks = await openMarks(played.world, played.marksPath);
  await played.world.restart();
}

/** Records the outputs that only the ended process knew from the blocks that it had read. */
async function loseSight({ world, watchedTo, outOfSight }: Played): Promise<void> {
  const beyond = EVERY_INDEX.slice(watchedTo).map((index) => world.scriptAt(index));
  for (const [key, { place }] of await outputsTo(world, beyond)) if (place.kind === 'block') outOfSight.add(key);
}

async function take(played: Played, step: Step): Promise<unknown> {
  const { world, sent, copies } = played;
  const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
  switch (step.kind) {
    case 'order':
      return order(played);
    case 'many orders':
      // No rounds run meanwhile, except those that the orders request.
      for (let nth = 0; nth < 2 * LOOK_AHEAD; nth += 1) await order(played);
      return;
    case 'round':
      return round(played);
    case 'restart':
      return restart(played);
    case 'copy': {
      // The tables are copied one by one, so nothing may write meanwhile.
      await world.watcher.stop();
      copies.push({ tables: await copyTables(database.db), watchedTo: played.watchedTo });
      await loseSight(played);
      return world.restart();
    }
    case 'restore': {
      await world.watcher.stop();
      const { tables, watchedTo } = pick(copies, step.which)!;
      await restoreTables(database, tables);
      played.watchedTo = Math.min(played.watchedTo, watchedTo);
      return restart(played);
    }
    case 'skip': {
      const [account] = await database.store.accounts.list();
      const to = account!.nextIndex + step.by;
      await database.store.transaction((tx) => tx.accounts.raiseIndex(account!.id, to, 'operator', world.clock.now()));
      // A round that is under way still has the earlier look-ahead.
      return world.round();
    }
    case 'mine':
      return world.mine(step.blocks);
    case 'pay': {
      const paid = pick(played.orders, step.which);
      if (paid !== undefined) await send(played, paid.terms.script, (TEN_EUROS * BigInt(step.percent)) / 100n);
      return;
    }
    case 'pay ahead': {
      const [account] = await database.store.accounts.list();
      return send(played, world.scriptAt(account!.nextIndex + step.distance), TEN_EUROS);
    }
    case 'replace': {
      const old = pick(sent, step.which);
      if (old !== undefined && new Set(await world.chain.mempool()).has(old.txid)) await world.chain.replace(old.txid, []);
      return;
    }
    case 'rebroadcast': {
      const old = pick(sent, step.which);
      // Refused if its coins are spent, as by a node.
      if (old !== undefined) await world.chain.broadcast(old.raw).catch(() => undefined);
      return;
    }
    case 'reorganize': {
      const { height } = await world.chain.tip();
      const depth = Math.min(step.depth, height - 1);
      return world.chain.reorganize({ depth, others: step.others });
    }
    case 'crash':
      return plan.crashAt(step.point);
  }
}

async function send({ world, sent }: Played, script: ScriptHex, amount: bigint): Promise<void> {
  const txid = await world.chain.pay(script, sats(amount));
  const raw = (await world.chain.mempoolTransactions([txid])).get(txid);
  if (raw !== undefined) sent.push({ txid, raw });
}

/** All stored outputs, of orders and unassigned. */
async function storedOutputs(): Promise<Map<string, unknown>> {
  const { db } = database;
  const columns = ['txid', 'vout', 'place'] as const;
  const rows = [
    ...(await db.selectFrom('payments').select(columns).execute()),
    ...(await db.selectFrom('unassigned_payments').select(columns).execute()),
  ];
  return new Map(rows.map(({ txid, vout, place }) => [`${txid}:${vout}`, place]));
}

async function order(played: Played): Promise<void> {
  try {
    const before = new Set([...(await storedOutputs()).keys(), ...played.read]);
    const created = await played.world.order('10.00', { requiredConfirmations: 0 });
    const twins = played.orders.filter(({ terms }) => terms.script === created.terms.script);
    expect(twins, 'orders at the same address').toEqual([]);
    const unassigned = await database.db.selectFrom('unassigned_payments').select('script').execute();
    expect(unassigned.map(({ script }) => script)).not.toContain(created.terms.script);
    played.orders.push(created);
    played.seenBefore.set(created.terms.id, before);
  } catch (error) {
    // Refused because the chain is not read yet.
    if (!(error instanceof ContractError)) throw error;
  }
}

/** Runs a round, and compares the store with the chain. */
async function round(played: Played): Promise<void> {
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
  // An output that the chain does not have was replaced, or is missing until that is known.
  for (const [key, place] of stored) if (!truth.has(key)) expect(['gone', 'missing'], key).toContain(place);
  for (const { terms } of played.orders) {
    const current = await database.store.orders.get(terms.id);
    for (const { outPoint } of current?.payments ?? [])
      expect([...(seenBefore.get(terms.id) ?? [])], 'older payments').not.toContain(outPointKey(outPoint));
  }
}
