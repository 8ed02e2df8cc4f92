import { describe, expect, it } from 'vitest';
import { anOrder, minutes } from '../../test/support/an-order.ts';
import type { OrderState } from './order.ts';
import { wasCovered } from './was-covered.ts';

const at = minutes(1);

describe('an order', () => {
  it.each<[OrderState, boolean]>([
    [{ status: 'pending', coveredAt: null }, false],
    [{ status: 'pending', coveredAt: at }, true],
    [{ status: 'expired', expiredAt: at, coveredAt: null }, false],
    [{ status: 'expired', expiredAt: at, coveredAt: at }, true],
    [{ status: 'paid', paidAt: at }, true],
    [{ status: 'disputed', paidAt: at, disputedAt: at }, true],
    [{ status: 'charged_back', paidAt: at, disputedAt: at, chargedBackAt: at }, true],
    [{ status: 'cancelled', cancelledAt: at }, false],
  ])('with state %o was covered in time: %s', (state, covered) => {
    expect(wasCovered(anOrder([], state))).toBe(covered);
  });
});
