import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AMOUNT, anOrder, aPayment, CREATED_AT, GONE, inBlock, IN_MEMPOOL, minutes } from '../../test/support/an-order.ts';
import { anyPayments, TIP } from '../../test/support/any-order.ts';
import type { ScriptHex, Txid } from '../kernel/chain.ts';
import { parseId, type RefundId } from '../kernel/ids.ts';
import { sats } from '../kernel/sats.ts';
import { parseCurrency } from '../orders/currency.ts';
import { parseFiatAmount } from '../orders/fiat.ts';
import type { Order, OrderState, PaymentPlace } from '../orders/order.ts';
import { parseRefundAmount } from './parse-amount.ts';
import { followPayouts, linkPayouts, type Payout } from './payout.ts';
import { priceRefund, type AmountAsked } from './price-refund.ts';
import type { Approval, Refund, RefundState } from './refund.ts';
import { refundable } from './refundable.ts';

const EUR = parseCurrency('EUR');
const RATE = '10000';
const PAID: OrderState = { status: 'paid', paidAt: minutes(5) };
const EXPIRED: OrderState = { status: 'expired', expiredAt: minutes(15), coveredAt: null };
const SCRIPT = '0014aa' as ScriptHex;

const approvalOf = (amount: bigint, changes: Partial<Approval> = {}): Approval => ({
  at: CREATED_AT,
  amount: sats(amount),
  script: SCRIPT,
  price: { kind: 'satoshi' },
  confirmations: 2,
  ...changes,
});
const refundOf = (n: number, state: RefundState): Refund => ({
  id: parseId<RefundId>(`0b0e6a3c-2a58-4a57-9f0a-${n.toString(16).padStart(12, '0')}`),
  orderId: anOrder().terms.id,
  posId: anOrder().terms.posId,
  requestedBy: 'merchant',
  requestedAt: CREATED_AT,
  address: 'address',
  sinceHeight: 90,
  reason: null,
  state,
  seal: null,
});
const approved = (n: number, amount: bigint): Refund => refundOf(n, { status: 'approved', approval: approvalOf(amount) });
const payoutOf = (n: number, amount: bigint, place: PaymentPlace, refundId: RefundId | null = null): Payout => ({
  outPoint: { txid: n.toString(16).padStart(64, '0') as Txid, vout: 0 },
  script: SCRIPT,
  amount: sats(amount),
  firstSeenAt: minutes(n),
  place,
  refundId,
});
const euros = (text: string, at: 'order' | 'current' = 'order'): AmountAsked => ({
  kind: 'fiat',
  fiat: parseFiatAmount(text, EUR),
  at,
});

