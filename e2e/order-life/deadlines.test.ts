/** What the clock does to an order, on a real node: its expiration, its settlement, and a clock that cannot be trusted. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findBitcoind } from '../../test/support/find-bitcoind.ts';
import type { Made } from './support/open-coins.ts';
import { HOUR_MS, PRICE, SETTLEMENT_MS, Stage, TTL_MS, type Standing } from './support/stage.ts';

const bitcoind = await findBitcoind('e2e/order-life/deadlines.test.ts');

// skip: only where no Bitcoin node can be had, which findBitcoind says aloud and CI refuses
describe.skipIf(bitcoind === undefined)('what the clock does', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ bitcoind: bitcoind! });
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());
  beforeEach(() => stage.coins.mine());

  const waiting = ({ txid }: Made): Standing => ({
    status: 'pending',
    chain: 'mempool_unconfirmed',
    paid: 0n,
    confirming: PRICE,
    unpaid: 0n,
    transactions: [[txid, 'mempool', PRICE]],
    events: '',
  });
  const paid = ({ txid }: Made): Standing => ({
    status: 'paid',
    paid: PRICE,
    confirming: 0n,
    unpaid: 0n,
    transactions: [[txid, 'confirmed', PRICE]],
    events: 'completed',
  });
  const nothing = { paid: 0n, confirming: 0n, unpaid: PRICE, transactions: [] } as const;

  test('expired to the millisecond: open until then, expired from then on', async () => {
    const order = await stage.order();
    stage.advance(TTL_MS - 1);
    await stage.assertStands(order, { status: 'pending', ...nothing, events: '' });
    stage.advance(1);
    await stage.assertStands(order, { status: 'expired', ...nothing, events: 'expired' });
  });

  test('paid at the very moment of expiration: what the same look sees, counts for the buyer', async () => {
    const order = await stage.order();
    await stage.stopGateway();
    const made = await stage.pay([order, PRICE]);
    stage.advance(TTL_MS);
    await stage.startGateway();
    await stage.assertStands(order, waiting(made));
    await stage.coins.mine();
    await stage.assertStands(order, paid(made));
  });

  test('seen in time and mined long after: waits, and is paid', async () => {
    const order = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await stage.assertStands(order, waiting(made));
    stage.advance(TTL_MS + SETTLEMENT_MS - 1);
    await stage.assertStands(order, waiting(made));
    await stage.coins.mine();
    await stage.assertStands(order, paid(made));
  });

  test('seen in time and never mined: expired when the settlement is over', async () => {
    const order = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await stage.assertStands(order, waiting(made));
    stage.advance(TTL_MS + SETTLEMENT_MS);
    await stage.assertStands(order, { ...waiting(made), status: 'expired', chain: 'expired', events: 'expired' });
  });

  test('only a part came in time: expired, and the part is told as over-paid when it is deep', async () => {
    const order = await stage.order();
    const part = await stage.pay([order, 60_000n]);
    stage.advance(TTL_MS);
    await stage.assertStands(order, {
      status: 'expired',
      paid: 0n,
      confirming: 60_000n,
      unpaid: 40_000n,
      transactions: [[part.txid, 'mempool', 60_000n]],
      events: 'expired',
    });
    await stage.coins.mine();
    await stage.assertStands(order, {
      status: 'expired',
      paid: 60_000n,
      confirming: 0n,
      unpaid: 40_000n,
      transactions: [[part.txid, 'confirmed', 60_000n]],
      events: 'expired overpaid',
    });
  });

  test('covered, then replaced by less before its expiration: keeps the settlement time for another payment', async () => {
    const order = await stage.order();
    const coin = stage.coins.take();
    const made = stage.make([[order, PRICE]], [coin], 1_000n);
    await stage.coins.broadcast(made);
    await stage.assertStands(order, waiting(made));
    await stage.coins.broadcast(stage.make([], [coin, stage.coins.take()], 9_000n));
    stage.advance(TTL_MS);
    await stage.assertStands(order, {
      status: 'pending',
      ...nothing,
      transactions: [[made.txid, 'reverted', PRICE]],
      events: '',
    });
    const again = await stage.pay([order, PRICE]);
    await stage.coins.mine();
    await stage.assertStands(order, {
      ...paid(again),
      transactions: [
        [again.txid, 'confirmed', PRICE],
        [made.txid, 'reverted', PRICE],
      ],
    });
  });

  test('found only after a long outage, days past every deadline, and not yet mined: the buyer is not punished', async () => {
    const order = await stage.order();
    await stage.stopGateway();
    const made = await stage.pay([order, PRICE]);
    stage.advance(TTL_MS + SETTLEMENT_MS + 30 * HOUR_MS);
    await stage.startGateway();
    await stage.assertStands(order, waiting(made));
    await stage.coins.mine();
    await stage.assertStands(order, paid(made));
  });

  test('cancelled by the merchant while a payment waits: the bitcoin is told as over-paid when it is deep', async () => {
    const order = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await stage.assertStands(order, waiting(made));
    await stage.client.deletePaymentOrder(order.id);
    await stage.assertStands(order, { ...waiting(made), status: 'cancelled', chain: 'cancelled', events: 'cancelled' });
    await stage.coins.mine();
    await stage.assertStands(order, { ...paid(made), status: 'cancelled', chain: 'cancelled', events: 'cancelled overpaid' });
  });

  test('cancelled when it is paid already: refused, and nothing changes', async () => {
    const order = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await stage.coins.mine();
    await stage.assertStands(order, paid(made));
    await expect(stage.client.deletePaymentOrder(order.id)).rejects.toMatchObject({ errorCode: '3001' });
    await stage.assertStands(order, paid(made));
  });

  test('a clock that goes back: nothing is undone, told twice, or expired too early', async () => {
    const order = await stage.order();
    const expired = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await stage.coins.mine();
    await stage.assertStands(order, paid(made));
    stage.advance(TTL_MS);
    await stage.assertStands(expired, { status: 'expired', ...nothing, events: 'expired' });

    stage.advance(-5 * HOUR_MS);
    await stage.assertStands(order, paid(made));
    await stage.assertStands(expired, { status: 'expired', ...nothing, events: 'expired' });
    const young = await stage.order();
    const late = await stage.pay([young, PRICE]);
    await stage.assertStands(young, waiting(late));
    stage.advance(5 * HOUR_MS);
    await stage.assertStands(young, waiting(late));
    await stage.coins.mine();
    await stage.assertStands(young, paid(late));
  });
});
