/** A process of a version that has no refunds stores what a buyer requests beside this one, without a seal. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { refundContext, storedOverpaid } from '../../../test/support/refunded-orders.ts';
import { NOON } from '../../../test/support/samples.ts';
import { World } from '../../../test/support/world.ts';
import { epochMs } from '../../kernel/clock.ts';
import { parseId, type OrderId, type PosId, type RefundId } from '../../kernel/ids.ts';
import { OPERATOR } from '../../people/viewer.ts';
import { requestOfBuyer } from '../../refunds/request-of-buyer.ts';
import { checkedRefundsOf } from '../seals/checked-refund.ts';
import { approveRefund } from './approve-refund.ts';
import { requestRefundAsBuyer } from './buyer-request.ts';
import { closeRefund } from './close-refund.ts';
import { addressOfBuyer, readRefund } from './read-refund.ts';
import type { RefundContext } from './refund-context.ts';
import { requestRefund } from './request-refund.ts';
import { unverifiedRequests } from '../seals/unverified-requests.ts';

const MERCHANT = { kind: 'command' } as const;
const [A, B] = [World.secondWallet().receive(0).address, World.secondWallet().receive(1).address];

await onEveryDatabase('earlier-version.test.ts', (database) => {
  const contextOf = (): RefundContext => refundContext(database.store);
  const newOverpaid = async (): Promise<OrderId> => (await storedOverpaid(database.store)).terms.id;
  /** All that the earlier version writes. */
  const requestedFromIt = (orderId: OrderId, address: string): Promise<void> =>
    database.store.refundRequests.put({ orderId, address, requestedAt: epochMs(NOON + 1) });
  const lastRequest = async (id: OrderId) =>
    requestOfBuyer(await checkedRefundsOf(contextOf(), id), await database.store.refundRequests.ofOrder(id));
  const shownToBuyer = async (id: OrderId) => addressOfBuyer(database.store, id, await checkedRefundsOf(contextOf(), id));
  const approve = (id: RefundId) => approveRefund(contextOf(), MERCHANT, id, { kind: 'suggested' });
  const isPayable = async (id: RefundId) => (await readRefund(contextOf(), OPERATOR, id))?.isPayable;
  const request = async (orderId: OrderId, destination: string): Promise<RefundId> => {
    const id = parseId<RefundId>(randomUUID());
    const later = { ...contextOf(), clock: { now: () => epochMs(NOON + 2) } };
    return (await requestRefund(later, MERCHANT, { id, orderId, destination, reason: '' })).id;
  };

  describe('what a buyer requests from an earlier version', () => {
    test('is shown to the merchant as not verified, and paid once the merchant has requested a refund to that address', async () => {
      const order = await newOverpaid();
      await requestedFromIt(order, A);
      expect(await lastRequest(order)).toMatchObject({ address: A, isVerified: false });
      expect(await shownToBuyer(order)).toBe(A);
      expect(await database.store.refunds.ofOrder(order)).toEqual([]);
      const id = await request(order, A);
      await approve(id);
      expect(await isPayable(id)).toBe(true);
      expect(await lastRequest(order)).toBeUndefined();
    });

    test('is in the list of what is not verified, and of its POS alone, until the merchant has requested a refund', async () => {
      const order = await newOverpaid();
      const unverified = async (pos?: PosId): Promise<string[]> =>
        (await unverifiedRequests({ store: database.store, guard: async () => contextOf().guard }, pos)).map(
          ({ orderId, address }) => `${orderId} ${address}`,
        );
      const { posId } = (await database.store.orders.get(order))!.terms;
      await requestRefundAsBuyer(contextOf(), order, A);
      expect(await unverified(posId)).toEqual([]);
      await requestedFromIt(order, B);
      expect(await unverified()).toContain(`${order} ${B}`);
      expect(await unverified(posId)).toEqual([`${order} ${B}`]);
      expect(await unverified(parseId<PosId>(randomUUID()))).toEqual([]);
      await request(order, B);
      expect(await unverified(posId)).toEqual([]);
    });

    test('keeps the refund to the address before from being approved', async () => {
      const order = await newOverpaid();
      await requestRefundAsBuyer(contextOf(), order, A);
      const [before] = await database.store.refunds.ofOrder(order);
      await requestedFromIt(order, B);
      expect([await lastRequest(order), await shownToBuyer(order)]).toMatchObject([{ address: B, isVerified: false }, B]);
      await expect(approve(before!.id)).rejects.toMatchObject({ problem: 'changed' });
      expect(await isPayable(before!.id)).toBe(false);
      await closeRefund(contextOf(), MERCHANT, before!.id, '');
      const id = await request(order, B);
      await approve(id);
      expect(await isPayable(id)).toBe(true);
    });

    test('counts no more once the buyer has entered an address again', async () => {
      const order = await newOverpaid();
      const later = { ...contextOf(), clock: { now: () => epochMs(NOON + 2) } };
      await requestRefundAsBuyer(contextOf(), order, A);
      const [refund] = await database.store.refunds.ofOrder(order);
      await requestedFromIt(order, B);
      expect(await requestRefundAsBuyer(later, order, A)).toBe('stored');
      expect([await lastRequest(order), await shownToBuyer(order)]).toMatchObject([{ address: A, isVerified: true }, A]);
      await approve(refund!.id);
      expect(await isPayable(refund!.id)).toBe(true);
    });

    test('is not lost when it was approved just before', async () => {
      const order = await newOverpaid();
      await requestRefundAsBuyer(contextOf(), order, A);
      const [refund] = await database.store.refunds.ofOrder(order);
      await approve(refund!.id);
      await requestedFromIt(order, B);
      expect(await isPayable(refund!.id)).toBe(true);
      expect(await lastRequest(order)).toMatchObject({ address: B, isVerified: false });
    });
  });
});
