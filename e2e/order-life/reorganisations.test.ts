/**
 * Blocks that are rolled back and replaced, on a real node: payments that are mined again, return to the mempool, or are lost.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBitcoind } from '../../test/support/find-bitcoind.ts';
import type { Coin, Made } from '../../test/support/open-coins.ts';
import {
  CHARGEBACK_MS,
  FINAL_DEPTH,
  HOUR_MS,
  PRICE,
  Stage,
  paidBy,
  type ExpectedState,
  type StageOrder,
} from './support/stage.ts';

const bitcoind = await findBitcoind('e2e/order-life/reorganisations.test.ts');

// skip: no Bitcoin node was found; findBitcoind says so, and CI fails
describe.skipIf(bitcoind === undefined)('a reorganisation', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ bitcoind: bitcoind! });
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());
  // The next test must not see what another one left in the mempool.
  beforeEach(() => stage.coins.mine());

  interface Paid {
    readonly order: StageOrder;
    readonly coin: Coin;
    readonly made: Made;
    /** The block with the payment. */
    readonly block: string;
  }

  async function paidOrder(confirmations = 1): Promise<Paid> {
    const order = await stage.order(confirmations);
    const coin = stage.coins.take();
    const made = stage.make([[order, PRICE]], [coin]);
    await stage.coins.broadcast(made);
    const [block = ''] = await stage.coins.mine(confirmations);
    await stage.assertState(order, paidBy(made));
    return { order, coin, made, block };
  }

  const lost = ({ txid }: Made, events: string): ExpectedState => ({
    status: 'network_dispute',
    chain: 'possible_chargeback',
    unpaid: PRICE,
    transactions: [[txid, 'reverted', PRICE]],
    events,
  });

  /** Replaces the blocks from `block` on by a branch in which the coin was spent elsewhere. */
  async function doubleSpend({ block, coin }: Paid): Promise<string> {
    await stage.undo(block);
    const conflict = stage.make([], [coin, stage.coins.take()]);
    const first = await stage.coins.mineOnly([conflict]);
    await stage.coins.mine(1);
    return first;
  }

  test('that mines a payment again with as many confirmations reports nothing', async () => {
    const { order, made, block } = await paidOrder();
    await stage.stopGateway();
    await stage.undo(block);
    await stage.coins.mine(2);
    await stage.startGateway();
    await stage.assertState(order, paidBy(made));
  });

  test('that returns a payment to the mempool starts a dispute, which ends when it is mined again', async () => {
    const { order, made, block } = await paidOrder();
    await stage.undo(block);
    await stage.coins.mineOnly();
    await stage.coins.mineOnly();
    await stage.assertState(order, {
      status: 'network_dispute',
      chain: 'mempool_network_dispute',
      confirming: PRICE,
      transactions: [[made.txid, 'mempool', PRICE]],
      events: 'completed dispute.start',
    });
    await stage.coins.mine();
    await stage.assertState(order, paidBy(made, 'completed dispute.start dispute.end'));
  });

  test('that leaves a payment too few confirmations starts a dispute, which ends when it has them', async () => {
    const { order, made, block } = await paidOrder(3);
    await stage.undo(block);
    await stage.coins.mineOnly();
    await stage.coins.mineOnly();
    await stage.coins.mineOnly([made]);
    await stage.coins.mineOnly();
    await stage.assertState(order, {
      status: 'network_dispute',
      confirming: PRICE,
      transactions: [[made.txid, 'unconfirmed', PRICE]],
      events: 'completed dispute.start',
    });
    await stage.coins.mine();
    await stage.assertState(order, paidBy(made, 'completed dispute.start dispute.end'));
  });

  test('that reverts a payment starts a dispute, which becomes a final chargeback', async () => {
    const all = await paidOrder();
    const { order, made, block } = all;
    const branch = await doubleSpend(all);
    await stage.assertState(order, lost(made, 'completed dispute.start'));
    stage.advance(CHARGEBACK_MS - 1);
    await stage.assertState(order, lost(made, 'completed dispute.start'));
    stage.advance(1);
    const chargedBack: ExpectedState = {
      ...lost(made, 'completed dispute.start chargeback'),
      status: 'chargeback',
      chain: 'chargeback',
    };
    await stage.assertState(order, chargedBack);

    // The first branch wins after all: the payment is recorded and reported as overpaid, but the order stays charged back.
    await stage.undo(branch);
    await stage.node.rpc('reconsiderblock', [block]);
    await stage.coins.mine();
    await stage.assertState(order, {
      ...paidBy(made, 'completed dispute.start chargeback overpaid'),
      status: 'chargeback',
      chain: 'chargeback',
    });
  });

  test('after which an order was charged back reports a late payment as overpaid', async () => {
    const all = await paidOrder();
    const { order, made } = all;
    await doubleSpend(all);
    await stage.assertState(order, lost(made, 'completed dispute.start'));
    stage.advance(CHARGEBACK_MS);
    const late = await stage.pay([order, 40_000n]);
    await stage.coins.mine();
    await stage.assertState(order, {
      status: 'chargeback',
      paid: 40_000n,
      unpaid: 60_000n,
      transactions: [
        [made.txid, 'reverted', PRICE],
        [late.txid, 'confirmed', 40_000n],
      ],
      events: 'completed dispute.start chargeback overpaid',
    });
  });

  test('that is rolled back itself ends the dispute, and a later dispute has its whole time again', async () => {
    const all = await paidOrder();
    const { order, made, block } = all;
    const branch = await doubleSpend(all);
    await stage.assertState(order, lost(made, 'completed dispute.start'));
    stage.advance(CHARGEBACK_MS - HOUR_MS);
    await stage.undo(branch);
    await stage.node.rpc('reconsiderblock', [block]);
    await stage.coins.mine(1);
    await stage.assertState(order, paidBy(made, 'completed dispute.start dispute.end'));

    await doubleSpend(all);
    await stage.assertState(order, lost(made, 'completed dispute.start dispute.end dispute.start'));
    stage.advance(2 * HOUR_MS);
    await stage.assertState(order, lost(made, 'completed dispute.start dispute.end dispute.start'));
  });

  test('that reverts a partial payment of an open order reports nothing', async () => {
    const order = await stage.order();
    const coin = stage.coins.take();
    const made = stage.make([[order, 40_000n]], [coin]);
    await stage.coins.broadcast(made);
    const [block = ''] = await stage.coins.mine();
    await stage.assertState(order, {
      status: 'pending',
      chain: 'partial',
      paid: 40_000n,
      unpaid: 60_000n,
      transactions: [[made.txid, 'confirmed', 40_000n]],
    });
    await doubleSpend({ order, coin, made, block });
    await stage.assertState(order, { status: 'pending', unpaid: PRICE, transactions: [[made.txid, 'reverted', 40_000n]] });
  });

  test('of twelve blocks disputes an order that required one confirmation', async () => {
    const all = await paidOrder();
    const { order, made } = all;
    await stage.coins.mine(11);
    await stage.assertState(order, paidBy(made));
    await stage.undo(all.block);
    const conflict = stage.make([], [all.coin, stage.coins.take()]);
    await stage.coins.mineOnly([conflict]);
    await stage.coins.mine(12);
    await stage.assertState(order, lost(made, 'completed dispute.start'));
  });

  test('beyond the final depth is no longer checked with every block, but late payments still count', async () => {
    const { order, made } = await paidOrder();
    await stage.coins.mine(FINAL_DEPTH);
    await stage.assertState(order, paidBy(made));
    const { store } = stage.gateway.context;
    expect(await store.orders.watchedIds()).not.toContain(order.id);
    const late = await stage.pay([order, 5_000n]);
    await stage.coins.mine();
    await stage.assertState(order, {
      ...paidBy(made, 'completed overpaid'),
      paid: PRICE + 5_000n,
      transactions: [
        [made.txid, 'confirmed', PRICE],
        [late.txid, 'confirmed', 5_000n],
      ],
    });
  });
});
