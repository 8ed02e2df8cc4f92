/** Tests the rules with plain orders. The tables of transitions are in `packages/gateway/src/orders/settle.test.ts`. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Order, OrderState, Payment, PaymentPlace } from './order.ts';
import { paidParts } from './paid-parts.ts';
import { canFallShort, type ChainLimits, possibleEvents } from './possible-events.ts';
import { MAX_SATS } from './sats.ts';
import { cancel, nextDeadline, settle } from './settle.ts';
import { blockchainStatus, orderStatus, resolvedAt } from './status.ts';
import { tally } from './tally.ts';

const TIP = 100;
const AMOUNT = 100_000n;

const places: fc.Arbitrary<PaymentPlace> = fc.oneof(
  fc.constantFrom<PaymentPlace>({ kind: 'mempool' }, { kind: 'missing' }, { kind: 'gone' }),
  fc.record({ kind: fc.constant('block'), height: fc.integer({ min: TIP - 4, max: TIP }) }),
);
const payments: fc.Arbitrary<Payment[]> = fc.array(
  fc.record({ amount: fc.bigInt({ min: 1n, max: 2n * AMOUNT }), place: places, counted: fc.boolean() }),
  { maxLength: 4 },
);
const times = fc.integer({ min: 0, max: 10_000 });
const states: fc.Arbitrary<OrderState> = fc.oneof(
  fc.record({ status: fc.constant('pending'), coveredAt: fc.option(times) }),
  fc.record({ status: fc.constant('paid'), paidAt: times }),
  fc.record({ status: fc.constant('disputed'), paidAt: times, disputedAt: times }),
  fc.record({ status: fc.constant('charged_back'), paidAt: times, disputedAt: times, chargedBackAt: times }),
  fc.record({ status: fc.constant('expired'), expiredAt: times, coveredAt: fc.option(times) }),
  fc.record({ status: fc.constant('cancelled'), cancelledAt: times }),
);
const orders: fc.Arbitrary<Order & { reference: string }> = fc.record({
  reference: fc.string(),
  terms: fc.record({
    amount: fc.constant(AMOUNT),
    tolerance: fc.bigInt({ min: 0n, max: AMOUNT / 10n }),
    fiat: fc.record({ minorUnits: fc.bigInt({ min: 1n, max: 10_000n }) }),
    requiredConfirmations: fc.nat({ max: 3 }),
    expiresAt: times,
    settlementTimeoutMs: times,
    chargebackTimeoutMs: times,
  }),
  state: states,
  payments,
  surplusReported: fc.bigInt({ min: 0n, max: AMOUNT }),
});
const moments = times.map((now) => ({ tipHeight: TIP, now, chainReadAt: now }));

describe('an order', () => {
  test('that is settled twice does not change the second time and emits no further event', () => {
    fc.assert(
      fc.property(orders, moments, (order, at) => {
        const once = settle(order, at);
        expect(settle(once.order, at)).toEqual({ order: once.order, events: [] });
      }),
    );
  });

  test('keeps its terms, its payments and the fields that its owner added', () => {
    fc.assert(
      fc.property(orders, moments, (order, at) => {
        const { order: settled } = settle(order, at);
        expect([settled.reference, settled.terms]).toEqual([order.reference, order.terms]);
        const uncounted = (list: readonly Payment[]): object[] => list.map(({ amount, place }) => ({ amount, place }));
        expect(uncounted(settled.payments)).toEqual(uncounted(order.payments));
      }),
    );
  });

  test('without payments changes its state at its deadline and not before', () => {
    fc.assert(
      fc.property(orders, (any) => {
        const order = { ...any, payments: [] };
        const deadline = nextDeadline(order);
        fc.pre(deadline !== undefined);
        const atTime = (now: number): object => settle(order, { tipHeight: TIP, now, chainReadAt: now }).order.state;
        expect(atTime(deadline - 1)).toEqual(order.state);
        expect(atTime(deadline)).not.toEqual(order.state);
      }),
    );
  });

  test('can be cancelled only while it is pending', () => {
    fc.assert(
      fc.property(orders, moments, (order, at) => {
        const isPending = settle(order, at).order.state.status === 'pending';
        expect(cancel(order, at)?.order.state).toEqual(isPending ? { status: 'cancelled', cancelledAt: at.now } : undefined);
      }),
    );
  });

  test('has sums, parts and statuses that agree', () => {
    fc.assert(
      fc.property(orders, moments, (order, at) => {
        const { order: settled } = settle(order, at);
        const sums = tally(settled, TIP);
        expect(sums.confirmed + sums.inConfirmation).toBe(sums.seen);
        const priced = { ...settled, terms: { ...settled.terms, fiat: { minorUnits: 1_000n } } };
        const { paid, unpaid } = paidParts(priced, TIP);
        expect(unpaid.fiat === 0n).toBe(unpaid.crypto === 0n);
        if (settled.state.status === 'paid') expect(paid.fiat >= 1_000n).toBe(true);
        const status = orderStatus(settled);
        expect(resolvedAt(settled.state) === undefined).toBe(status === 'pending');
        if (status !== 'pending' && status !== 'network_dispute') expect(blockchainStatus(settled, TIP)).toBe(status);
      }),
    );
  });

  test('cannot be overpaid beyond the supply of bitcoin, or disputed beyond the reach of a reorganisation', () => {
    const place: PaymentPlace = { kind: 'block', height: TIP - 9 };
    const paid = (amount: bigint): Order => ({
      terms: {
        amount,
        tolerance: 0n,
        requiredConfirmations: 1,
        expiresAt: 0,
        settlementTimeoutMs: 0,
        chargebackTimeoutMs: 0,
      },
      state: { status: 'paid', paidAt: 0 },
      payments: [{ amount, place, counted: true }],
      surplusReported: 0n,
    });
    const within = (maxReorganisationDepth: number): ChainLimits => ({ tipHeight: TIP, maxReorganisationDepth });
    const events = (order: Order, limits: ChainLimits): readonly string[] =>
      possibleEvents(order, TIP, canFallShort(order, limits));
    expect(events(paid(AMOUNT), within(10))).toEqual(['payment.overpaid', 'payment.dispute.start']);
    expect(events(paid(AMOUNT), within(9))).toEqual(['payment.overpaid']);
    expect(events(paid(MAX_SATS), within(9))).toEqual([]);
  });

  test('whose payments exceed the supply of bitcoin is refused', () => {
    const place: PaymentPlace = { kind: 'mempool' };
    const tooMuch = [MAX_SATS, 1n].map((amount) => ({ amount, place, counted: false }));
    fc.assert(
      fc.property(orders, moments, (order, at) => {
        expect(() => settle({ ...order, payments: tooMuch }, at)).toThrow(RangeError);
      }),
    );
  });
});
