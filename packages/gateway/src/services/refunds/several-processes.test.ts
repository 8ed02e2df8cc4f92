/** Several processes on one PostgreSQL request, approve, cancel and link the refunds of one order at the same time. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  emptyTables,
  forEachDatabase,
  ON_POSTGRES,
  openDatabase,
  type TestDatabase,
  type TestPlace,
} from '../../../test/support/every-database.ts';
import { blockOf, judged, NOON, sampleOrder, samplePayment, storedPos } from '../../../test/support/samples.ts';
import { testGuard } from '../../../test/support/test-seals.ts';
import { World } from '../../../test/support/world.ts';
import type { Txid } from '../../kernel/chain.ts';
import { parseId, type OrderId, type RefundId } from '../../kernel/ids.ts';
import { sats } from '../../kernel/sats.ts';
import { liveApproval } from '../../refunds/refund.ts';
import { deriveKeys } from '../../security/key-file.ts';
import { verifyAuditLog } from '../audit/audit-log.ts';
import { approveRefund } from './approve-refund.ts';
import { requestRefundAsBuyer } from './buyer-request.ts';
import { closeRefund } from './close-refund.ts';
import { judgeRefunds } from './judge-refunds.ts';
import { linkPayout } from './link-payout.ts';
import type { RefundContext } from './refund-context.ts';
import { RefundError } from './refund-error.ts';
import { requestRefund } from './request-refund.ts';

const MERCHANT = { kind: 'command' } as const;
const PROCESSES = 3;
const RECEIVED = 105_000n;
const KEYS = deriveKeys(Buffer.alloc(32, 1));
const wallet = World.secondWallet();
const newId = (): RefundId => parseId<RefundId>(randomUUID());

await forEachDatabase('several-processes.test.ts', [ON_POSTGRES], (_name, makePlace) => {
  let place: TestPlace;
  const databases: TestDatabase[] = [];
  let contexts: RefundContext[];
  beforeAll(async () => {
    place = await makePlace();
    for (let process = 0; process < PROCESSES; process += 1) databases.push(await openDatabase(place.connect()));
    contexts = databases.map(({ store }) => contextOf(store));
  });
  afterAll(async () => {
    for (const { store } of databases) await store.close();
    await place?.[Symbol.asyncDispose]();
  });
  beforeEach(() => emptyTables(first()));

  const first = (): TestDatabase => databases[0]!;
  const contextOf = (store: TestDatabase['store']): RefundContext => ({
    store,
    clock: { now: () => NOON },
    newUuid: randomUUID,
    network: 'regtest',
    keys: KEYS,
    guard: testGuard({ now: () => NOON }),
    rates: { rate: () => undefined },
    ordersChanged: () => undefined,
  });

  /** Stores a paid order of 100,000 satoshi that received 105,000. */
  async function newOverpaid(): Promise<OrderId> {
    const { store } = first();
    const order = sampleOrder(await storedPos(store), {}, { state: { status: 'paid', paidAt: NOON } });
    await store.orders.insert(order);
    await store.chain.append([blockOf(100)]);
    const place = { kind: 'block', ...blockOf(100) } as const;
    await store.orders.placePayment(samplePayment(order, randomUUID(), { amount: sats(RECEIVED), place }));
    await store.orders.update((await store.orders.get(order.terms.id))!, judged());
    return order.terms.id;
  }
  const request = (context: RefundContext, orderId: OrderId, index: number, id = newId()) =>
    requestRefund(context, MERCHANT, { id, orderId, destination: wallet.receive(index).address, reason: '' });
  const approve = (context: RefundContext, id: RefundId, amount: bigint) =>
    approveRefund(context, MERCHANT, id, { kind: 'satoshi', amount: sats(amount) });
  /** Does the same in every process at the same time. Only what is refused for a reason may fail. */
  async function everywhere<T>(
    work: (context: RefundContext, process: number) => Promise<T>,
  ): Promise<PromiseSettledResult<T>[]> {
    const outcomes = await Promise.allSettled(contexts.map(work));
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RefundError);
    return outcomes;
  }
  const fulfilled = (outcomes: readonly PromiseSettledResult<unknown>[]): number =>
    outcomes.filter(({ status }) => status === 'fulfilled').length;
  const actionsOf = async (id: RefundId): Promise<string[]> =>
    (await first().store.audit.list({ subject: { kind: 'refund', id }, before: undefined, limit: 50 })).map(
      ({ action }) => action,
    );

  /** Stores an output that pays a refund, as the process that follows the chain does. */
  async function seen(index: number, amount: bigint): Promise<{ txid: Txid; vout: number }> {
    const outPoint = { txid: randomUUID().replaceAll('-', '').repeat(2) as Txid, vout: 0 };
    const { script } = wallet.receive(index);
    await first().store.payouts.place({ outPoint, script, amount: sats(amount), firstSeenAt: NOON, place: { kind: 'mempool' } });
    return outPoint;
  }

  describe('several processes', () => {
    test('never approve more than was received, whatever they do at once', async () => {
      const orderId = await newOverpaid();
      const { store } = first();
      let approvals = 0;
      for (let round = 0; round < 4; round += 1) {
        const ids = (await store.refunds.ofOrder(orderId)).map(({ id }) => id).slice(-6);
        await Promise.all([
          everywhere((context, process) => request(context, orderId, 10 * round + process)),
          everywhere((context, process) => requestRefundAsBuyer(context, orderId, wallet.receive(process).address)),
          ...ids.map((id, nth) =>
            everywhere((context, process) => approve(context, id, 9_000n * BigInt(1 + ((nth + process) % 7)))),
          ),
          ...ids.slice(0, round % 3).map((id) => everywhere((context) => closeRefund(context, MERCHANT, id, ''))),
        ]);
        const refunds = await store.refunds.ofOrder(orderId);
        const live = refunds.flatMap((refund) => liveApproval(refund)?.amount ?? []);
        approvals += live.length;
        expect(live.reduce((sum, amount) => sum + amount, 0n)).toBeLessThanOrEqual(RECEIVED);
        for (const refund of refunds) expect(contexts[0]!.guard.isSoundRefund(refund)).toBe(true);
        const open = refunds.filter(({ requestedBy, state }) => requestedBy === 'buyer' && state.status === 'requested');
        expect(open.length).toBeLessThanOrEqual(1);
      }
      expect(approvals).toBeGreaterThan(3);
      expect((await verifyAuditLog(store, KEYS.audit)).fault).toBeUndefined();
    });

    test('make one refund of one request, and approve it once, with one amount', async () => {
      const orderId = await newOverpaid();
      const id = newId();
      expect(fulfilled(await everywhere((context) => request(context, orderId, 1, id)))).toBe(PROCESSES);
      const outcomes = await everywhere((context, process) => approve(context, id, 1_000n * BigInt(1 + process)));
      expect(fulfilled(outcomes)).toBe(1);
      expect(await actionsOf(id)).toEqual(['refund.approve', 'refund.request']);
      expect(await first().store.refunds.watchedAfter(0, 9)).toHaveLength(1);
    });

    test('keep one request of a buyer who enters addresses in all of them, and the last one counts', async () => {
      const orderId = await newOverpaid();
      await everywhere((context, process) => requestRefundAsBuyer(context, orderId, wallet.receive(process).address));
      const { store } = first();
      const refunds = await store.refunds.ofOrder(orderId);
      expect(refunds).toMatchObject([{ requestedBy: 'buyer', address: (await store.refundRequests.ofOrder(orderId))?.address }]);
      expect(await actionsOf(refunds[0]!.id)).toHaveLength(PROCESSES);
    });

    test('link an output to one of the refunds that it may pay', async () => {
      const orderId = await newOverpaid();
      const ids: RefundId[] = [];
      for (let process = 0; process < PROCESSES; process += 1) {
        const { id } = await request(contexts[0]!, orderId, 1);
        await approve(contexts[0]!, id, 20_000n);
        ids.push(id);
      }
      const outPoint = await seen(1, 20_000n);
      expect(fulfilled(await everywhere((context, process) => linkPayout(context, MERCHANT, ids[process]!, outPoint)))).toBe(1);
      expect(ids).toContain((await first().store.payouts.get(outPoint))?.refundId);
    });

    test('cancel a refund, or find its payment, but not both', async () => {
      const orderId = await newOverpaid();
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const { id } = await request(contexts[0]!, orderId, attempt);
        await approve(contexts[0]!, id, 10_000n);
        const outPoint = await seen(attempt, 10_000n);
        const { store } = first();
        await store.refunds.mark([wallet.receive(attempt).script]);
        const [closed] = await Promise.allSettled([
          closeRefund(contexts[1]!, MERCHANT, id, ''),
          judgeRefunds({ ...contexts[2]!, publicUrl: 'https://pay.example', finalDepth: 100, callbacksStored: () => undefined }),
        ]);
        const status = (await store.refunds.get(id))?.state.status;
        const isLinked = (await store.payouts.get(outPoint))?.refundId === id;
        expect([status, isLinked, closed.status]).toEqual(
          status === 'seen' ? ['seen', true, 'rejected'] : ['cancelled', false, 'fulfilled'],
        );
        // What is paid and not linked keeps the next refund from being approved.
        if (!isLinked) await linkPayout(contexts[0]!, MERCHANT, id, outPoint);
      }
    });
  });
});
