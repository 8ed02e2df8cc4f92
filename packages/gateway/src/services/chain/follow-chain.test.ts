import { describe, expect, test } from 'vitest';
import { IN_MEMORY, ON_POSTGRES, onEveryDatabase, type TestDatabase } from '../../../test/support/every-database.ts';
import { CHARGEBACK_MS, HOUR_MS, SETTLEMENT_MS, TEN_EUROS, TTL_MS, World } from '../../../test/support/world.ts';
import type { Txid } from '../../kernel/chain.ts';
import { plusMs } from '../../kernel/clock.ts';
import { sats } from '../../kernel/sats.ts';

const following = (database: TestDatabase): void => {
  const open = (finalDepth = 100): Promise<World> => World.open({ sql: database.store, finalDepth });

  describe('an order', () => {
    test('passes through every status, and keeps each one after a restart', async () => {
      await using world = await open();
      const order = await world.order('10.00', { requiredConfirmations: 2 });
      const steps: [what: () => Promise<unknown>, status: string, events: string[]][] = [
        [async () => {}, 'pending', []],
        [() => world.pay(order, 40_000n), 'partial', []],
        [() => world.mine(), 'partial', []],
        [() => world.pay(order, 60_000n), 'mempool_unconfirmed', []],
        [() => world.mine(), 'unconfirmed', []],
        [() => world.mine(), 'paid', ['completed']],
        [() => world.pay(order, 1n), 'paid', ['completed']],
        [() => world.mine(), 'paid', ['completed']],
        [() => world.mine(), 'paid', ['completed', 'overpaid']],
        [() => world.mine(3), 'paid', ['completed', 'overpaid']],
      ];
      for (const [step, [what, status, events]] of steps.entries()) {
        await what();
        await world.round();
        expect({ step, status: await world.status(order), events: await world.events(order) }).toEqual({ step, status, events });
        const before = await world.read(order);
        await world.restart();
        await world.round();
        expect(await world.read(order)).toEqual(before);
        expect(await world.events(order)).toEqual(events);
      }
      expect(world.warnings).toEqual([]);
    });

    test('is completed and overpaid by one payment that was confirmed before the first round', async () => {
      await using world = await open();
      const order = await world.order();
      await world.pay(order, TEN_EUROS + 1n);
      await world.mine(40);
      await world.round();
      expect(await world.status(order)).toBe('paid');
      expect(await world.events(order)).toEqual(['completed', 'overpaid']);
    });

    test('is paid by a payment in the mempool if it requires no confirmations', async () => {
      await using world = await open();
      const order = await world.order('10.00', { requiredConfirmations: 0 });
      await world.pay(order);
      await world.round();
      expect(await world.events(order)).toEqual(['completed']);
      await world.mine();
      await world.round();
      expect(await world.events(order)).toEqual(['completed']);
    });

    test('wakes the delivery of callbacks only when it has stored one', async () => {
      await using world = await open();
      const order = await world.order();
      await world.pay(order);
      await world.round();
      expect(world.wakes).toBe(0);
      await world.mine();
      await world.round();
      expect(world.wakes).toBe(1);
    });

    test('is reported as it was at the time of the event, although it has changed since', async () => {
      await using world = await open();
      const order = await world.order('10.00', { reference: 'R-7' });
      const txid = await world.pay(order);
      await world.mine();
      await world.round();
      await world.pay(order, 5n);
      await world.mine();
      await world.round();
      const bodies = (await database.store.callbacks.ofOrder(order.terms.id)).map(({ body }) => JSON.parse(body) as unknown);
      const object = { uuid: order.terms.id, reference: 'R-7', btc_amount: Number(TEN_EUROS) };
      expect(bodies).toMatchObject([
        {
          event: 'payment.completed',
          object: { ...object, state: { status: 'paid', paid: { crypto: 100_000 } }, transactions: [{ txid }] },
        },
        { event: 'payment.overpaid', object: { ...object, state: { status: 'paid', paid: { crypto: 100_005 } } } },
      ]);
    });
  });

  describe('an unpaid order', () => {
    test('expires at its expiration time, and not a millisecond before', async () => {
      await using world = await open();
      const order = await world.order();
      await world.pay(order, TEN_EUROS - 1n);
      world.clock.advance(TTL_MS - 1);
      await world.round();
      expect(await world.status(order)).toBe('partial');
      world.clock.advance(1);
      await world.round();
      expect(await world.status(order)).toBe('expired');
      expect(await world.events(order)).toEqual(['expired']);
    });

    test('waits for confirmations if it is covered, and expires when they do not come', async () => {
      await using world = await open();
      const [confirmed, lost] = [await world.order(), await world.order()];
      await world.pay(confirmed);
      const txid = await world.pay(lost);
      await world.round();
      await world.chain.evict([txid]);
      world.clock.advance(TTL_MS + SETTLEMENT_MS - 1);
      await world.round();
      expect([await world.status(confirmed), await world.status(lost)]).toEqual(['mempool_unconfirmed', 'pending']);
      await world.mine();
      await world.round();
      world.clock.advance(1);
      await world.round();
      expect([await world.events(confirmed), await world.events(lost)]).toEqual([['completed'], ['expired']]);
    });

    test('reports every late output once, when it is confirmed', async () => {
      await using world = await open();
      const order = await world.order('10.00', { requiredConfirmations: 2 });
      world.clock.advance(TTL_MS);
      await world.round();
      await world.pay(order, 30_000n);
      await world.round();
      await world.mine();
      await world.round();
      expect(await world.events(order)).toEqual(['expired']);
      await world.mine();
      await world.round();
      expect(await world.events(order)).toEqual(['expired', 'overpaid']);
      await world.mine(5);
      await world.restart();
      await world.round();
      expect(await world.events(order)).toEqual(['expired', 'overpaid']);
      world.clock.advance(1);
      await world.pay(order, 600n);
      await world.mine(2);
      await world.round();
      expect(await world.events(order)).toEqual(['expired', 'overpaid', 'overpaid']);
      expect((await world.read(order)).payments.map(({ amount }) => amount)).toEqual([30_000n, 600n]);
      expect(await world.status(order)).toBe('expired');
    });
  });

  describe('a transaction', () => {
    test('that pays two orders pays both, and its other outputs are ignored', async () => {
      await using world = await open();
      const [a, b] = [await world.order('10.00'), await world.order('20.00')];
      const stranger = { script: '0014ffffffffffffffffffffffffffffffffffffffff' as never, amount: sats(5n) };
      const txid = await world.chain.send([
        { script: b.terms.script, amount: b.terms.amount },
        stranger,
        { script: a.terms.script, amount: a.terms.amount },
      ]);
      await world.round();
      expect([await world.status(a), await world.status(b)]).toEqual(['mempool_unconfirmed', 'mempool_unconfirmed']);
      await world.mine();
      await world.round();
      expect([await world.events(a), await world.events(b)]).toEqual([['completed'], ['completed']]);
      expect((await world.read(a)).payments.map(({ outPoint }) => outPoint)).toEqual([{ txid, vout: 2 }]);
      expect((await world.read(b)).payments.map(({ outPoint }) => outPoint)).toEqual([{ txid, vout: 0 }]);
    });

    test('that pays an order twice counts with both outputs', async () => {
      await using world = await open();
      const order = await world.order();
      const half = { script: order.terms.script, amount: sats(TEN_EUROS / 2n) };
      await world.chain.send([half, half]);
      await world.round();
      expect(await world.status(order)).toBe('mempool_unconfirmed');
      await world.mine();
      await world.round();
      expect(await world.events(order)).toEqual(['completed']);
      expect((await world.read(order)).payments.map(({ outPoint }) => outPoint.vout)).toEqual([0, 1]);
    });

    test('keeps the time at which it was first seen, wherever it goes later', async () => {
      await using world = await open();
      const order = await world.order('10.00', { requiredConfirmations: 3 });
      await world.pay(order);
      await world.round();
      const firstSeenAt = world.clock.now();
      for (const move of [() => world.mine(), () => world.chain.reorganize({ depth: 1, others: 'waiting' })]) {
        world.clock.advance(60_000);
        await move();
        await world.round();
        expect((await world.read(order)).payments).toMatchObject([{ firstSeenAt }]);
      }
    });

    test('that is evicted no longer counts, and counts again when it comes back', async () => {
      await using world = await open();
      const order = await world.order();
      const txid = await world.pay(order);
      const raw = await rawOf(world, txid);
      await world.round();
      await world.chain.evict([txid]);
      await world.round();
      expect(await world.status(order)).toBe('pending');
      expect((await world.read(order)).payments).toMatchObject([{ place: { kind: 'gone' } }]);
      await world.chain.broadcast(raw);
      await world.round();
      expect(await world.status(order)).toBe('mempool_unconfirmed');
      await world.mine();
      await world.round();
      expect(await world.events(order)).toEqual(['completed']);
    });

    test('that was sent while the gateway was down is found after its start', async () => {
      await using world = await open();
      const order = await world.order();
      await world.pay(order);
      await world.restart();
      await world.round();
      expect(await world.status(order)).toBe('mempool_unconfirmed');
    });
  });

  describe('a reorganisation', () => {
    async function paidOrder(
      world: World,
      requiredConfirmations = 1,
    ): Promise<{ order: Awaited<ReturnType<World['order']>>; txid: Txid; raw: Uint8Array }> {
      const order = await world.order('10.00', { requiredConfirmations });
      const txid = await world.pay(order);
      const raw = await rawOf(world, txid);
      await world.mine(requiredConfirmations);
      await world.round();
      expect(await world.events(order)).toEqual(['completed']);
      return { order, txid, raw };
    }

    test.each([1, 2, 3])('of depth %i with the payment in both branches starts no dispute', async (depth) => {
      await using world = await open();
      await world.mine(5);
      const { order } = await paidOrder(world, 3);
      const [before] = (await world.read(order)).payments;
      await world.chain.reorganize({ depth, others: 'mined' });
      await world.round();
      expect(await world.status(order)).toBe('paid');
      expect(await world.events(order)).toEqual(['completed']);
      const [after] = (await world.read(order)).payments;
      const stillThere = depth < 3;
      expect(after!.place).toEqual(stillThere ? before!.place : { kind: 'block', ...(await world.chain.blockAt(6)) });
    });

    test('that loses a payment starts a dispute, which ends when the payment is confirmed again', async () => {
      await using world = await open();
      await world.mine(5);
      const { order, txid, raw } = await paidOrder(world);
      await world.chain.reorganize({ depth: 1, without: [txid], others: 'mined' });
      await world.round();
      expect(await world.status(order)).toBe('possible_chargeback');
      expect(await world.events(order)).toEqual(['completed', 'dispute.start']);
      await world.chain.broadcast(raw);
      await world.round();
      expect(await world.status(order)).toBe('mempool_network_dispute');
      await world.mine();
      await world.round();
      expect(await world.status(order)).toBe('paid');
      expect(await world.events(order)).toEqual(['completed', 'dispute.start', 'dispute.end']);
    });

    test('that leaves a payment with too few confirmations starts a dispute until it has enough again', async () => {
      await using world = await open();
      await world.mine(5);
      const { order } = await paidOrder(world, 3);
      await world.chain.reorganize({ depth: 3, others: 'waiting' });
      await world.round();
      expect(await world.status(order)).toBe('mempool_network_dispute');
      await world.mine(2);
      await world.round();
      expect(await world.status(order)).toBe('network_dispute');
      await world.mine();
      await world.round();
      expect(await world.events(order)).toEqual(['completed', 'dispute.start', 'dispute.end']);
    });

    test('that loses a payment for the chargeback timeout ends in a chargeback', async () => {
      await using world = await open();
      await world.mine(5);
      const { order, txid, raw } = await paidOrder(world);
      await world.chain.reorganize({ depth: 1, without: [txid], others: 'mined' });
      await world.round();
      world.clock.advance(CHARGEBACK_MS - 1);
      await world.round();
      expect(await world.status(order)).toBe('possible_chargeback');
      world.clock.advance(1);
      await world.round();
      expect(await world.status(order)).toBe('chargeback');
      expect(await world.events(order)).toEqual(['completed', 'dispute.start', 'chargeback']);
      await world.chain.broadcast(raw);
      await world.mine();
      await world.round();
      expect(await world.status(order)).toBe('chargeback');
      expect((await world.read(order)).payments).toMatchObject([{ place: { kind: 'block' } }]);
    });

    test('rolls back the payments in several blocks, and no others', async () => {
      await using world = await open();
      await world.mine(5);
      const safe = await paidOrder(world);
      const [a, b] = [await paidOrder(world), await paidOrder(world)];
      await world.chain.reorganize({ depth: 2, without: [b.txid], others: 'waiting' });
      await world.round();
      expect([await world.status(safe.order), await world.status(a.order), await world.status(b.order)]).toEqual([
        'paid',
        'mempool_network_dispute',
        'possible_chargeback',
      ]);
    });

    test('that reaches buried payments is still noticed', async () => {
      await using world = await open(3);
      await world.mine(5);
      const { order, txid } = await paidOrder(world);
      await world.mine(6);
      await world.round();
      expect(await database.store.orders.watchedIds()).toEqual([]);
      await world.chain.reorganize({ depth: 7, without: [txid], others: 'mined' });
      await world.round();
      expect(await world.events(order)).toEqual(['completed', 'dispute.start']);
    });

    test('that happened while the gateway was down is followed after its start', async () => {
      await using world = await open();
      await world.mine(5);
      const [remaining, lost] = [await paidOrder(world), await paidOrder(world)];
      await world.chain.reorganize({ depth: 2, without: [lost.txid], others: 'mined' });
      await world.mine(50);
      await world.restart();
      await world.round();
      expect([await world.events(remaining.order), await world.events(lost.order)]).toEqual([
        ['completed'],
        ['completed', 'dispute.start'],
      ]);
    });

    test('back to the earlier branch ends the dispute', async () => {
      await using world = await open();
      await world.mine(5);
      const { order, txid, raw } = await paidOrder(world);
      await world.chain.reorganize({ depth: 1, without: [txid], others: 'mined' });
      await world.round();
      await world.chain.broadcast(raw);
      await world.mine();
      await world.chain.reorganize({ depth: 1, others: 'mined' });
      await world.round();
      expect(await world.events(order)).toEqual(['completed', 'dispute.start', 'dispute.end']);
    });
  });

  describe('watching an order', () => {
    test('ends when all its payments are buried', async () => {
      await using world = await open(3);
      const order = await world.order('10.00', { requiredConfirmations: 1 });
      const watched = (): Promise<string[]> => database.store.orders.watchedIds();
      await world.round();
      expect(await watched()).toEqual([]);
      await world.pay(order);
      await world.round();
      expect(await watched()).toEqual([order.terms.id]);
      await world.mine(2);
      await world.round();
      expect(await watched()).toEqual([order.terms.id]);
      await world.mine();
      await world.round();
      expect(await watched()).toEqual([]);
    });

    test('does not end before its required confirmations', async () => {
      await using world = await open(3);
      const order = await world.order('10.00', { requiredConfirmations: 6 });
      await world.pay(order);
      await world.mine(5);
      await world.round();
      expect(await world.status(order)).toBe('unconfirmed');
      expect(await database.store.orders.watchedIds()).toEqual([order.terms.id]);
      await world.mine();
      await world.round();
      expect(await world.events(order)).toEqual(['completed']);
    });
  });

  describe('after an outage', () => {
    test('the chain is read up to its tip before any order expires', async () => {
      await using world = await open();
      const [paid, partly, unpaid, late] = await Promise.all([world.order(), world.order(), world.order(), world.order()]);
      world.source.isDown = true;
      await world.pay(paid);
      await world.mine(60);
      await world.pay(partly, 1000n);
      await world.mine(60);
      world.clock.advance(24 * HOUR_MS);
      await world.pay(late);
      const round = world.round();
      await until(() => world.watcher.status.trouble !== undefined);
      expect(await database.store.callbacks.queues()).toEqual([]);
      expect(await database.store.chain.tip()).toMatchObject({ height: 0 });

      world.source.isDown = false;
      await round;
      expect(await Promise.all([paid, partly, unpaid].map((order) => world.events(order)))).toEqual([
        ['completed'],
        ['expired', 'overpaid'],
        ['expired'],
      ]);
      // Seen while it was still pending: the outage is not the buyer's fault.
      expect(await world.status(late)).toBe('mempool_unconfirmed');
      expect(world.watcher.status).toMatchObject({ trouble: undefined, tip: { height: 120 } });
    });

    test('a restart during the catch-up neither loses payments nor judges orders before the tip', async () => {
      await using world = await open();
      const order = await world.order();
      await world.mine(20);
      await world.pay(order);
      await world.mine(60);
      world.clock.advance(TTL_MS);
      await world.restart();
      await world.restart();
      await world.round();
      expect(await world.events(order)).toEqual(['completed']);
      expect(await database.store.chain.tip()).toEqual(await world.chain.tip());
    });

    test('only the newest 400 blocks are stored', async () => {
      await using world = await open();
      await world.mine(410);
      await world.round();
      const heights = (await database.store.chain.recent(1000)).map(({ height }) => height);
      expect(heights).toEqual(Array.from({ length: 400 }, (_, n) => 410 - n));
    });
  });

  test('the next deadline is the earliest one, and moves on when the order is judged', async () => {
    await using world = await open();
    const order = await world.order();
    expect(await database.store.orders.nextDeadline()).toBe(plusMs(world.clock.now(), TTL_MS));
    await world.pay(order);
    await world.round();
    expect(await database.store.orders.nextDeadline()).toBe(plusMs(world.clock.now(), TTL_MS + SETTLEMENT_MS));
    await world.mine();
    await world.round();
    expect(await database.store.orders.nextDeadline()).toBeUndefined();
  });
};
await onEveryDatabase('follow-chain.test.ts', following, [IN_MEMORY, ON_POSTGRES]);

async function rawOf(world: World, txid: Txid): Promise<Uint8Array> {
  return (await world.chain.mempoolTransactions([txid])).get(txid)!;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}
