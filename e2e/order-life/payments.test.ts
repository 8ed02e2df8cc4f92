/** Bitcoin that comes, on a real node: nothing, one transaction or many, too little, too much, too late. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBitcoind } from '../../test/support/find-bitcoind.ts';
import { ANYONE } from './support/open-coins.ts';
import { PRICE, Stage, TTL_MS, type StageOrder } from './support/stage.ts';

const bitcoind = await findBitcoind('e2e/order-life/payments.test.ts');
const HALF = PRICE / 2n;

// skip: only where no Bitcoin node can be had, which findBitcoind says aloud and CI refuses
describe.skipIf(bitcoind === undefined)('bitcoin that comes', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ bitcoind: bitcoind! });
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  test('no transaction: the order stays pending, whatever is mined', async () => {
    const order = await stage.order();
    await stage.coins.mine(2);
    await stage.assertStands(order, { status: 'pending', paid: 0n, confirming: 0n, unpaid: PRICE, transactions: [], events: '' });
  });

  test('one transaction: seen, mined, paid', async () => {
    const order = await stage.order();
    const { txid } = await stage.pay([order, PRICE]);
    await stage.assertStands(order, {
      status: 'pending',
      chain: 'mempool_unconfirmed',
      paid: 0n,
      confirming: PRICE,
      unpaid: 0n,
      transactions: [[txid, 'mempool', PRICE]],
      events: '',
    });
    await stage.coins.mine();
    await stage.assertStands(order, {
      status: 'paid',
      paid: PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [[txid, 'confirmed', PRICE]],
      events: 'completed',
    });
  });

  test('many transactions: partial, partial, then complete, each counted where it is', async () => {
    const order = await stage.order(2);
    const [a, b] = [await stage.pay([order, 30_000n]), await stage.pay([order, 30_000n])];
    await stage.coins.mine();
    await stage.assertStands(order, {
      status: 'pending',
      chain: 'partial',
      paid: 0n,
      confirming: 60_000n,
      unpaid: 40_000n,
      transactions: [
        [a.txid, 'unconfirmed', 30_000n],
        [b.txid, 'unconfirmed', 30_000n],
      ],
      events: '',
    });
    const last = await stage.pay([order, 40_000n]);
    await stage.assertStands(order, {
      status: 'pending',
      chain: 'mempool_unconfirmed',
      paid: 0n,
      confirming: PRICE,
      unpaid: 0n,
      transactions: [
        [a.txid, 'unconfirmed', 30_000n],
        [b.txid, 'unconfirmed', 30_000n],
        [last.txid, 'mempool', 40_000n],
      ],
      events: '',
    });
    await stage.coins.mine();
    await stage.assertStands(order, {
      status: 'pending',
      chain: 'unconfirmed',
      paid: 60_000n,
      confirming: 40_000n,
      unpaid: 0n,
      transactions: [
        [a.txid, 'confirmed', 30_000n],
        [b.txid, 'confirmed', 30_000n],
        [last.txid, 'unconfirmed', 40_000n],
      ],
      events: '',
    });
    await stage.coins.mine();
    await stage.assertStands(order, {
      status: 'paid',
      paid: PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [
        [a.txid, 'confirmed', 30_000n],
        [b.txid, 'confirmed', 30_000n],
        [last.txid, 'confirmed', 40_000n],
      ],
      events: 'completed',
    });
  });

  test('many outputs: all of one transaction that pay the order count together', async () => {
    const order = await stage.order();
    const { txid } = await stage.pay([order, 50_000n], [order, 49_000n], [order, 1_000n]);
    await stage.coins.mine();
    await stage.assertStands(order, {
      status: 'paid',
      paid: PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [[txid, 'confirmed', PRICE]],
      events: 'completed',
    });
    const { transactions } = await stage.client.getPaymentOrder(order.id);
    expect(transactions?.[0]?.outs).toEqual([
      { n: 0, amount: 50_000 },
      { n: 1, amount: 49_000 },
      { n: 2, amount: 1_000 },
    ]);
  });

  test('one transaction for many orders: each gets what is its own', async () => {
    const [exact, less, more] = [await stage.order(), await stage.order(), await stage.order()];
    const { txid } = await stage.pay([less, HALF], [exact, PRICE], [more, 2n * PRICE]);
    await stage.coins.mine();
    await stage.assertStands(exact, {
      status: 'paid',
      paid: PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [[txid, 'confirmed', PRICE]],
      events: 'completed',
    });
    await stage.assertStands(less, {
      status: 'pending',
      chain: 'partial',
      paid: HALF,
      confirming: 0n,
      unpaid: HALF,
      transactions: [[txid, 'confirmed', HALF]],
      events: '',
    });
    await stage.assertStands(more, {
      status: 'paid',
      paid: 2n * PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [[txid, 'confirmed', 2n * PRICE]],
      events: 'completed overpaid',
    });
  });

  test('over-paid at once: completed and over-paid are told together, when it is deep', async () => {
    const order = await stage.order();
    const { txid } = await stage.pay([order, PRICE + 1n]);
    await stage.assertStands(order, {
      status: 'pending',
      chain: 'mempool_unconfirmed',
      paid: 0n,
      confirming: PRICE + 1n,
      unpaid: 0n,
      transactions: [[txid, 'mempool', PRICE + 1n]],
      events: '',
    });
    await stage.coins.mine(2);
    await stage.assertStands(order, {
      status: 'paid',
      paid: PRICE + 1n,
      confirming: 0n,
      unpaid: 0n,
      transactions: [[txid, 'confirmed', PRICE + 1n]],
      events: 'completed overpaid',
    });
  });

  test('over-paid later: told once it is as deep as asked for, and only once', async () => {
    const order = await stage.order();
    const first = await stage.pay([order, PRICE]);
    await stage.coins.mine();
    const second = await stage.pay([order, 7_000n]);
    await stage.assertStands(order, {
      status: 'paid',
      paid: PRICE,
      confirming: 7_000n,
      unpaid: 0n,
      transactions: [
        [first.txid, 'confirmed', PRICE],
        [second.txid, 'mempool', 7_000n],
      ],
      events: 'completed',
    });
    await stage.coins.mine(3);
    await stage.assertStands(order, {
      status: 'paid',
      paid: PRICE + 7_000n,
      confirming: 0n,
      unpaid: 0n,
      transactions: [
        [first.txid, 'confirmed', PRICE],
        [second.txid, 'confirmed', 7_000n],
      ],
      events: 'completed overpaid',
    });
  });

  test('mined without ever being in our mempool: paid all the same', async () => {
    const order = await stage.order();
    const made = stage.make([[order, PRICE]]);
    await stage.coins.mineOnly([made]);
    await stage.assertStands(order, {
      status: 'paid',
      paid: PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [[made.txid, 'confirmed', PRICE]],
      events: 'completed',
    });
  });

  test('spent by the merchant in the same block: a payment counts, spent or not', async () => {
    const order = await stage.order();
    const paid = stage.make([[order, PRICE]]);
    const hex = stage.merchant.spend(order.index, { txid: paid.txid, vout: 0 }, PRICE, ANYONE);
    await stage.coins.mineOnly([paid, { hex }]);
    await stage.assertStands(order, {
      status: 'paid',
      paid: PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [[paid.txid, 'confirmed', PRICE]],
      events: 'completed',
    });
  });

  test('late on an expired order: recorded, and told as over-paid when it is deep', async () => {
    const order = await stage.order();
    stage.advance(TTL_MS);
    await stage.assertStands(order, {
      status: 'expired',
      paid: 0n,
      confirming: 0n,
      unpaid: PRICE,
      transactions: [],
      events: 'expired',
    });
    const { txid } = await stage.pay([order, PRICE]);
    await stage.assertStands(order, {
      status: 'expired',
      paid: 0n,
      confirming: PRICE,
      unpaid: 0n,
      transactions: [[txid, 'mempool', PRICE]],
      events: 'expired',
    });
    await stage.coins.mine();
    await stage.assertStands(order, {
      status: 'expired',
      paid: PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [[txid, 'confirmed', PRICE]],
      events: 'expired overpaid',
    });
  });

  test('late on a cancelled order: recorded, and told as over-paid, a second time for a second payment', async () => {
    const order = await stage.order();
    await stage.client.deletePaymentOrder(order.id);
    const first = await stage.pay([order, HALF]);
    await stage.coins.mine();
    await stage.assertStands(order, {
      status: 'cancelled',
      paid: HALF,
      confirming: 0n,
      unpaid: HALF,
      transactions: [[first.txid, 'confirmed', HALF]],
      events: 'cancelled overpaid',
    });
    const second = await stage.pay([order, HALF]);
    await stage.coins.mine();
    await stage.assertStands(order, {
      status: 'cancelled',
      paid: PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [
        [first.txid, 'confirmed', HALF],
        [second.txid, 'confirmed', HALF],
      ],
      events: 'cancelled overpaid overpaid',
    });
  });

  test('0 to 100 confirmations: each order is paid at its own depth, not a block before', { timeout: 120_000 }, async () => {
    const orders: StageOrder[] = [];
    for (let confirmations = 0; confirmations <= 100; confirmations += 1) orders.push(await stage.order(confirmations));
    await stage.pay(...orders.map((order) => [order, PRICE] as const));
    const statuses = async (): Promise<unknown[]> => {
      await stage.look();
      const { store } = stage.gateway.context;
      const stored = await Promise.all(orders.map(({ id }) => store.orders.get(id)));
      return stored.map((order) => order?.state.status);
    };
    for (let depth = 0; depth <= 100; depth += 1) {
      if (depth > 0) await stage.coins.mine();
      const expected = orders.map((_, confirmations) => (confirmations <= depth ? 'paid' : 'pending'));
      await expect.poll(statuses, { timeout: 10_000, interval: 20 }).toEqual(expected);
    }
    for (const { id } of orders) expect(await stage.events(id)).toBe('completed');
  });
});
