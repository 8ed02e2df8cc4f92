/** Blocks that are undone and made anew, on a real node: out and back, to the mempool, out for good. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBitcoind } from '../../test/support/find-bitcoind.ts';
import type { Coin, Made } from './support/open-coins.ts';
import { CHARGEBACK_MS, FINAL_DEPTH, HOUR_MS, PRICE, Stage, type Standing, type StageOrder } from './support/stage.ts';

const bitcoind = await findBitcoind('e2e/order-life/reorganisations.test.ts');

// skip: only where no Bitcoin node can be had, which findBitcoind says aloud and CI refuses
describe.skipIf(bitcoind === undefined)('blocks that are undone', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ bitcoind: bitcoind! });
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());
  // What another scenario left in the mempool is none of the next one's.
  beforeEach(() => stage.coins.mine());

  interface Paid {
    readonly order: StageOrder;
    readonly coin: Coin;
    readonly made: Made;
    /** The block that holds the payment. */
    readonly block: string;
  }

  async function paidOrder(confirmations = 1): Promise<Paid> {
    const order = await stage.order(confirmations);
    const coin = stage.coins.take();
    const made = stage.make([[order, PRICE]], [coin]);
    await stage.coins.broadcast(made);
    const [block = ''] = await stage.coins.mine(confirmations);
    await stage.assertStands(order, paid(made, 'completed'));
    return { order, coin, made, block };
  }

  const paid = ({ txid }: Made, events: string): Standing => ({
    status: 'paid',
    paid: PRICE,
    confirming: 0n,
    unpaid: 0n,
    transactions: [[txid, 'confirmed', PRICE]],
    events,
  });

  const lost = ({ txid }: Made, events: string): Standing => ({
    status: 'network_dispute',
    chain: 'possible_chargeback',
    paid: 0n,
    confirming: 0n,
    unpaid: PRICE,
    transactions: [[txid, 'reverted', PRICE]],
    events,
  });

  /** Replaces the blocks from `block` on by a branch in which the coin went elsewhere. */
  async function doubleSpend({ block, coin }: Paid): Promise<string> {
    await stage.undo(block);
    const conflict = stage.make([], [coin, stage.coins.take()]);
    const first = await stage.coins.mineOnly([conflict]);
    await stage.coins.mine(1);
    return first;
  }

  test('out and back at once into another block, as deep as before: nothing to tell', async () => {
    const { order, made, block } = await paidOrder();
    await stage.stopGateway();
    await stage.undo(block);
    await stage.coins.mine(2);
    await stage.startGateway();
    await stage.assertStands(order, paid(made, 'completed'));
  });

  test('to the mempool: a dispute, which ends when it is mined again', async () => {
    const { order, made, block } = await paidOrder();
    await stage.undo(block);
    await stage.coins.mineOnly();
    await stage.coins.mineOnly();
    await stage.assertStands(order, {
      status: 'network_dispute',
      chain: 'mempool_network_dispute',
      paid: 0n,
      confirming: PRICE,
      unpaid: 0n,
      transactions: [[made.txid, 'mempool', PRICE]],
      events: 'completed dispute.start',
    });
    await stage.coins.mine();
    await stage.assertStands(order, paid(made, 'completed dispute.start dispute.end'));
  });

  test('into a block that is not deep enough: a dispute in blocks, which ends at the depth asked for', async () => {
    const { order, made, block } = await paidOrder(3);
    await stage.undo(block);
    await stage.coins.mineOnly();
    await stage.coins.mineOnly();
    await stage.coins.mineOnly([made]);
    await stage.coins.mineOnly();
    await stage.assertStands(order, {
      status: 'network_dispute',
      paid: 0n,
      confirming: PRICE,
      unpaid: 0n,
      transactions: [[made.txid, 'unconfirmed', PRICE]],
      events: 'completed dispute.start',
    });
    await stage.coins.mine();
    await stage.assertStands(order, paid(made, 'completed dispute.start dispute.end'));
  });

  test('out for good: a dispute, then a charge-back when its time is over, and final', async () => {
    const all = await paidOrder();
    const { order, made, block } = all;
    const branch = await doubleSpend(all);
    await stage.assertStands(order, lost(made, 'completed dispute.start'));
    stage.advance(CHARGEBACK_MS - 1);
    await stage.assertStands(order, lost(made, 'completed dispute.start'));
    stage.advance(1);
    const chargedBack: Standing = {
      ...lost(made, 'completed dispute.start chargeback'),
      status: 'chargeback',
      chain: 'chargeback',
    };
    await stage.assertStands(order, chargedBack);

    // The first branch wins after all: recorded, told as over-paid, and a charge-back all the same.
    await stage.undo(branch);
    await stage.node.rpc('reconsiderblock', [block]);
    await stage.coins.mine();
    await stage.assertStands(order, {
      ...paid(made, 'completed dispute.start chargeback overpaid'),
      status: 'chargeback',
      chain: 'chargeback',
    });
  });

  test('late on a charged-back order: recorded, and told as over-paid', async () => {
    const all = await paidOrder();
    const { order, made } = all;
    await doubleSpend(all);
    await stage.assertStands(order, lost(made, 'completed dispute.start'));
    stage.advance(CHARGEBACK_MS);
    const late = await stage.pay([order, 40_000n]);
    await stage.coins.mine();
    await stage.assertStands(order, {
      status: 'chargeback',
      paid: 40_000n,
      confirming: 0n,
      unpaid: 60_000n,
      transactions: [
        [made.txid, 'reverted', PRICE],
        [late.txid, 'confirmed', 40_000n],
      ],
      events: 'completed dispute.start chargeback overpaid',
    });
  });

  test('out, and back before the charge-back: the dispute ends, and a later one has its whole time again', async () => {
    const all = await paidOrder();
    const { order, made, block } = all;
    const branch = await doubleSpend(all);
    await stage.assertStands(order, lost(made, 'completed dispute.start'));
    stage.advance(CHARGEBACK_MS - HOUR_MS);
    await stage.undo(branch);
    await stage.node.rpc('reconsiderblock', [block]);
    await stage.coins.mine(1);
    await stage.assertStands(order, paid(made, 'completed dispute.start dispute.end'));

    await doubleSpend(all);
    await stage.assertStands(order, lost(made, 'completed dispute.start dispute.end dispute.start'));
    stage.advance(2 * HOUR_MS);
    await stage.assertStands(order, lost(made, 'completed dispute.start dispute.end dispute.start'));
  });

  test('a partial payment of an open order that is undone: it counts no more, and nothing is told', async () => {
    const order = await stage.order();
    const coin = stage.coins.take();
    const made = stage.make([[order, 40_000n]], [coin]);
    await stage.coins.broadcast(made);
    const [block = ''] = await stage.coins.mine();
    await stage.assertStands(order, {
      status: 'pending',
      chain: 'partial',
      paid: 40_000n,
      confirming: 0n,
      unpaid: 60_000n,
      transactions: [[made.txid, 'confirmed', 40_000n]],
      events: '',
    });
    await doubleSpend({ order, coin, made, block });
    await stage.assertStands(order, {
      status: 'pending',
      paid: 0n,
      confirming: 0n,
      unpaid: PRICE,
      transactions: [[made.txid, 'reverted', 40_000n]],
      events: '',
    });
  });

  test('deeper than the confirmations asked for: twelve blocks are undone under an order of one', async () => {
    const all = await paidOrder();
    const { order, made } = all;
    await stage.coins.mine(11);
    await stage.assertStands(order, paid(made, 'completed'));
    await stage.undo(all.block);
    const conflict = stage.make([], [all.coin, stage.coins.take()]);
    await stage.coins.mineOnly([conflict]);
    await stage.coins.mine(12);
    await stage.assertStands(order, lost(made, 'completed dispute.start'));
  });

  test('the final depth: an order that is buried is no longer looked at with every block, and late bitcoin still counts', async () => {
    const { order, made } = await paidOrder();
    await stage.coins.mine(FINAL_DEPTH);
    await stage.assertStands(order, paid(made, 'completed'));
    const { store } = stage.gateway.context;
    expect(await store.orders.watchedIds()).not.toContain(order.id);
    const late = await stage.pay([order, 5_000n]);
    await stage.coins.mine();
    await stage.assertStands(order, {
      ...paid(made, 'completed overpaid'),
      paid: PRICE + 5_000n,
      transactions: [
        [made.txid, 'confirmed', PRICE],
        [late.txid, 'confirmed', 5_000n],
      ],
    });
  });
});
