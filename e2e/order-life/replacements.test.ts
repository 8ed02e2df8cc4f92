/** Payments that were seen but are not mined as they were, on a real node: replaced, dropped, double spent. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findBitcoind } from '../../test/support/find-bitcoind.ts';
import type { Made } from '../../test/support/open-coins.ts';
import { HOUR_MS, PRICE, Stage, type StageOrder } from './support/stage.ts';

const bitcoind = await findBitcoind('e2e/order-life/replacements.test.ts');

// skip: no Bitcoin node was found; findBitcoind says so, and CI fails
describe.skipIf(bitcoind === undefined)('a payment that leaves the mempool', () => {
  let stage: Stage;
  beforeAll(async () => {
    // Transactions are dropped after an hour, and may be replaced without signalling it.
    stage = await Stage.open({ bitcoind: bitcoind!, node: { args: ['-mempoolexpiry=1', '-mempoolfullrbf=1'] } });
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());

  /** Checks that exactly the order's price is in the mempool, after other transactions have gone. */
  async function assertWaiting(order: StageOrder, { txid }: Made, ...gone: readonly Made[]): Promise<void> {
    await stage.assertState(order, {
      status: 'pending',
      chain: 'mempool_unconfirmed',
      paid: 0n,
      confirming: PRICE,
      unpaid: 0n,
      transactions: [[txid, 'mempool', PRICE], ...reverted(gone)],
      events: '',
    });
  }

  async function assertPaid(order: StageOrder, { txid }: Made, ...gone: readonly Made[]): Promise<void> {
    await stage.assertState(order, {
      status: 'paid',
      paid: PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [[txid, 'confirmed', PRICE], ...reverted(gone)],
      events: 'completed',
    });
  }

  async function assertUnpaid(order: StageOrder, ...gone: readonly Made[]): Promise<void> {
    await stage.assertState(order, { status: 'pending', unpaid: PRICE, transactions: reverted(gone) });
  }

  const reverted = (gone: readonly Made[]): (readonly [Made['txid'], string, bigint])[] =>
    gone.map(({ txid }) => [txid, 'reverted', PRICE] as const);

  /** Drops everything in the mempool, as a node does after a time limit, which may not be final. */
  async function expireMempool(): Promise<void> {
    const nowS = Math.floor(Date.now() / 1000);
    await stage.node.rpc('setmocktime', [nowS + (2 * HOUR_MS) / 1000]);
    await stage.coins.broadcast(stage.coins.make([{ script: (await stage.order()).script, amount: 1_000n }]));
    await stage.node.rpc('setmocktime', [0]);
  }

  test('for a replacement with a higher fee counts once, by the replacement', async () => {
    const order = await stage.order();
    const coin = stage.coins.take();
    const first = stage.make([[order, PRICE]], [coin], 1_000n);
    await stage.coins.broadcast(first);
    await assertWaiting(order, first);
    const second = stage.make([[order, PRICE]], [coin], 5_000n);
    await stage.coins.broadcast(second);
    await assertWaiting(order, second, first);
    await stage.coins.mine();
    await assertPaid(order, second, first);
  });

  test('for a replacement that pays us more makes the order overpaid once confirmed', async () => {
    const order = await stage.order();
    const coin = stage.coins.take();
    const first = stage.make([[order, PRICE]], [coin], 1_000n);
    await stage.coins.broadcast(first);
    await assertWaiting(order, first);
    const second = stage.make([[order, 2n * PRICE]], [coin], 5_000n);
    await stage.coins.broadcast(second);
    await stage.coins.mine();
    await stage.assertState(order, {
      status: 'paid',
      paid: 2n * PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [[second.txid, 'confirmed', 2n * PRICE], ...reverted([first])],
      events: 'completed overpaid',
    });
  });

  test('for a replacement that pays us less leaves the order partial, until the rest comes', async () => {
    const order = await stage.order();
    const coin = stage.coins.take();
    const first = stage.make([[order, PRICE]], [coin], 1_000n);
    await stage.coins.broadcast(first);
    await assertWaiting(order, first);
    const second = stage.make([[order, 30_000n]], [coin], 5_000n);
    await stage.coins.broadcast(second);
    await stage.assertState(order, {
      status: 'pending',
      chain: 'partial',
      paid: 0n,
      confirming: 30_000n,
      unpaid: 70_000n,
      transactions: [[second.txid, 'mempool', 30_000n], ...reverted([first])],
      events: '',
    });
    const rest = await stage.pay([order, 70_000n]);
    await stage.coins.mine();
    await stage.assertState(order, {
      status: 'paid',
      paid: PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [[second.txid, 'confirmed', 30_000n], [rest.txid, 'confirmed', 70_000n], ...reverted([first])],
      events: 'completed',
    });
  });

  test('for a replacement that pays us nothing leaves the order pending', async () => {
    const order = await stage.order();
    const coin = stage.coins.take();
    const first = stage.make([[order, PRICE]], [coin], 1_000n);
    await stage.coins.broadcast(first);
    await assertWaiting(order, first);
    await stage.coins.broadcast(stage.make([], [coin, stage.coins.take()], 9_000n));
    await assertUnpaid(order, first);
    await stage.coins.mine();
    await assertUnpaid(order, first);
  });

  test('with its replaced parent no longer counts, and another can pay', async () => {
    const order = await stage.order();
    const coin = stage.coins.take();
    const other = await stage.order();
    const parent = stage.make([[other, 1_000n]], [coin], 1_000n);
    await stage.coins.broadcast(parent);
    const child = stage.make([[order, PRICE]], [parent.change], 1_000n);
    await stage.coins.broadcast(child);
    await assertWaiting(order, child);
    await stage.coins.broadcast(stage.make([[other, 1_000n]], [coin], 20_000n));
    await assertUnpaid(order, child);
    const another = await stage.pay([order, PRICE]);
    await stage.coins.mine();
    await assertPaid(order, another, child);
  });

  test('of an order without confirmations starts a dispute, which another payment ends', async () => {
    const order = await stage.order(0);
    const coin = stage.coins.take();
    const first = stage.make([[order, PRICE]], [coin], 1_000n);
    await stage.coins.broadcast(first);
    await stage.assertState(order, {
      status: 'paid',
      paid: PRICE,
      transactions: [[first.txid, 'mempool', PRICE]],
      events: 'completed',
    });
    await stage.coins.broadcast(stage.make([], [coin, stage.coins.take()], 9_000n));
    await stage.assertState(order, {
      status: 'network_dispute',
      chain: 'possible_chargeback',
      unpaid: PRICE,
      transactions: reverted([first]),
      events: 'completed dispute.start',
    });
    const again = await stage.pay([order, PRICE]);
    await stage.assertState(order, {
      status: 'paid',
      paid: PRICE,
      confirming: 0n,
      unpaid: 0n,
      transactions: [[again.txid, 'mempool', PRICE], ...reverted([first])],
      events: 'completed dispute.start dispute.end',
    });
  });

  test('because it was evicted is sent to the node again', async () => {
    const order = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await assertWaiting(order, made);
    await expireMempool();
    await assertWaiting(order, made);
    await vi.waitFor(async () => expect(await stage.node.rpc('getrawmempool')).toContain(made.txid), { timeout: 60_000 });
    await assertWaiting(order, made);
    await stage.coins.mine();
    await assertPaid(order, made);
  });

  test('because it was evicted counts when it is mined all the same', async () => {
    const order = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await assertWaiting(order, made);
    await expireMempool();
    await stage.coins.mineOnly([made]);
    await assertPaid(order, made);
  });

  test('for a mined conflict that our node never had in its mempool is reverted', async () => {
    const order = await stage.order();
    const coin = stage.coins.take();
    const made = stage.make([[order, PRICE]], [coin]);
    await stage.coins.broadcast(made);
    await assertWaiting(order, made);
    await stage.coins.mineOnly([stage.make([], [coin, stage.coins.take()])]);
    await assertUnpaid(order, made);
    const again = await stage.pay([order, PRICE]);
    await stage.coins.mine();
    await assertPaid(order, again, made);
  });

  test('for a mined conflict that pays the order as well is counted by the conflict', async () => {
    const order = await stage.order();
    const coin = stage.coins.take();
    const seen = stage.make([[order, PRICE]], [coin], 1_000n);
    await stage.coins.broadcast(seen);
    await assertWaiting(order, seen);
    const mined = stage.make([[order, PRICE]], [coin], 2_000n);
    await stage.coins.mineOnly([mined]);
    await assertPaid(order, mined, seen);
  });
});
