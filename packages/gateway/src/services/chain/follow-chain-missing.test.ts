/** Payments that the source no longer has: forgotten, replaced, brought back. */
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

const NOBODYS = `0014${'ee'.repeat(20)}` as ScriptHex;

const body = (database: TestDatabase): void => {
  async function open(options: Partial<Parameters<typeof World.open>[0]> = {}): Promise<World> {
    const world = await World.open({ sql: database.store, ...options });
    world.likeNode = true;
    await world.mine(3);
    return world;
  }
  const placesOf = async (world: World, order: Order): Promise<PaymentPlace[]> =>
    (await world.read(order)).payments.map(({ place }) => place);

  /** An order whose payment was seen, and then forgotten by the source. */
  async function forgotten(world: World, requiredConfirmations = 1): Promise<{ order: Order; txid: Txid }> {
    const order = await world.order('10.00', { requiredConfirmations });
    const txid = await world.pay(order);
    await world.round();
    world.forgotten.add(txid);
    await world.round();
    return { order, txid };
  }

  /** Pays an order with the change of a transaction that waits as well. */
  async function payFromChange(world: World, { terms }: Order): Promise<{ parent: Txid; txid: Txid }> {
    const parent = await world.chain.send([{ script: NOBODYS, amount: sats(1_000n) }]);
    const raw = (await world.chain.mempoolTransactions([parent])).get(parent)!;
    const change = parseTransaction(raw).outputs[1]!;
    const rest = { script: change.script, amount: sats(change.amount - terms.amount - 1_000n) };
    const child = buildTransaction([{ txid: parent, vout: 1 }], [{ script: terms.script, amount: terms.amount }, rest]);
    await world.chain.broadcast(child.raw);
    return { parent, txid: child.txid };
  }

  /** Sends what is missing again, once. */
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

  describe('a payment that the source has forgotten', () => {
    test('counts as seen, over deadlines and restarts', async () => {
      await using world = await open();
      const { order } = await forgotten(world);
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

    test('opens no dispute where no confirmations are asked for', async () => {
      await using world = await open();
      const { order } = await forgotten(world, 0);
      world.clock.advance(48 * HOUR_MS);
      await world.round();
      expect(await world.status(order)).toBe('paid');
      expect(await world.events(order)).toEqual(['completed']);
    });

    test('is as if it had never been away when it is sent again', async () => {
      await using world = await open();
      const { order } = await forgotten(world);
      await rebroadcast(world);
      await world.round();
      expect(await placesOf(world, order)).toEqual([{ kind: 'mempool' }]);
      await world.mine();
      await world.round();
      expect(await world.events(order)).toEqual(['completed']);
    });

    test('is paid when it is mined all the same', async () => {
      await using world = await open();
      const { order } = await forgotten(world);
      await world.mine();
      await world.round();
      expect(await world.status(order)).toBe('paid');
      expect(await world.events(order)).toEqual(['completed']);
    });

    test('is sent again after its unconfirmed parent', async () => {
      await using world = await open();
      const order = await world.order();
      const { parent, txid } = await payFromChange(world, order);
      await world.round();
      world.forgotten.add(parent).add(txid);
      await world.round();
      expect(await placesOf(world, order)).toMatchObject([{ kind: 'missing' }]);
      await rebroadcast(world);
      expect(world.forgotten.size).toBe(0);
      await world.round();
      expect(await placesOf(world, order)).toEqual([{ kind: 'mempool' }]);
    });

    test('is gone when its unconfirmed parent is replaced in a block', async () => {
      await using world = await open();
      const order = await world.order();
      const { parent, txid } = await payFromChange(world, order);
      await world.round();
      world.forgotten.add(parent).add(txid);
      await world.chain.doubleSpend([parent]);
      await world.round();
      expect(await placesOf(world, order)).toMatchObject([{ kind: 'gone', reason: { kind: 'replaced' } }]);
    });

    test('is gone when a block spends its inputs otherwise, and pays nobody we know', async () => {
      await using world = await open();
      const { order, txid } = await forgotten(world);
      await world.chain.doubleSpend([txid]);
      await world.round();
      const [place] = await placesOf(world, order);
      expect(place).toMatchObject({ kind: 'gone', reason: { kind: 'replaced', block: await world.chain.tip() } });
      expect(await world.status(order)).toBe('pending');
    });

    test('is disputed when a block spends the inputs of what was paid without confirmations', async () => {
      await using world = await open();
      const { order, txid } = await forgotten(world, 0);
      await world.chain.doubleSpend([txid]);
      await world.round();
      expect(await world.events(order)).toEqual(['completed', 'dispute.start']);
    });

    test('is judged anew when the block of its conflict is undone', async () => {
      await using world = await open();
      const { order, txid } = await forgotten(world);
      await world.chain.doubleSpend([txid]);
      await world.round();
      const [before] = await placesOf(world, order);
      expect(before).toMatchObject({ kind: 'gone' });
      await world.chain.reorganize({ depth: 1, others: 'waiting' });
      await world.round();
      // The conflict waits in the mempool again, so it still replaces the payment.
      expect(await placesOf(world, order)).toMatchObject([{ kind: 'gone', reason: { kind: 'replaced', block: null } }]);
    });

    test('is gone when another transaction of the mempool spends its inputs', async () => {
      await using world = await open();
      const order = await world.order();
      const txid = await world.pay(order);
      await world.round();
      const by = await world.chain.replace(txid, []);
      await world.round();
      expect(await placesOf(world, order)).toEqual([{ kind: 'gone', reason: { kind: 'replaced', by, block: null } }]);
      expect(await world.status(order)).toBe('pending');
    });

    test('whose fee the buyer has raised counts once, by the new transaction', async () => {
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

    test('is given up when nothing explains its absence for as long as the settings allow', async () => {
      await using world = await open({ missingTimeoutMs: 10 * HOUR_MS });
      const { order } = await forgotten(world);
      world.clock.advance(10 * HOUR_MS - 1);
      await world.round();
      expect(await world.status(order)).toBe('mempool_unconfirmed');
      world.clock.advance(1);
      await world.round();
      expect(await world.status(order)).toBe('pending');
      expect(await placesOf(world, order)).toEqual([{ kind: 'gone', reason: { kind: 'timed_out' } }]);
      world.forgotten.clear();
      await world.round();
      expect(await world.status(order)).toBe('mempool_unconfirmed');
    });

    test('waits for its confirmations no longer than one that is seen', async () => {
      await using world = await open();
      const { order } = await forgotten(world);
      world.clock.advance(TTL_MS + SETTLEMENT_MS);
      await world.round();
      expect(await world.events(order)).toEqual(['expired']);
    });
  });

  test('a payment whose block is undone, and that the source then lacks, is missing and not gone', async () => {
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

  test('a payment whose block is undone for one that spends its inputs otherwise is gone at once', async () => {
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

  test('transactions are kept until a payment is buried, or has been gone for long', async () => {
    await using world = await open({ finalDepth: 4 });
    const [buried, lost, waits] = [await world.order(), await world.order(), await world.order()];
    const first = await world.pay(buried);
    await world.round();
    await world.mine();
    const second = await world.pay(lost);
    const third = await world.pay(waits);
    await world.round();
    await world.chain.replace(second, []);
    world.forgotten.add(third);
    await world.round();
    const kept = async (): Promise<string[]> => {
      const context = { ...world.context, missingTimeoutMs: MISSING_MS, outPoints: world.outPoints };
      await pruneTransactions(context, new AbortController().signal);
      return (await database.store.transactions.list(undefined, 100)).map(({ txid }) => txid);
    };
    expect(await kept()).toEqual([first, second, third].sort());
    await world.mine(2);
    await world.round();
    expect(await kept()).toContain(first);
    await world.mine(1);
    await world.round();
    expect(await kept()).not.toContain(first);
    expect(await kept()).toContain(second);
    await world.mine(1);
    await world.round();
    expect(await kept()).not.toContain(second);
  });
};
await onEveryDatabase('follow-chain-missing.test.ts', body, [IN_MEMORY, ON_POSTGRES]);
