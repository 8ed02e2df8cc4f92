/**
 * Random histories of the chain, the process and the database. In the end the store has exactly the payments of the chain, and the events
 * of every order follow each other as the contract allows.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chainTruth } from '../../../test/support/chain-truth.ts';
import { openCrashing } from '../../../test/support/crashing-database.ts';
import { emptyTables } from '../../../test/support/every-database.ts';
import { CHARGEBACK_MS, TEN_EUROS, World } from '../../../test/support/world.ts';
import { outPointKey, type Txid } from '../../kernel/chain.ts';
import { sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import type { RecordPages } from './record-first.ts';

const { database, plan } = await openCrashing();

/** Numbers are indexes, modulo the length of the list. */
type Step =
  | { readonly kind: 'pay'; readonly order: number; readonly percent: number; readonly other: number | undefined }
  | { readonly kind: 'mine' | 'round' | 'restart' }
  | { readonly kind: 'reorganize'; readonly depth: number; readonly lost: number; readonly others: 'mined' | 'waiting' }
  | { readonly kind: 'evict' | 'rebroadcast'; readonly transaction: number }
  | { readonly kind: 'crash'; readonly point: number }
  | { readonly kind: 'wait'; readonly hours: number };

const small = fc.nat({ max: 9 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      order: small,
      percent: fc.constantFrom(1, 50, 100, 130),
      other: fc.option(small, { nil: undefined }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('mine' as const, 'round' as const, 'restart' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('reorganize' as const),
      depth: fc.integer({ min: 1, max: 4 }),
      lost: small,
      others: fc.constantFrom('mined' as const, 'waiting' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('evict' as const, 'rebroadcast' as const), transaction: small }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), point: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.constantFrom(0.2, 24, 72) }) },
);

test.each<[how: string, RecordPages | undefined]>([
  ['with its step', undefined],
  ['ahead of its step', { moreThan: 0, page: 1 }],
])(
  'each payment stored %s: after any history the store has the payments of the chain, and the events are in an allowed order',
  async (_, recordPages) => {
    const property = fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 30 }), async (history) => {
      await emptyTables(database);
      // Cancels a crash that the last history did not reach.
      plan.crashAt(Number.POSITIVE_INFINITY);
      await using world = await World.open({ sql: database.store, store: plan.store, recordPages });
      await world.mine(6);
      const orders = await Promise.all([0, 1, 2].map((requiredConfirmations) => world.order('10.00', { requiredConfirmations })));
      const sent: { txid: Txid; raw: Uint8Array }[] = [];
      for (const step of history) await take(world, orders, sent, step);
      await world.round();

      const truth = await chainTruth(world, orders);
      for (const order of orders) {
        for (const { outPoint, place } of (await world.read(order)).payments)
          expect(place, outPointKey(outPoint)).toMatchObject(truth.get(outPointKey(outPoint))?.place ?? { kind: 'gone' });
      }
      expect(await storedOutputs(world, orders)).toEqual(expect.arrayContaining([...truth.keys()]));
      expect(await database.store.chain.tip()).toEqual(await world.chain.tip());
      for (const order of orders) expect((await world.events(order)).join(' ')).toMatch(ALLOWED_EVENTS);

      const before = await Promise.all(orders.map(async (order) => [await world.read(order), await world.events(order)]));
      await world.restart();
      await world.round();
      const after = await Promise.all(orders.map(async (order) => [await world.read(order), await world.events(order)]));
      expect(after).toEqual(before);
    });
    await fc.assert(property, { numRuns: 60 });
  },
);

/** The sequences of events that the contract allows. */
const ALLOWED_EVENTS =
  /^(?:(?:expired|completed(?: overpaid)*(?: dispute\.start dispute\.end(?: overpaid)*)*(?: dispute\.start(?: chargeback)?)?)(?: overpaid)*)?$/;

async function take(world: World, orders: readonly Order[], sent: { txid: Txid; raw: Uint8Array }[], step: Step): Promise<void> {
  const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
  switch (step.kind) {
    case 'pay': {
      const amount = sats((TEN_EUROS * BigInt(step.percent)) / 100n);
      const paid = [pick(orders, step.order), step.other === undefined ? undefined : pick(orders, step.other)];
      const outputs = paid.flatMap((order) => (order === undefined ? [] : [{ script: order.terms.script, amount }]));
      const txid = await world.chain.send(outputs);
      const raw = (await world.chain.mempoolTransactions([txid])).get(txid);
      if (raw !== undefined) sent.push({ txid, raw });
      return;
    }
    case 'mine':
      return world.mine();
    case 'round':
      return world.round();
    case 'restart':
      return world.restart();
    case 'reorganize': {
      const lost = pick(sent, step.lost);
      const without = lost === undefined ? [] : [lost.txid];
      await world.chain.reorganize({ depth: step.depth, without, others: step.others });
      return;
    }
    case 'evict':
    case 'rebroadcast': {
      const transaction = pick(sent, step.transaction);
      if (transaction === undefined) return;
      if (step.kind === 'evict') await world.chain.evict([transaction.txid]);
      else await world.chain.broadcast(transaction.raw);
      return;
    }
    case 'crash':
      plan.crashAt(step.point);
      return;
    case 'wait':
      world.clock.advance(step.hours * (CHARGEBACK_MS / 24));
  }
}

async function storedOutputs(world: World, orders: readonly Order[]): Promise<string[]> {
  const read = await Promise.all(orders.map((order) => world.read(order)));
  return read.flatMap(({ payments }) => payments.map(({ outPoint }) => outPointKey(outPoint)));
}