describe('what may be refunded', () => {
  it.each<[what: string, left: bigint, suggested: bigint, order: Order, refunded: readonly bigint[]]>([
    ['of a paid order', AMOUNT, AMOUNT, anOrder([aPayment(1, AMOUNT, inBlock(TIP))], PAID), []],
    ['of an overpaid one', 105_000n, 5_000n, anOrder([aPayment(1, 105_000n, inBlock(TIP))], PAID), []],
    [
      'of an overpaid one whose surplus is refunded',
      AMOUNT,
      AMOUNT,
      anOrder([aPayment(1, 105_000n, inBlock(TIP))], PAID),
      [5_000n],
    ],
    ['of an open order with exactly its amount', 0n, 0n, anOrder([aPayment(1, AMOUNT, inBlock(TIP))]), []],
    ['of a late payment', 40_000n, 40_000n, anOrder([aPayment(16, 40_000n, inBlock(TIP))], EXPIRED), []],
    ['of an unconfirmed payment', 0n, 0n, anOrder([aPayment(16, 40_000n, IN_MEMPOOL)], EXPIRED), []],
    ['of a reverted payment', 0n, 0n, anOrder([aPayment(16, 40_000n, GONE)], EXPIRED), []],
    ['of what is too little to send', 599n, 0n, anOrder([aPayment(16, 599n, inBlock(TIP))], EXPIRED), []],
  ])('%s is %d satoshi', (_what, left, suggested, order, refunded) => {
    const refunds = refunded.map((amount, n) => approved(n, amount));
    expect(refundable(order, TIP, refunds)).toMatchObject({ left, suggested });
  });

  it('counts no unconfirmed payment of an order that requires no confirmation', () => {
    const order = anOrder([aPayment(1, AMOUNT, IN_MEMPOOL)], PAID, { requiredConfirmations: 0 });
    expect(refundable(order, TIP, []).left).toBe(0n);
  });

  it('says when refunds exceed what was received, because payments were reverted since', () => {
    const order = anOrder([aPayment(1, AMOUNT, GONE)], PAID);
    expect(refundable(order, TIP, [approved(1, 5_000n)])).toMatchObject({ isUncovered: true, left: 0n });
  });

  it('never lets refunds exceed together what was received, whatever is asked for', () => {
    const asked: fc.Arbitrary<AmountAsked> = fc.oneof(
      fc.constant<AmountAsked>({ kind: 'suggested' }),
      fc.bigInt({ min: 1n, max: 3n * AMOUNT }).map((amount): AmountAsked => ({ kind: 'satoshi', amount: sats(amount) })),
      fc
        .bigInt({ min: 1n, max: 3000n })
        .map((minorUnits): AmountAsked => ({ kind: 'fiat', fiat: { currency: EUR, minorUnits }, at: 'order' })),
    );
    fc.assert(
      fc.property(anyPayments, fc.constantFrom(PAID, EXPIRED), fc.array(asked, { maxLength: 8 }), (payments, state, wishes) => {
        const order = anOrder(payments, state);
        const refunds: Refund[] = [];
        for (const wish of wishes) {
          const { left, suggested } = refundable(order, TIP, refunds);
          const priced = priceRefund(wish, left, suggested, RATE);
          if (priced.kind === 'priced') refunds.push(approved(refunds.length, priced.amount));
        }
        const { received, committed, isUncovered } = refundable(order, TIP, refunds);
        expect(committed <= received && !isUncovered).toBe(true);
      }),
    );
  });
});

describe('the amount of a refund', () => {
  it.each<[what: string, asked: AmountAsked, left: bigint, expected: unknown]>([
    ['the suggestion', { kind: 'suggested' }, 9_000n, { amount: 5_000n, price: { kind: 'satoshi' } }],
    ['satoshi', { kind: 'satoshi', amount: sats(9_000n) }, 9_000n, { amount: 9_000n }],
    ['a satoshi too many', { kind: 'satoshi', amount: sats(9_001n) }, 9_000n, { kind: 'too_much' }],
    ['fiat, rounded up', euros('1.00'), 9_000n, { amount: 3_334n }],
    ['fiat that exceeds the rest by rounding alone', euros('1.00'), 3_333n, { amount: 3_333n }],
    ['fiat that exceeds the rest', euros('1.00'), 3_332n, { kind: 'too_much' }],
    ['less than nodes relay', { kind: 'satoshi', amount: sats(599n) }, 9_000n, { kind: 'too_little' }],
  ])('may be %s', (_what, asked, left, expected) => {
    expect(priceRefund(asked, sats(left), sats(5_000n), '30000')).toMatchObject(expected as object);
  });

  it.each([
    ['', 'satoshi', { kind: 'suggested' }],
    ['700', 'satoshi', { kind: 'satoshi', amount: 700n }],
    ['7.00', 'current', euros('7.00', 'current')],
    ['7.00', 'satoshi', undefined],
    ['-7', 'satoshi', undefined],
    ['0', 'satoshi', undefined],
    ['7.001', 'order', undefined],
    ['99999999999999999999', 'satoshi', undefined],
    ['7', 'whatever', undefined],
  ])('is read from %j in %s', (text, at, expected) => {
    expect(parseRefundAmount(text, at, EUR)).toEqual(expected);
  });
});

