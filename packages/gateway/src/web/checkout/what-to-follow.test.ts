import { expect, it } from 'vitest';
import { anOrder, CREATED_AT } from '../../../test/support/an-order.ts';
import type { ScriptHex, Txid } from '../../kernel/chain.ts';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/durations.ts';
import { parseId, type RefundId } from '../../kernel/ids.ts';
import { sats } from '../../kernel/sats.ts';
import type { OrderState } from '../../orders/order.ts';
import type { Approval, RefundState } from '../../refunds/refund.ts';
import { whatToFollow } from './what-to-follow.ts';

const after = (ms: number): EpochMs => plusMs(CREATED_AT, ms);
const APPROVED_AT = after(3 * DAY_MS);
const SEEN_AT = after(5 * DAY_MS);
const CLOSED_AT = after(7 * DAY_MS);
const PAID: OrderState = { status: 'paid', paidAt: CREATED_AT };

const approval: Approval = {
  at: APPROVED_AT,
  amount: sats(1_000n),
  script: '0014aa' as ScriptHex,
  price: { kind: 'satoshi' },
  confirmations: 1,
};
const payout = { txid: '1'.repeat(64) as Txid, vout: 0 };

const followed = (order: OrderState, refunds: readonly RefundState[], now: EpochMs): ReturnType<typeof whatToFollow> =>
  whatToFollow(
    anOrder([], order),
    refunds.map((state) => ({
      refund: {
        id: parseId<RefundId>('0b0e6a3c-2a58-4a57-9f0a-000000000001'),
        orderId: anOrder().terms.id,
        posId: anOrder().terms.posId,
        requestedBy: 'buyer',
        requestedAt: CREATED_AT,
        destination: { kind: 'address', address: 'address' },
        sinceHeight: 90,
        reason: null,
        state,
      },
      paymentSeenAt: 'payout' in state ? SEEN_AT : null,
    })),
    now,
  );

it.each<[what: string, state: RefundState, from: EpochMs, forMs: number]>([
  ['that is requested for a day', { status: 'requested' }, CREATED_AT, DAY_MS],
  ['that is approved for a day', { status: 'approved', approval }, APPROVED_AT, DAY_MS],
  ['whose payment is seen for a day', { status: 'seen', approval, payout }, SEEN_AT, DAY_MS],
  ['that is paid for an hour', { status: 'confirmed', approval, payout }, SEEN_AT, HOUR_MS],
  ['that is cancelled for an hour', { status: 'cancelled', at: CLOSED_AT, approval }, CLOSED_AT, HOUR_MS],
  ['that is refused for an hour', { status: 'refused', at: CLOSED_AT }, CLOSED_AT, HOUR_MS],
])('an open page of a paid order follows a refund %s, and not for ever', (_, state, from, forMs) => {
  expect(followed(PAID, [state], from)).toBe('refund');
  expect(followed(PAID, [state], plusMs(from, forMs - 1))).toBe('refund');
  expect(followed(PAID, [state], plusMs(from, forMs))).toBeNull();
});

it('an open page follows any of several refunds', () => {
  const refused: RefundState = { status: 'refused', at: CREATED_AT };
  expect(followed(PAID, [refused, { status: 'approved', approval }, refused], APPROVED_AT)).toBe('refund');
});

it.each<[what: string, state: OrderState, untilMs: number | undefined]>([
  ['pending', { status: 'pending', coveredAt: null }, undefined],
  ['paid', PAID, 0],
  ['expired', { status: 'expired', expiredAt: CREATED_AT, coveredAt: null }, HOUR_MS],
  ['cancelled', { status: 'cancelled', cancelledAt: CREATED_AT }, HOUR_MS],
])('an open page follows an order that is %s as long as it may change', (_, state, untilMs) => {
  const last = untilMs === undefined ? after(365 * DAY_MS) : after(untilMs - 1);
  expect(followed(state, [], last)).toBe(untilMs === 0 ? null : 'order');
  if (untilMs !== undefined) expect(followed(state, [], after(untilMs))).toBeNull();
});
