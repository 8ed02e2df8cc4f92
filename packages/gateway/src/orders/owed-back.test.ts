import { describe, expect, it } from 'vitest';
import { AMOUNT, anOrder, aPayment, GONE, inBlock, IN_MEMPOOL, minutes } from '../../test/support/an-order.ts';
import { sats } from '../kernel/sats.ts';
import type { Order, OrderState, Payment } from './order.ts';
import { owedBack } from './owed-back.ts';

const TIP = 100;
const OPEN: OrderState = { status: 'pending', coveredAt: null };
const PAID: OrderState = { status: 'paid', paidAt: minutes(5) };
const EXPIRED: OrderState = { status: 'expired', expiredAt: minutes(15), coveredAt: null };
const UNSETTLED: OrderState = { ...EXPIRED, coveredAt: minutes(2) };
const DISPUTED: OrderState = { status: 'disputed', paidAt: minutes(5), disputedAt: minutes(6) };
const CANCELLED: OrderState = { status: 'cancelled', cancelledAt: minutes(3) };

describe('what a buyer may ask back', () => {
  it.each<[what: string, owed: bigint, state: OrderState, payments: Payment[]]>([
    ['of an open order with a part of its amount', 0n, OPEN, [aPayment(1, 40_000n, IN_MEMPOOL)]],
    ['of an open order with exactly its amount', 0n, OPEN, [aPayment(1, AMOUNT, IN_MEMPOOL)]],
    ['of an open order with more than its amount', 5_000n, OPEN, [aPayment(1, AMOUNT + 5_000n, IN_MEMPOOL)]],
    ['of a paid order with more than its amount', 5_000n, PAID, [aPayment(1, AMOUNT + 5_000n, inBlock(TIP))]],
    [
      'of a paid order with a surplus that costs more to send than it is worth',
      0n,
      PAID,
      [aPayment(1, AMOUNT + 599n, inBlock(TIP))],
    ],
    ['of a disputed order', 0n, DISPUTED, [aPayment(1, AMOUNT * 2n, IN_MEMPOOL)]],
    ['of an expired order with a part of its amount', 40_000n, EXPIRED, [aPayment(1, 40_000n, IN_MEMPOOL)]],
    ['of an expired order that was paid late', AMOUNT, EXPIRED, [aPayment(16, AMOUNT, IN_MEMPOOL)]],
    ['of a cancelled order with a part of its amount', 40_000n, CANCELLED, [aPayment(1, 40_000n, IN_MEMPOOL)]],
    ['of an expired order whose payment is gone', 0n, EXPIRED, [aPayment(1, 40_000n, GONE)]],
    ['of an order whose payment was not confirmed in time', 0n, UNSETTLED, [aPayment(1, AMOUNT, IN_MEMPOOL)]],
    ['of an order whose payment was confirmed too late', AMOUNT, UNSETTLED, [aPayment(1, AMOUNT, inBlock(TIP))]],
  ])('%s is %d satoshi', (_what, owed, state, payments) => {
    expect(owedBack(anOrder(payments, state), TIP)).toBe(owed);
  });

  it('is nothing once the merchant has dealt with it, until more comes', () => {
    const order: Order = { ...anOrder([aPayment(1, 40_000n, IN_MEMPOOL)], EXPIRED), handled: sats(40_000n) };
    expect(owedBack(order, TIP)).toBe(0n);
    const more = { ...order, payments: [...order.payments, aPayment(16, 1_000n, IN_MEMPOOL)] };
    expect(owedBack(more, TIP)).toBe(41_000n);
  });
});
