/** What time does to an order, on a real node: its expiration, its settlement, and an unreliable clock. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBitcoind } from '../../test/support/find-bitcoind.ts';
import { HOUR_MS, PRICE, SETTLEMENT_MS, Stage, TTL_MS, waitingFor, paidBy } from './support/stage.ts';

const bitcoind = await findBitcoind('e2e/order-life/deadlines.test.ts');

// skip: no Bitcoin node was found; findBitcoind says so, and CI fails
describe.skipIf(bitcoind === undefined)('an order with deadlines', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ bitcoind: bitcoind! });
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());
  beforeEach(() => stage.coins.mine());

  test('is open until the last millisecond and expired from then on', async () => {
    const order = await stage.order();
    stage.advance(TTL_MS - 1);
    await stage.assertState(order, { status: 'pending', unpaid: PRICE });
    stage.advance(1);
    await stage.assertState(order, { status: 'expired', unpaid: PRICE, events: 'expired' });
  });

  test('counts a payment that is first seen at the very moment of its expiry', async () => {
    const order = await stage.order();
    await stage.stopGateway();
    const made = await stage.pay([order, PRICE]);
    stage.advance(TTL_MS);
    await stage.startGateway();
    await stage.assertState(order, waitingFor(made));
    await stage.coins.mine();
    await stage.assertState(order, paidBy(made));
  });

  test('is paid by a payment that was seen in time and mined long after', async () => {
    const order = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await stage.assertState(order, waitingFor(made));
    stage.advance(TTL_MS + SETTLEMENT_MS - 1);
    await stage.assertState(order, waitingFor(made));
    await stage.coins.mine();
    await stage.assertState(order, paidBy(made));
  });

  test('expires after the settlement timeout when its payment is never mined', async () => {
    const order = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await stage.assertState(order, waitingFor(made));
    stage.advance(TTL_MS + SETTLEMENT_MS);
    await stage.assertState(order, { ...waitingFor(made), status: 'expired', chain: 'expired', events: 'expired' });
  });

  test('expires with a partial payment, which is reported as overpaid once confirmed', async () => {
    const order = await stage.order();
    const part = await stage.pay([order, 60_000n]);
    stage.advance(TTL_MS);
    await stage.assertState(order, {
      status: 'expired',
      confirming: 60_000n,
      unpaid: 40_000n,
      transactions: [[part.txid, 'mempool', 60_000n]],
      events: 'expired',
    });
    await stage.coins.mine();
    await stage.assertState(order, {
      status: 'expired',
      paid: 60_000n,
      unpaid: 40_000n,
      transactions: [[part.txid, 'confirmed', 60_000n]],
      events: 'expired overpaid',
    });
  });

  test('keeps its settlement timeout for another payment after a smaller replacement', async () => {
    const order = await stage.order();
    const coin = stage.coins.take();
    const made = stage.make([[order, PRICE]], [coin], 1_000n);
    await stage.coins.broadcast(made);
    await stage.assertState(order, waitingFor(made));
    await stage.coins.broadcast(stage.make([], [coin, stage.coins.take()], 9_000n));
    stage.advance(TTL_MS);
    await stage.assertState(order, { status: 'pending', unpaid: PRICE, transactions: [[made.txid, 'reverted', PRICE]] });
    const again = await stage.pay([order, PRICE]);
    await stage.coins.mine();
    await stage.assertState(order, {
      ...paidBy(again),
      transactions: [
        [again.txid, 'confirmed', PRICE],
        [made.txid, 'reverted', PRICE],
      ],
    });
  });

  test('accepts an unconfirmed payment found after an outage, days past every deadline', async () => {
    const order = await stage.order();
    await stage.stopGateway();
    const made = await stage.pay([order, PRICE]);
    stage.advance(TTL_MS + SETTLEMENT_MS + 30 * HOUR_MS);
    await stage.startGateway();
    await stage.assertState(order, waitingFor(made));
    await stage.coins.mine();
    await stage.assertState(order, paidBy(made));
  });

  test('reports a payment that waited when it was cancelled as overpaid once confirmed', async () => {
    const order = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await stage.assertState(order, waitingFor(made));
    await stage.client.deletePaymentOrder(order.id);
    await stage.assertState(order, { ...waitingFor(made), status: 'cancelled', chain: 'cancelled', events: 'cancelled' });
    await stage.coins.mine();
    await stage.assertState(order, { ...paidBy(made), status: 'cancelled', chain: 'cancelled', events: 'cancelled overpaid' });
  });

  test('cannot be cancelled once it is paid', async () => {
    const order = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await stage.coins.mine();
    await stage.assertState(order, paidBy(made));
    await expect(stage.client.deletePaymentOrder(order.id)).rejects.toMatchObject({ errorCode: '3001' });
    await stage.assertState(order, paidBy(made));
  });

  test('takes nothing back, reports nothing twice and expires no earlier if the clock is set back', async () => {
    const order = await stage.order();
    const expired = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await stage.coins.mine();
    await stage.assertState(order, paidBy(made));
    stage.advance(TTL_MS);
    await stage.assertState(expired, { status: 'expired', unpaid: PRICE, events: 'expired' });

    stage.advance(-5 * HOUR_MS);
    await stage.assertState(order, paidBy(made));
    await stage.assertState(expired, { status: 'expired', unpaid: PRICE, events: 'expired' });
    const young = await stage.order();
    const late = await stage.pay([young, PRICE]);
    await stage.assertState(young, waitingFor(late));
    stage.advance(5 * HOUR_MS);
    await stage.assertState(young, waitingFor(late));
    await stage.coins.mine();
    await stage.assertState(young, paidBy(late));
  });
});
