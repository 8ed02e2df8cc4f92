import { describe, expect, test } from 'vitest';
import { aPayment, GONE, inBlock, IN_MEMPOOL, MISSING } from '../../test/support/an-order.ts';
import { hasLostPayment } from './lost-payments.ts';
import type { Payment, PaymentPlace } from './order.ts';

const by = (n: number): PaymentPlace => ({
  kind: 'gone',
  reason: { kind: 'replaced', by: aPayment(n, 1n, IN_MEMPOOL).outPoint.txid, block: null },
});

describe('an order has lost a payment', () => {
  test.each<[what: string, payments: readonly Payment[], lost: boolean]>([
    ['when a transaction that pays it nothing replaces its payment', [aPayment(1, 100n, by(2))], true],
    ['when a transaction that pays it less replaces its payment', [aPayment(1, 100n, by(2)), aPayment(2, 99n, IN_MEMPOOL)], true],
    [
      'when one transaction replaces two payments and pays as much as one of them',
      [aPayment(1, 60n, by(3)), aPayment(2, 60n, by(3)), aPayment(3, 60n, IN_MEMPOOL)],
      true,
    ],
    [
      'when the replacement of a replacement pays less',
      [aPayment(1, 9n, by(2)), aPayment(2, 9n, by(3)), aPayment(3, 8n, inBlock(4))],
      true,
    ],
    ['but not when a raised fee pays it the same', [aPayment(1, 100n, by(2)), aPayment(2, 100n, IN_MEMPOOL)], false],
    [
      'but not when the fee is raised twice',
      [aPayment(1, 9n, by(2)), aPayment(2, 9n, by(3)), aPayment(3, 9n, IN_MEMPOOL)],
      false,
    ],
    ['but not when the replacement pays more and is missing now', [aPayment(1, 9n, by(2)), aPayment(2, 10n, MISSING)], false],
    ['when its payment was dropped', [aPayment(1, 9n, GONE)], true],
    ['when its payment timed out', [aPayment(1, 9n, { kind: 'gone', reason: { kind: 'timed_out' } })], true],
    ['but not when a payment is missing', [aPayment(1, 9n, MISSING)], false],
    ['but not without payments', [], false],
  ])('%s', (_, payments, lost) => {
    expect(hasLostPayment(payments)).toBe(lost);
  });
});
