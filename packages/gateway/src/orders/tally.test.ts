import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AMOUNT, anOrder, aPayment, GONE, IN_MEMPOOL, inBlock } from '../../test/support/an-order.ts';
import { anyPayments, TIP } from '../../test/support/any-order.ts';
import { tally } from './rules.ts';

describe('the sums of an order', () => {
  it.each([
    ['nothing', [], 1, { seen: 0n, inBlocks: 0n, confirmed: 0n, inConfirmation: 0n, unpaid: AMOUNT }],
    [
      'in the mempool',
      [aPayment(1, 400n, IN_MEMPOOL)],
      1,
      { seen: 400n, inBlocks: 0n, confirmed: 0n, inConfirmation: 400n, unpaid: 99_600n },
    ],
    [
      'in the mempool, for an order that requires no confirmation',
      [aPayment(1, 400n, IN_MEMPOOL)],
      0,
      { seen: 400n, inBlocks: 0n, confirmed: 400n, inConfirmation: 0n, unpaid: 99_600n },
    ],
    [
      'in the best block',
      [aPayment(1, 400n, inBlock(TIP))],
      1,
      { seen: 400n, inBlocks: 400n, confirmed: 400n, inConfirmation: 0n, unpaid: 99_600n },
    ],
    [
      'one confirmation short',
      [aPayment(1, 400n, inBlock(TIP - 1))],
      3,
      { seen: 400n, inBlocks: 400n, confirmed: 0n, inConfirmation: 400n, unpaid: 99_600n },
    ],
    [
      'just confirmed',
      [aPayment(1, 400n, inBlock(TIP - 2))],
      3,
      { seen: 400n, inBlocks: 400n, confirmed: 400n, inConfirmation: 0n, unpaid: 99_600n },
    ],
    ['reverted', [aPayment(1, AMOUNT, GONE)], 0, { seen: 0n, inBlocks: 0n, confirmed: 0n, inConfirmation: 0n, unpaid: AMOUNT }],
    [
      'more than the amount, in several places',
      [aPayment(1, 90_000n, inBlock(TIP)), aPayment(2, 20_000n, IN_MEMPOOL), aPayment(3, 70_000n, GONE)],
      1,
      { seen: 110_000n, inBlocks: 90_000n, confirmed: 90_000n, inConfirmation: 20_000n, unpaid: 0n },
    ],
  ])('count payments by their place: %s', (_, payments, requiredConfirmations, sums) => {
    expect(tally(anOrder(payments, undefined, { requiredConfirmations }), TIP)).toEqual(sums);
  });

  it('add up for any payments, and are never negative', () => {
    fc.assert(
      fc.property(anyPayments, fc.nat({ max: 8 }), (payments, requiredConfirmations) => {
        const { seen, inBlocks, confirmed, inConfirmation, unpaid } = tally(
          anOrder(payments, undefined, { requiredConfirmations }),
          TIP,
        );
        expect(confirmed + inConfirmation).toBe(seen);
        expect(unpaid).toBe(seen > AMOUNT ? 0n : AMOUNT - seen);
        expect(confirmed <= seen && inBlocks <= seen).toBe(true);
        if (requiredConfirmations > 0) expect(confirmed <= inBlocks).toBe(true);
        const present = payments.filter(({ place }) => place.kind !== 'gone').map(({ amount }) => amount);
        expect(seen).toBe(present.reduce<bigint>((sum, amount) => sum + amount, 0n));
      }),
    );
  });
});
