import { describe, expect, it } from 'vitest';
import { AMOUNT, anOrder, aPayment, GONE, inBlock, IN_MEMPOOL, minutes, MISSING } from '../../test/support/an-order.ts';
import { buyerStage, type BuyerStage } from './buyer-stage.ts';
import type { OrderState, Payment } from './order.ts';

const TIP = 100;
const OPEN: OrderState = { status: 'pending', coveredAt: null };
const COVERED: OrderState = { status: 'pending', coveredAt: minutes(2) };
const PAID: OrderState = { status: 'paid', paidAt: minutes(5) };
const DISPUTED: OrderState = { status: 'disputed', paidAt: minutes(5), disputedAt: minutes(6) };
const EXPIRED: OrderState = { status: 'expired', expiredAt: minutes(15), coveredAt: null };
const CANCELLED: OrderState = { status: 'cancelled', cancelledAt: minutes(3) };
const CHARGED_BACK: OrderState = { ...DISPUTED, status: 'charged_back', chargedBackAt: minutes(9) };

const whole = (place: Payment['place'], n = 1): Payment => aPayment(n, AMOUNT, place);
const part = (n = 1): Payment => aPayment(n, 40_000n, IN_MEMPOOL);

describe('the stage that a buyer sees', () => {
  it.each<[what: string, stage: BuyerStage, state: OrderState, payments: Payment[], atMinute: number]>([
    ['an order without payments', 'pending', OPEN, [], 1],
    ['one whose time is up', 'closing', OPEN, [], 15],
    ['one whose time is up with a part of its amount', 'closing', OPEN, [part()], 15],
    ['one with a part of its amount', 'partial', OPEN, [part()], 1],
    ['one whose payment is gone', 'lost', OPEN, [whole(GONE)], 1],
    ['one whose payment is gone and partly made up for', 'lost', OPEN, [whole(GONE), part(2)], 1],
    ['one whose payment is gone and made up for', 'seen', OPEN, [whole(GONE), whole(IN_MEMPOOL, 2)], 1],
    ['one whose time is up and whose payment is gone', 'closing', OPEN, [whole(GONE)], 15],
    ['a covered one whose time is up and whose payment is gone', 'lost', COVERED, [whole(GONE)], 15],
    ['one whose amount is in the mempool', 'seen', COVERED, [whole(IN_MEMPOOL)], 1],
    ['one whose amount is in the mempool after its time', 'seen', COVERED, [whole(IN_MEMPOOL)], 20],
    ['one whose payment is missing', 'seen', COVERED, [whole(MISSING)], 1],
    ['one whose amount is in a block', 'confirming', COVERED, [whole(inBlock(TIP))], 1],
    ['a paid one', 'paid', PAID, [whole(inBlock(TIP))], 6],
    ['a paid one with more than its amount', 'overpaid', PAID, [whole(inBlock(TIP)), part(2)], 6],
    [
      'one that was settled by hand with nothing received',
      'paid',
      { ...PAID, byHand: { seen: 0n, confirmed: 0n } } as OrderState,
      [],
      6,
    ],
    ['a disputed one in blocks', 'dispute', DISPUTED, [aPayment(1, AMOUNT, inBlock(TIP + 1))], 7],
    ['a disputed one in the mempool', 'dispute-waiting', DISPUTED, [whole(IN_MEMPOOL)], 7],
    ['a disputed one without its payment', 'disputed', DISPUTED, [whole(GONE)], 7],
    ['an expired one', 'expired', EXPIRED, [], 16],
    ['an expired one with a part of its amount', 'short', EXPIRED, [part()], 16],
    ['an expired one that was paid afterwards', 'late', EXPIRED, [whole(IN_MEMPOOL, 16)], 17],
    ['an expired one whose late payment is gone', 'expired', EXPIRED, [whole(GONE, 16)], 17],
    ['an expired one that was covered in time', 'unsettled', { ...EXPIRED, coveredAt: minutes(2) }, [whole(GONE)], 17],
    ['a cancelled one', 'cancelled', CANCELLED, [], 4],
    ['a cancelled one with a part of its amount', 'cancelled', CANCELLED, [part()], 4],
    ['a cancelled one that was paid afterwards', 'late', CANCELLED, [whole(IN_MEMPOOL, 4)], 5],
    ['one that was charged back', 'chargeback', CHARGED_BACK, [whole(GONE)], 10],
  ])('of %s is %s', (_what, stage, state, payments, atMinute) => {
    expect(buyerStage(anOrder(payments, state), TIP, minutes(atMinute))).toBe(stage);
  });
});
