import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AMOUNT, anOrder, aPayment, GONE, IN_MEMPOOL, inBlock } from '../../test/support/an-order.ts';
import { anyPayments, TIP } from '../../test/support/any-order.ts';
import { tally } from './rules.ts';

describe('what has come in for an order', () => {
  it.each([
    ['nothing', [], 1, { seen: 0n, inBlocks: 0n, deep: 0n, inConfirmation: 0n, unpaid: AMOUNT }],
    [
      'in the mempool',
      [aPayment(1, 400n, IN_MEMPOOL)],
      1,
      { seen: 400n, inBlocks: 0n, deep: 0n, inConfirmation: 400n, unpaid: 99_600n },
    ],
    [
      'in the mempool, for an order that takes it unconfirmed',
      [aPayment(1, 400n, IN_MEMPOOL)],
      0,
      { seen: 400n, inBlocks: 0n, deep: 400n, inConfirmation: 0n, unpaid: 99_600n },
    ],
    [
      'in the best block',
      [aPayment(1, 400n, inBlock(TIP))],
      1,
      { seen: 400n, inBlocks: 400n, deep: 400n, inConfirmation: 0n, unpaid: 99_600n },
    ],
    [
      'one block too high',
      [aPayment(1, 400n, inBlock(TIP - 1))],
      3,
      { seen: 400n, inBlocks: 400n, deep: 0n, inConfirmation: 400n, unpaid: 99_600n },
    ],
    [
      'just deep enough',
      [aPayment(1, 400n, inBlock(TIP - 2))],
      3,
      { seen: 400n, inBlocks: 400n, deep: 400n, inConfirmation: 0n, unpaid: 99_600n },
    ],
    ['gone', [aPayment(1, AMOUNT, GONE)], 0, { seen: 0n, inBlocks: 0n, deep: 0n, inConfirmation: 0n, unpaid: AMOUNT }],
    [
      'more than asked, in several places',
      [aPayment(1, 90_000n, inBlock(TIP)), aPayment(2, 20_000n, IN_MEMPOOL), aPayment(3, 70_000n, GONE)],
      1,
      { seen: 110_000n, inBlocks: 90_000n, deep: 90_000n, inConfirmation: 20_000n, unpaid: 0n },
    ],
  ])('is counted by its depth: %s', (_, payments, requiredConfirmations, sums) => {
    expect(tally(anOrder(payments, undefined, { requiredConfirmations }), TIP)).toEqual(sums);
  });

  it('adds up, whatever has come, and nothing of it is below zero', () => {
    fc.assert(
      fc.property(anyPayments, fc.nat({ max: 8 }), (payments, requiredConfirmations) => {
        const { seen, inBlocks, deep, inConfirmation, unpaid } = tally(
          anOrder(payments, undefined, { requiredConfirmations }),
          TIP,
        );
        expect(deep + inConfirmation).toBe(seen);
        expect(unpaid).toBe(seen > AMOUNT ? 0n : AMOUNT - seen);
        expect(deep <= seen && inBlocks <= seen).toBe(true);
        if (requiredConfirmations > 0) expect(deep <= inBlocks).toBe(true);
        const present = payments.filter(({ place }) => place.kind !== 'gone').map(({ amount }) => amount);
        expect(seen).toBe(present.reduce<bigint>((sum, amount) => sum + amount, 0n));
      }),
    );
  });
});
