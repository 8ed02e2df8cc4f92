import { expect, test } from 'vitest';
import { epochMs } from '../kernel/clock.ts';
import type { OrderId, PosId, RefundId } from '../kernel/ids.ts';
import type { CheckedRefund } from './checked-refund.ts';
import { requestOfBuyer } from './request-of-buyer.ts';

const ORDER = 'order' as OrderId;
const refund = (address: string, at: number, change: Partial<CheckedRefund> = {}): CheckedRefund => ({
  id: `refund ${at}` as RefundId,
  orderId: ORDER,
  posId: 'pos' as PosId,
  requestedBy: 'buyer',
  requestedAt: epochMs(at),
  destination: { kind: 'address', address },
  sinceHeight: 0,
  reason: null,
  state: { status: 'requested' },
  ...change,
});
const stored = (address: string, at: number) => ({ orderId: ORDER, address, requestedAt: epochMs(at) });
const refused = { state: { status: 'refused', at: epochMs(9) } } as const;
const byMerchant = { requestedBy: 'merchant' } as const;

test.each<[what: string, refunds: CheckedRefund[], request: ReturnType<typeof stored> | undefined, found: string | undefined]>([
  ['nothing', [], undefined, undefined],
  ['a refund of this version, which stores both', [refund('a', 1)], stored('a', 1), 'a, verified'],
  ['a refund whose request is not stored', [refund('a', 1)], undefined, 'a, verified'],
  ['a request of an earlier version', [], stored('a', 1), 'a, not verified'],
  ['another address since, of an earlier version', [refund('a', 1)], stored('b', 2), 'b, not verified'],
  ['another address, of a process whose clock is behind', [refund('a', 2)], stored('b', 1), 'b, not verified'],
  ['the same address once more, of an earlier version', [refund('a', 1)], stored('a', 2), 'a, verified'],
  ['the same address once more, after it was refused', [refund('a', 1, refused)], stored('a', 2), 'a, not verified'],
  ['a refund that was refused', [refund('a', 1, refused)], stored('a', 1), 'a, verified'],
  ['a request of an earlier version, which the merchant has adopted', [refund('a', 2, byMerchant)], stored('a', 1), undefined],
  ['a refund of the merchant from before the request', [refund('a', 1, byMerchant)], stored('a', 2), 'a, not verified'],
  ['a refund of the merchant to another address', [refund('a', 2, byMerchant)], stored('b', 1), 'b, not verified'],
  ['a refund that was changed by SQL', [refund('', 1, { destination: { kind: 'unverified' } })], stored('a', 1), undefined],
  ['a refund that was erased', [refund('', 1, { destination: { kind: 'erased' } })], undefined, undefined],
])('of %s', (_what, refunds, request, found) => {
  const last = requestOfBuyer(refunds, request);
  expect(last && `${last.address}, ${last.isVerified ? 'verified' : 'not verified'}`).toBe(found);
});
