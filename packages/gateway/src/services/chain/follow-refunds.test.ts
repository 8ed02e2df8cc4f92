import { describe, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { World } from '../../../test/support/world.ts';
import type { ScriptHex } from '../../kernel/chain.ts';
import { parseId, type RefundId } from '../../kernel/ids.ts';
import { sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import { OPERATOR } from '../../people/viewer.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { approveRefund } from '../refunds/approve-refund.ts';
import { closeRefund } from '../refunds/close-refund.ts';
import { linkPayout } from '../refunds/link-payout.ts';
import { readRefund } from '../refunds/read-refund.ts';
import type { RefundContext } from '../refunds/refund-context.ts';
import { requestRefund } from '../refunds/request-refund.ts';

const DESTINATION = {
  address: 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080',
  script: '0014751e76e8199196d454941c45d1b3a323f1433bd6' as ScriptHex,
};
const MERCHANT = { kind: 'command' } as const;
const AMOUNT = 60_000n;

await onEveryDatabase('follow-refunds.test.ts', (database) => {
  /** Opens a world with a POS that asks for the events of refunds, and an order that is paid. */
  async function newWorld(options: Partial<Parameters<typeof World.open>[0]> = {}): Promise<{ world: World; order: Order }> {
    const world = await World.open({ sql: database.store, ...options });
    await database.db.updateTable('pos').set({ refund_events: 1 }).execute();
    const order = await world.order('10.00', { requiredConfirmations: 2 });
    await world.pay(order);
    await world.mine(2);
    await world.round();
    return { world, order };
  }
  const contextOf = (world: World): RefundContext => ({ ...world.context, keys: deriveKeys(Buffer.alloc(32, 1)) });
  const request = async (world: World, order: Order): Promise<RefundId> => {
    const id = parseId<RefundId>(world.context.newUuid());
    const { address: destination } = DESTINATION;
    return (await requestRefund(contextOf(world), MERCHANT, { id, orderId: order.terms.id, destination, reason: '' })).id;
  };
  const approve = (world: World, id: RefundId, amount = AMOUNT) =>
    approveRefund(contextOf(world), MERCHANT, id, { kind: 'satoshi', amount: sats(amount) });
  async function approved(world: World, order: Order, amount = AMOUNT): Promise<RefundId> {
    const id = await request(world, order);
    await approve(world, id, amount);
    return id;
  }
  const payRefund = (world: World, amount = AMOUNT) => world.chain.pay(DESTINATION.script, sats(amount));
  const status = async (...ids: RefundId[]): Promise<unknown> => {
    const found = await Promise.all(ids.map((id) => database.store.refunds.get(id)));
    return found.map((refund) => refund?.state.status).join(' ');
  };
  const refundEvents = async (world: World, order: Order): Promise<string[]> =>
    (await world.events(order)).filter((event) => event.startsWith('refund'));

  describe('the payment of a refund', () => {
    test('is seen, confirmed, lost in a reorganisation and confirmed again, and each is reported once', async () => {
      const { world, order } = await newWorld();
      await using _ = world;
      const id = await approved(world, order);
      await world.round();
      expect(await status(id)).toBe('approved');
      await payRefund(world);
      await world.round();
      expect(await status(id)).toBe('seen');
      await world.mine(2);
      await world.round();
      expect([await status(id), await refundEvents(world, order)]).toEqual(['confirmed', ['refund.paid']]);
      await world.chain.reorganize({ depth: 2, others: 'waiting' });
      await world.round();
      expect([await status(id), await refundEvents(world, order)]).toEqual(['seen', ['refund.paid', 'refund.reverted']]);
      await world.mine(2);
      await world.round();
      expect([await status(id), await refundEvents(world, order)]).toEqual([
        'confirmed',
        ['refund.paid', 'refund.reverted', 'refund.paid'],
      ]);
    });

    test('may be older than the approval, and the process may restart at any point', async () => {
      const { world, order } = await newWorld();
      await using _ = world;
      const id = await request(world, order);
      await payRefund(world);
      await world.mine();
      await world.round();
      await approve(world, id);
      await world.round();
      expect(await status(id)).toBe('seen');
      await world.restart();
      await world.mine();
      await world.round();
      expect(await status(id)).toBe('confirmed');
      await world.restart();
      const [payout] = await database.store.payouts.toScripts([DESTINATION.script], 9);
      await world.chain.doubleSpend([payout!.outPoint.txid]);
      await world.round();
      expect(await status(id)).toBe('approved');
    });

    test('may be replaced by a transaction with another fee, or by one that pays somebody else', async () => {
      const { world, order } = await newWorld();
      await using _ = world;
      const id = await approved(world, order);
      const first = await payRefund(world);
      await world.round();
      const second = await world.chain.replace(first, [{ script: DESTINATION.script, amount: sats(AMOUNT) }]);
      await world.round();
      expect((await database.store.refunds.get(id))?.state).toMatchObject({ status: 'seen', payout: { txid: second } });
      await world.chain.replace(second, [
        { script: '0014aa00000000000000000000000000000000000000' as ScriptHex, amount: sats(AMOUNT) },
      ]);
      await world.round();
      expect(await status(id)).toBe('approved');
    });

    test('is recognised by its exact amount, and leaves orders alone', async () => {
      const { world, order } = await newWorld();
      await using _ = world;
      const id = await approved(world, order);
      await world.round();
      await payRefund(world, AMOUNT + 1n);
      await world.round();
      expect(await status(id)).toBe('approved');
      expect(await database.store.payouts.toScripts([DESTINATION.script], 9)).toEqual([]);
      expect(await world.status(order)).toBe('paid');
      expect(world.unassigned).toEqual([]);
    });

    test('is not offered to be paid again while an output may have paid it, nor its amount to another after it was cancelled', async () => {
      const { world, order } = await newWorld();
      await using _ = world;
      const isPayable = async (id: RefundId) => (await readRefund(world.context, OPERATOR, id))?.isPayable;
      const id = await approved(world, order);
      expect(await isPayable(id)).toBe(true);
      await world.round();
      // The merchant paid twice by mistake, so it is not clear which output is linked.
      const paid = await payRefund(world);
      await payRefund(world);
      await world.round();
      expect([await status(id), await isPayable(id)]).toEqual(['approved', false]);
      await closeRefund(contextOf(world), MERCHANT, id, '');
      const other = parseId<RefundId>(world.context.newUuid());
      const destination = 'bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx';
      await requestRefund(contextOf(world), MERCHANT, { id: other, orderId: order.terms.id, destination, reason: '' });
      await expect(approve(world, other)).rejects.toMatchObject({ problem: 'paid_before' });
      const linking = { ...contextOf(world), refundsMarked: () => undefined };
      await linkPayout(linking, MERCHANT, id, { txid: paid, vout: 0 });
      // Before the next round, too: otherwise it could be paid twice.
      expect([await status(id), await isPayable(id)]).toEqual(['seen', false]);
      await expect(closeRefund(contextOf(world), MERCHANT, id, '')).rejects.toMatchObject({ problem: 'state' });
      await world.round();
      expect(await status(id)).toBe('seen');
      await expect(approve(world, other)).rejects.toMatchObject({ problem: 'too_much' });
    });

    test('to the same address as another is linked only once both are paid', async () => {
      const { world, order } = await newWorld();
      await using _ = world;
      const other = await world.order();
      await world.pay(other);
      await world.mine(1);
      await world.round();
      const ids = [await approved(world, order), await approved(world, other)];
      await payRefund(world);
      await world.round();
      expect(await status(...ids)).toBe('approved approved');
      await payRefund(world);
      await world.round();
      expect(await status(...ids)).toBe('seen seen');
    });

    test('of a refund that was cancelled is stored, and pays nothing', async () => {
      const { world, order } = await newWorld();
      await using _ = world;
      const id = await approved(world, order);
      await closeRefund(contextOf(world), MERCHANT, id, '');
      await payRefund(world);
      await world.round();
      expect(await status(id)).toBe('cancelled');
      expect(await database.store.payouts.toScripts([DESTINATION.script], 9)).toMatchObject([{ refundId: null }]);
    });

    test('is watched until it is buried', async () => {
      const { world, order } = await newWorld({ finalDepth: 4 });
      await using _ = world;
      const id = await approved(world, order);
      await payRefund(world);
      await world.mine(3);
      await world.round();
      expect(await database.store.refunds.watchedAfter(0, 9)).toHaveLength(1);
      await world.mine();
      await world.round();
      expect([await status(id), await database.store.refunds.watchedAfter(0, 9)]).toEqual(['confirmed', []]);
    });

    test('is not reported to a POS that does not ask for it', async () => {
      const { world, order } = await newWorld();
      await using _ = world;
      await database.db.updateTable('pos').set({ refund_events: 0 }).execute();
      const id = await approved(world, order);
      await payRefund(world);
      await world.mine(2);
      await world.round();
      expect([await status(id), await refundEvents(world, order)]).toEqual(['confirmed', []]);
    });
  });

  test('a round without a refund neither reads nor writes anything about payouts', async () => {
    const { world } = await newWorld();
    await using _ = world;
    expect(world.refunds.isEmpty).toBe(true);
  });
});
