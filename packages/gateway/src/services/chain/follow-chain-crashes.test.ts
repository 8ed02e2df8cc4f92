/**
 * Crashes the gateway at the points at which it uses the store, in a history with every kind of event. Work that was done by half must be
 * as if it had never begun, and finished work must not be repeated.
 */
import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { NEVER, openCrashing, type Recovery } from '../../../test/support/crashing-database.ts';
import { emptyTables } from '../../../test/support/every-database.ts';
import { CHARGEBACK_MS, World } from '../../../test/support/world.ts';
import type { Txid } from '../../kernel/chain.ts';
import { sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import type { RecordPages } from './record-first.ts';

const { database, plan } = await openCrashing();
beforeEach(() => emptyTables(database));

/** Runs a round of the watcher. If it crashes, recovers and runs another. */
async function runRound(world: World, recovery: Recovery): Promise<void> {
  const crashed = new Promise<'crashed'>((resolve) => {
    onCrash = () => resolve('crashed');
  });
  const round = world.round();
  if (recovery === 'continues') return round;
  // After a crash the round never settles.
  const outcome = await Promise.race([round.catch(() => 'crashed'), crashed]);
  if (outcome !== 'crashed') return;
  await world.restart();
  await world.round();
}
let onCrash: () => void = () => {};

/** Rounds that are played after the one that crashed. What a crash leaves in memory or in the store has its effect in them. */
const ROUNDS_AFTER_CRASH = 2;

/**
 * Plays a history with every kind of event, as far as some rounds after its crash.
 *
 * @returns What was stored after each round, and the events of each order then.
 */
async function play(
  recovery: Recovery,
  crashAt: number,
  recordPages?: RecordPages,
): Promise<{ stored: unknown[]; events: string[][] }> {
  await emptyTables(database);
  // A process that is restarted does not retry first.
  await using world = await World.open({
    sql: database.store,
    store: plan.store,
    recordPages,
    retryMs: recovery === 'continues' ? 1 : 60_000,
  });
  const [a, b, c, d] = await ordersIn(world);
  const stored: unknown[] = [];
  let rounds = Infinity;
  plan.crashAt(crashAt, () => {
    rounds = stored.length + 1 + ROUNDS_AFTER_CRASH;
    onCrash();
  });
  const next = async (change: () => Promise<unknown>): Promise<void> => {
    if (stored.length === rounds) return;
    await change();
    await runRound(world, recovery);
    stored.push(await everything());
  };
  await world.mine(3);
  await next(() => send(world, [a, 40_000n], [b, 200_000n]));
  let lost = '' as Txid;
  await next(async () => (lost = await world.pay(a, 70_000n)));
  // This payment is mined before the gateway sees it in the mempool.
  await next(() => world.pay(d).then(() => world.mine()));
  await next(() => world.chain.reorganize({ depth: 1, without: [lost], others: 'waiting' }));
  await next(() => world.mine());
  await next(async () => world.clock.advance(CHARGEBACK_MS));
  await next(() => world.pay(c, 500n));
  await next(() => world.mine(20));
  return { stored, events: await Promise.all([a, b, c, d].map((order) => world.events(order))) };
}

/** The same orders in every history, because deriving their addresses takes half of the time. */
async function ordersIn(world: World): Promise<[Order, Order, Order, Order]> {
  if (orders === undefined) {
    orders = [await world.order(), await world.order('20.00'), await world.order('30.00'), await world.order()];
    return orders;
  }
  for (const order of orders) {
    await database.store.orders.insert(order);
    world.context.addresses.watch(order.terms.script);
  }
  return orders;
}
let orders: [Order, Order, Order, Order] | undefined;

async function send(world: World, ...outputs: [Order, bigint][]): Promise<Txid> {
  return world.chain.send(outputs.map(([{ terms }, amount]) => ({ script: terms.script, amount: sats(amount) })));
}

/** Everything stored that is equal after equal histories. */
async function everything(): Promise<unknown> {
  const { db } = database;
  return {
    orders: await db.selectFrom('orders').selectAll().orderBy('id').execute(),
    payments: await db.selectFrom('payments').selectAll().orderBy('txid').orderBy('vout').execute(),
    blocks: await db.selectFrom('chain_blocks').selectAll().orderBy('height').execute(),
    callbacks: await db
      .selectFrom('callbacks')
      .leftJoin('callback_bodies', 'callback_bodies.callback_id', 'callbacks.id')
      .select([
        'order_id',
        'sequence',
        'event',
        'url',
        'body',
        'packed_body',
        'created_at',
        'status',
        'attempts',
        'next_attempt_at',
      ])
      .orderBy('order_id')
      .orderBy('sequence')
      .execute(),
  };
}

test('the history that crashes has every kind of event', async () => {
  const { events } = await play('continues', NEVER);
  expect(events).toEqual([
    ['completed', 'overpaid', 'dispute.start', 'chargeback', 'overpaid'],
    ['completed', 'dispute.start', 'dispute.end'],
    ['expired', 'overpaid'],
    ['completed', 'dispute.start', 'dispute.end'],
  ]);
  expect(plan.points()).toBeGreaterThan(100);
});

/** Each run crashes at a fifth of the points, beginning at random; CRASH_POINTS=all crashes at all of them. */
const EVERY_NTH_POINT = process.env['CRASH_POINTS'] === 'all' ? 1 : 5;
const FIRST_POINT = 1 + randomInt(EVERY_NTH_POINT);

/** Every payment is stored ahead of its step, in a transaction of its own. */
const EACH_FIRST: RecordPages = { moreThan: 0, page: 1 };

describe.each<[Recovery, how: string, RecordPages | undefined]>([
  ['continues', 'with its step', undefined],
  ['is restarted', 'with its step', undefined],
  ['is restarted', 'ahead of its step', EACH_FIRST],
])('a gateway that crashes at any point and %s, and stores each payment %s,', (recovery, _, recordPages) => {
  test('stores after the next round what it would have stored without the crash', { timeout: 600_000 }, async () => {
    const undisturbed = await play(recovery, NEVER);
    // The same, whichever way it is stored.
    expect(await play(recovery, NEVER, recordPages)).toEqual(undisturbed);
    const points = plan.points();
    for (let point = FIRST_POINT; point <= points; point += EVERY_NTH_POINT) {
      const { stored } = await play(recovery, point, recordPages);
      const wanted = undisturbed.stored.slice(0, stored.length);
      // Vitest takes a fifth of the time to compare.
      if (!isDeepStrictEqual(stored, wanted)) expect(stored, `crash at point ${point} of ${points}`).toEqual(wanted);
      expect(stored.length).toBeGreaterThan(0);
    }
  });
});

test('a payment that was stored ahead of its step is in no block if another block comes after a crash', async () => {
  let point = 1;
  while (await replacedAfterCrash(point)) point += 1;
  expect(point).toBeGreaterThan(20);
});

/** Crashes while a block with two payments is stored, and replaces the block. Returns false if it was stored before that point. */
async function replacedAfterCrash(point: number): Promise<boolean> {
  await using world = await openStoringFirst();
  const [a, b] = await ordersIn(world);
  await world.mine(3);
  await world.round();
  const txid = await send(world, [a, 100_000n], [b, 200_000n]);
  await world.mine();
  if (await isDoneBefore(point, world)) return false;
  await world.chain.reorganize({ depth: 1, without: [txid], others: 'waiting' });
  await world.restart();
  await world.round();
  for (const order of [a, b])
    for (const { place } of (await world.read(order)).payments) expect(place.kind, `crash at point ${point}`).not.toBe('block');
  return true;
}

test('an order never counts a payment of a rolled back block together with the one that replaces it', async () => {
  let point = 1;
  while (await replacedWithCrash(point)) point += 1;
  expect(point).toBeGreaterThan(20);
});

/** Crashes while a block with another payment of the same order replaces a block. Returns false if it was stored before that point. */
async function replacedWithCrash(point: number): Promise<boolean> {
  await using world = await openStoringFirst();
  const [a, b] = await ordersIn(world);
  await world.mine(3);
  await world.round();
  const replaced = await send(world, [a, 100_000n]);
  await world.mine();
  await world.round();
  await world.chain.doubleSpend([replaced]);
  const other = await send(world, [a, 100_000n], [b, 200_000n]);
  await world.mine();
  const isDone = await isDoneBefore(point, world);
  const counted = async (): Promise<string[]> =>
    (await world.read(a)).payments.filter(({ place }) => place.kind !== 'gone').map(({ outPoint }) => outPoint.txid);
  expect(await counted(), `crash at point ${point}`).toHaveLength(1);
  if (isDone) return false;
  await world.restart();
  await world.round();
  expect(await counted(), `crash at point ${point}, after the next round`).toEqual([other]);
  expect((await world.read(b)).payments.map(({ place }) => place.kind)).toEqual(['block']);
  return true;
}

/** Opens a gateway that stores each payment ahead of its step, and does not retry after a crash. */
async function openStoringFirst(): Promise<World> {
  await emptyTables(database);
  plan.crashAt(NEVER);
  return World.open({ sql: database.store, store: plan.store, retryMs: 60_000, recordPages: EACH_FIRST });
}

/** Runs a round that crashes at a point. Returns whether it was done before that point. */
async function isDoneBefore(point: number, world: World): Promise<boolean> {
  const crashed = new Promise<boolean>((resolve) => {
    plan.crashAt(point, () => resolve(false));
  });
  return Promise.race([world.round().then(() => true), crashed]);
}
