/** Payments that the source no longer has: missing, replaced, rebroadcast. */
import { describe, expect, test } from 'vitest';
import { IN_MEMORY, ON_POSTGRES, onEveryDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { HOUR_MS, MISSING_MS, SETTLEMENT_MS, TTL_MS, World } from '../../../test/support/world.ts';
import { buildTransaction } from '../../chain/sandbox/serialize.ts';
import { parseTransaction } from '../../chain/view/transaction.ts';
import type { ScriptHex, Txid } from '../../kernel/chain.ts';
import { sats } from '../../kernel/sats.ts';
import type { Order, PaymentPlace } from '../../orders/order.ts';
import { pruneTransactions } from './prune-transactions.ts';
import { PaymentRebroadcast } from './rebroadcast-payments.ts';

const FOREIGN_SCRIPT = `0014${'ee'.repeat(20)}` as ScriptHex;

const body = (database: TestDatabase): void => {
  async function open(options: Partial<Parameters<typeof World.open>[0]> = {}): Promise<World> {
    const world = await World.open({ sql: database.store, ...options });
    world.source.isLikeNode = true;
    await world.mine(3);
    return world;
  }
  const placesOf = async (world: World, order: Order): Promise<PaymentPlace[]> =>
    (await world.read(order)).payments.map(({ place }) => place);

  /** Creates an order whose payment was seen and is missing now. */
  async function missing(world: World, requiredConfirmations = 1): Promise<{ order: Order; txid: Txid }> {
    const order = await world.order('10.00', { requiredConfirmations });
    const txid = await world.pay(order);
    await world.round();
    world.source.evicted.add(txid);
    await world.round();
    return { order, txid };
  }

  /** Pays an order with the change of an unconfirmed transaction. */
  async function payFromChange(world: World, { terms }: Order): Promise<{ parent: Txid; txid: Txid }> {
    const parent = await world.chain.send([{ script: FOREIGN_SCRIPT, amount: sats(1_000n) }]);
    const raw = (await world.chain.mempoolTransactions([parent])).get(parent)!;
    const change = parseTransaction(raw).outputs[1]!;
    const rest = { script: change.script, amount: sats(change.amount - terms.amount - 1_000n) };
    const child = buildTransaction([{ txid: parent, vout: 1 }], [{ script: terms.script, amount: terms.amount }, rest]);
    await world.chain.broadcast(child.raw);
    return { parent, txid: child.txid };
  }

  /** Rebroadcasts missing payments once. */
  async function rebroadcast(world: World): Promise<void> {
    let sender: PaymentRebroadcast | undefined;
    await new Promise<void>((taken) => {
      sender = new PaymentRebroadcast({
        store: database.store,
        source: world.source,
        clock: world.clock,
        random: () => 0,
        log: world.log,
        taken,
      });
      sender.start();
    });
    await sender?.stop();
  }

  describe('a missing payment', () => {
    test('counts as seen, past deadlines and restarts', async () => {
      await using world = await open();
      const { order } = await missing(world);
      const since = world.clock.now();
      expect(world.timesMissing).toBe(1);
      for (const hours of [1, 24, 40]) {
        world.clock.advance(hours * HOUR_MS);
        await world.round();
        expect(await world.status(order)).toBe('mempool_unconfirmed');
        expect(await placesOf(world, order)).toEqual([{ kind: 'missing', since }]);
        await world.restart();
        await world.round();
      }
      expect(await world.events(order)).toEqual([]);
      expect((await database.store.stats(10)).missingPayments).toBe(1);
    });

    test('starts no dispute of an order that requires no confirmations', async () => {
      await using world = await open();
      const { order } = await missing(world, 0);
      world.clock.advance(48 * HOUR_MS);
      await world.round();
      expect(await world.status(order)).toBe('paid');
      expect(await world.events(order)).toEqual(['completed']);
    });

    test('is confirmed as usual after a rebroadcast', async () => {
      await using world = await open();
      const { order } = await missing(world);
      await rebroadcast(world);
      await world.round();
      expect(await placesOf(world, order)).toEqual([{ kind: 'mempool' }]);
      await world.mine();
      await world.round();
      expect(await world.events(order)).toEqual(['completed']);
    });

    test('pays the order when it is mined', async () => {
      await using world = await open();
      const { order } = await missing(world);
      await world.mine();
      await world.round();
      expect(await world.status(order)).toBe('paid');
      expect(await world.events(order)).toEqual(['completed']);
    });

    test('is rebroadcast after its unconfirmed parent', async () => {
      await using world = await open();
      const order = await world.order();
      const { parent, txid } = await payFromChange(world, order);
      await world.round();
      world.source.evicted.add(parent).add(txid);
      await world.round();
      expect(await placesOf(world, order)).toMatchObject([{ kind: 'missing' }]);
      await rebroadcast(world);
      expect(world.source.evicted.size).toBe(0);
      await world.round();
      expect(await placesOf(world, order)).toEqual([{ kind: 'mempool' }]);
    });

    test('is reverted when its unconfirmed parent is replaced in a block', async () => {
      await using world = await open();
      const order = await world.order();
      const { parent, txid } = await payFromChange(world, order);
      await world.round();
      world.source.evicted.add(parent).add(txid);
      await world.chain.doubleSpend([parent]);
      await world.round();
      expect(await placesOf(world, order)).toMatchObject([{ kind: 'gone', reason: { kind: 'replaced' } }]);
    });

    test('is reverted when a block double-spends its inputs', async () => {
      await using world = await open();
      const { order, txid } = await missing(world);
      await world.chain.doubleSpend([txid]);
      await world.round();
      const [place] = await placesOf(world, order);
      expect(place).toMatchObject({ kind: 'gone', reason: { kind: 'replaced', block: await world.chain.tip() } });
      expect(await world.status(order)).toBe('pending');
    });

    test('starts a dispute when a block double-spends it and the order required no confirmations', async () => {
      await using world = await open();
      const { order, txid } = await missing(world, 0);
      await world.chain.doubleSpend([txid]);
      await world.round();
      expect(await world.events(order)).toEqual(['completed', 'dispute.start']);
    });

    test('gets a new place when the block of its conflict is rolled back', async () => {
      await using world = await open();
      const { order, txid } = await missing(world);
      await world.chain.doubleSpend([txid]);
      await world.round();
      const [before] = await placesOf(world, order);
      expect(before).toMatchObject({ kind: 'gone' });
      await world.chain.reorganize({ depth: 1, others: 'waiting' });
      await world.round();
      // The conflict is in the mempool again, so it still replaces the payment.
      expect(await placesOf(world, order)).toMatchObject([{ kind: 'gone', reason: { kind: 'replaced', block: null } }]);
    });

    test('is reverted when another mempool transaction spends its inputs', async () => {
      await using world = await open();
      const order = await world.order();
      const txid = await world.pay(order);
      await world.round();
      const by = await world.chain.replace(txid, []);
      await world.round();
      expect(await placesOf(world, order)).toEqual([{ kind: 'gone', reason: { kind: 'replaced', by, block: null } }]);
      expect(await world.status(order)).toBe('pending');
    });

    test('that the buyer has replaced to raise the fee counts once', async () => {
      await using world = await open();
      const order = await world.order();
      const txid = await world.pay(order);
      await world.round();
      await world.chain.replace(txid, [{ script: order.terms.script, amount: order.terms.amount }]);
      await world.round();
      expect(await world.status(order)).toBe('mempool_unconfirmed');
      expect((await placesOf(world, order)).map(({ kind }) => kind).sort()).toEqual(['gone', 'mempool']);
      await world.mine();
      await world.round();
      expect(await world.events(order)).toEqual(['completed']);
    });

    test('is reverted after the timeout if its absence has no known reason', async () => {
      await using world = await open({ missingTimeoutMs: 10 * HOUR_MS });
      const { order } = await missing(world);
      world.clock.advance(10 * HOUR_MS - 1);
      await world.round();
      expect(await world.status(order)).toBe('mempool_unconfirmed');
      world.clock.advance(1);
      await world.round();
      expect(await world.status(order)).toBe('pending');
      expect(await placesOf(world, order)).toEqual([{ kind: 'gone', reason: { kind: 'timed_out' } }]);
      world.source.evicted.clear();
      await world.round();
      expect(await world.status(order)).toBe('mempool_unconfirmed');
    });

    test('does not extend the settlement timeout', async () => {
      await using world = await open();
      const { order } = await missing(world);
      world.clock.advance(TTL_MS + SETTLEMENT_MS);
      await world.round();
      expect(await world.events(order)).toEqual(['expired']);
    });
  });

  test('a payment that is neither in the mempool nor in a block after a reorganisation is missing', async () => {
    await using world = await open();
    const order = await world.order();
    const txid = await world.pay(order);
    await world.mine();
    await world.round();
    expect(await world.events(order)).toEqual(['completed']);
    await world.chain.reorganize({ depth: 1, without: [txid], others: 'mined' });
    await world.round();
    expect(await placesOf(world, order)).toMatchObject([{ kind: 'missing' }]);
    expect(await world.status(order)).toBe('mempool_network_dispute');
    await rebroadcast(world);
    await world.mine();
    await world.round();
    expect(await world.events(order)).toEqual(['completed', 'dispute.start', 'dispute.end']);
  });

  test('a payment that is double-spent by a reorganisation is reverted immediately', async () => {
    await using world = await open();
    const order = await world.order();
    const txid = await world.pay(order);
    await world.mine();
    await world.round();
    await world.chain.doubleSpend([txid]);
    await world.round();
    expect(await placesOf(world, order)).toMatchObject([{ kind: 'gone', reason: { kind: 'replaced' } }]);
    expect(await world.status(order)).toBe('possible_chargeback');
  });

  test('transactions are stored until their payment is buried or its replacement is', async () => {
    await using world = await open({ finalDepth: 4 });
    const [buried, lost, absent] = [await world.order(), await world.order(), await world.order()];
    const first = await world.pay(buried);
    await world.round();
    await world.mine();
    const second = await world.pay(lost);
    const third = await world.pay(absent);
    await world.round();
    await world.chain.replace(second, []);
    world.source.evicted.add(third);
    await world.round();
    const stored = async (): Promise<string[]> => {
      const context = { ...world.context, missingTimeoutMs: MISSING_MS, outPoints: world.outPoints };
      await pruneTransactions(context, new AbortController().signal);
      return (await database.store.transactions.list(undefined, 100)).map(({ txid }) => txid);
    };
    expect(await stored()).toEqual([first, second, third].sort());
    await world.mine(2);
    await world.round();
    expect(await stored()).toContain(first);
    await world.mine(1);
    await world.round();
    expect(await stored()).not.toContain(first);
    expect(await stored()).toContain(second);
    await world.mine(1);
    await world.round();
    expect(await stored()).not.toContain(second);
  });
};
await onEveryDatabase('follow-chain-missing.test.ts', body, [IN_MEMORY, ON_POSTGRES]);
