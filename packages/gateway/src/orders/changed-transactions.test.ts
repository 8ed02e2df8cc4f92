import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOf, NOON, sampleAccount, sampleOrder, samplePayment, samplePos } from '../../test/support/samples.ts';
import { plusMs } from '../kernel/clock.ts';
import { recordChangedTransactions } from './changed-transactions.ts';
import type { Order, Payment, PaymentPlace } from './order.ts';
import { settle, transactionStatus } from './rules.ts';

const MEMPOOL: PaymentPlace = { kind: 'mempool' };
const MISSING: PaymentPlace = { kind: 'missing', since: NOON };
const GONE: PaymentPlace = { kind: 'gone', reason: { kind: 'dropped' } };
const inBlock = (height: number): PaymentPlace => ({ kind: 'block', ...blockOf(height) });
const order = sampleOrder(samplePos(sampleAccount()), { requiredConfirmations: 2 });
const paymentAt = (name: string, place: PaymentPlace, noted?: Payment['noted']): Payment => ({
  ...samplePayment(order, name),
  place,
  counted: false,
  noted,
});
const withPayments = (...payments: readonly Payment[]): Order => ({ ...order, payments });

describe('changed transactions', () => {
  it('are reported when a payment is seen, in a block, confirmed and reverted, and at no other block', () => {
    const steps: readonly (readonly [PaymentPlace, number, boolean])[] = [
      [MEMPOOL, 100, true],
      [MEMPOOL, 101, false],
      [MISSING, 101, false],
      [inBlock(102), 102, true],
      [inBlock(102), 103, true],
      [inBlock(102), 150, false],
      [MEMPOOL, 150, true],
      [GONE, 150, true],
      [GONE, 151, false],
      [MEMPOOL, 151, true],
    ];
    let noted: Payment['noted'];
    for (const [place, tipHeight, expected] of steps) {
      const { order: after, changed } = recordChangedTransactions(withPayments(paymentAt('a', place, noted)), tipHeight);
      expect([place.kind, tipHeight, changed]).toEqual([place.kind, tipHeight, expected]);
      ({ noted } = after.payments[0]!);
    }
  });

  it('are reported once, however many changed', () => {
    expect(recordChangedTransactions(withPayments(paymentAt('a', MEMPOOL), paymentAt('b', inBlock(100))), 100).changed).toBe(
      true,
    );
  });

  it('are not reported for an order without payments, or if their earlier status is unknown', () => {
    expect(recordChangedTransactions(order, 100)).toEqual({ order, changed: false });
    expect(recordChangedTransactions(withPayments(paymentAt('a', MEMPOOL, 'unknown')), 100).changed).toBe(false);
  });

  it('are reported exactly when a status differs from the last reported one, in any history', () => {
    const place = fc.oneof(fc.constantFrom(MEMPOOL, MISSING, GONE), fc.integer({ min: 95, max: 105 }).map(inBlock));
    const look = fc.record({
      places: fc.array(place, { minLength: 1, maxLength: 3 }),
      tipHeight: fc.integer({ min: 105, max: 110 }),
    });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 20 }), (looks) => {
        let stored: readonly Payment[] = [];
        let reported = '';
        for (const [n, { places, tipHeight }] of looks.entries()) {
          const before = stored;
          // Payments arrive and change their places; none disappears.
          const all = Array.from({ length: Math.max(places.length, before.length) }, (_, at) =>
            paymentAt(`payment ${at}`, places[at] ?? before[at]!.place, before[at]?.noted),
          );
          const at = { tipHeight, now: plusMs(NOON, n), chainReadAt: plusMs(NOON, n) };
          const { order: after, changed } = recordChangedTransactions(settle(withPayments(...all), at).order, tipHeight);
          const statuses = all.map((payment) => transactionStatus(payment, 2, tipHeight)).join();
          expect(changed).toBe(statuses !== reported);
          // A second call reports nothing.
          expect(recordChangedTransactions(after, tipHeight)).toEqual({ order: after, changed: false });
          [stored, reported] = [after.payments, statuses];
        }
      }),
    );
  });
});