describe('the payment of a refund', () => {
  it.each<[what: string, expected: RefundState['status'], places: readonly PaymentPlace[]]>([
    ['is looked for', 'approved', []],
    ['is seen', 'seen', [IN_MEMPOOL]],
    ['is in a block, with too few confirmations', 'seen', [inBlock(TIP)]],
    ['is confirmed', 'confirmed', [inBlock(TIP - 1)]],
    ['is reverted', 'approved', [GONE]],
    ['is replaced by another', 'seen', [GONE, IN_MEMPOOL]],
  ])('%s', (_what, expected, places) => {
    const { state } = approved(1, 5_000n);
    const payouts = places.map((place, n) => payoutOf(n, 5_000n, place));
    const followed = followPayouts(state, payouts, TIP);
    expect(followed.status).toBe(expected);
    // Level, not edge: from any state, the same places lead to the same state.
    expect(followPayouts(followed, payouts, TIP)).toEqual(followed);
    expect(followPayouts(followed, [], TIP)).toEqual(state);
  });

  it('does not revive a refund that is cancelled', () => {
    const state: RefundState = { status: 'cancelled', at: minutes(1), approval: approvalOf(5_000n) };
    expect(followPayouts(state, [payoutOf(1, 5_000n, inBlock(TIP - 5))], TIP)).toBe(state);
  });
});

describe('linking payments to refunds', () => {
  const one = approved(1, 5_000n);
  const two = approved(2, 5_000n);
  const pairs = (refunds: readonly Refund[], payouts: readonly Payout[]): unknown =>
    linkPayouts(refunds, payouts).map(({ outPoint, refundId }) => [Number.parseInt(outPoint.txid, 16), refundId]);

  it.each<[what: string, refunds: readonly Refund[], payouts: readonly Payout[], links: readonly [number, RefundId][]]>([
    ['links the only payment to the only refund', [one], [payoutOf(7, 5_000n, IN_MEMPOOL)], [[7, one.id]]],
    ['links no other amount', [one], [payoutOf(7, 5_001n, IN_MEMPOOL)], []],
    ['does not guess which of two equal refunds is paid', [one, two], [payoutOf(7, 5_000n, IN_MEMPOOL)], []],
    ['does not guess which of two payments pays', [one], [payoutOf(7, 5_000n, IN_MEMPOOL), payoutOf(8, 5_000n, IN_MEMPOOL)], []],
    [
      'links the oldest to the oldest once both are paid',
      [two, one],
      [payoutOf(8, 5_000n, IN_MEMPOOL), payoutOf(7, 5_000n, inBlock(TIP))],
      [
        [7, one.id],
        [8, two.id],
      ],
    ],
    ['tells refunds of different amounts apart', [one, approved(3, 6_000n)], [payoutOf(7, 5_000n, IN_MEMPOOL)], [[7, one.id]]],
    [
      'links nothing to a refund that is paid',
      [one],
      [payoutOf(6, 5_000n, IN_MEMPOOL, one.id), payoutOf(7, 5_000n, IN_MEMPOOL)],
      [],
    ],
    ['links the replacement', [one], [payoutOf(6, 5_000n, GONE, one.id), payoutOf(7, 5_000n, IN_MEMPOOL)], [[7, one.id]]],
    ['links no output of before the request', [one], [payoutOf(7, 5_000n, inBlock(90))], []],
    ['links no reverted output', [one], [payoutOf(7, 5_000n, GONE)], []],
  ])('%s', (_what, refunds, payouts, links) => {
    expect(pairs(refunds, payouts)).toEqual(links);
  });

  it('never links an output twice, nor two outputs to one refund', () => {
    const anyAmount = fc.constantFrom(5_000n, 6_000n);
    fc.assert(
      fc.property(fc.array(anyAmount, { maxLength: 5 }), fc.array(anyAmount, { maxLength: 5 }), (wanted, paid) => {
        const refunds = wanted.map((amount, n) => approved(n, amount));
        const links = linkPayouts(
          refunds,
          paid.map((amount, n) => payoutOf(n, amount, IN_MEMPOOL)),
        );
        expect(new Set(links.map(({ outPoint }) => outPoint.txid)).size).toBe(links.length);
        expect(new Set(links.map(({ refundId }) => refundId)).size).toBe(links.length);
      }),
    );
  });
});
