import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AMOUNT,
  anOrder,
  aPayment,
  CREATED_AT,
  GONE,
  HOUR_MS,
  IN_MEMPOOL,
  inBlock,
  minutes,
} from '../../test/support/an-order.ts';
import { anyHandledLife, TIP, type Judgement } from '../../test/support/any-order.ts';
import { plusMs } from '../kernel/clock.ts';
import { sats } from '../kernel/sats.ts';
import { attention } from './attention.ts';
import { refuseManually, settleManually, type Decision } from './decide-by-hand.ts';
import { formatFiatAmount } from './fiat.ts';
import type { Order, OrderState, Payment } from './order.ts';
import { paidParts } from './paid-parts.ts';
import {
  blockchainStatus,
  isCovered,
  nextDeadline,
  orderStatus,
  requiredAmount,
  settle,
  type SettleAt,
  type Settled,
  surplus,
  tally,
} from './rules.ts';

const NOW = plusMs(CREATED_AT, 100 * HOUR_MS);
const AT: SettleAt = { tipHeight: TIP, now: NOW, chainReadAt: NOW };
const SHORT = aPayment(1, AMOUNT - 10n, inBlock(TIP));
const EXPIRED: OrderState = { status: 'expired', expiredAt: minutes(15), coveredAt: null };
const CANCELLED: OrderState = { status: 'cancelled', cancelledAt: minutes(3) };
const PAID: OrderState = { status: 'paid', paidAt: minutes(5) };
const DISPUTED: OrderState = { status: 'disputed', paidAt: minutes(5), disputedAt: minutes(30) };
const CHARGED_BACK: OrderState = { ...DISPUTED, status: 'charged_back', chargedBackAt: minutes(2000) };

function taken(decision: Decision): Settled {
  if (decision.kind === 'refused') throw new Error(decision.why);
  return decision.settled;
}
const withPlace = (order: Order, place: Payment['place']): Order => ({
  ...order,
  payments: order.payments.map((payment) => ({ ...payment, place })),
});

describe('an order that is settled manually', () => {
  test.each([
    ['pending', undefined, ['payment.completed']],
    ['expired', EXPIRED, ['payment.completed']],
    ['cancelled', CANCELLED, ['payment.completed']],
    ['charged_back', CHARGED_BACK, ['payment.completed']],
    ['disputed', DISPUTED, ['payment.dispute.end']],
  ] as const)('and was %s is paid with what it has received, and shows its full price as paid', (_, state, events) => {
    const { order, events: reported } = taken(settleManually(anOrder([SHORT], state), AT));
    expect([order.state.status, reported]).toEqual(['paid', events]);
    const { paid, unpaid } = paidParts(order, TIP);
    expect([paid.crypto, formatFiatAmount(paid.fiat), unpaid.crypto]).toEqual([AMOUNT - 10n, '10.00', 0n]);
    expect(formatFiatAmount(unpaid.fiat)).toBe('0.00');
    expect(blockchainStatus(order, TIP)).toBe('paid');
    // Neither the chain nor the clock changes it.
    expect(settle(order, AT)).toEqual({ order, events: [] });
    expect(nextDeadline(order)).toBeUndefined();
  });

  test('without any bitcoin was paid in some other way, and what it receives then is surplus', () => {
    const { order, events } = taken(settleManually(anOrder(), AT));
    expect([order.state.status, events]).toEqual(['paid', ['payment.completed']]);
    const { paid } = paidParts(order, TIP);
    expect([paid.crypto, formatFiatAmount(paid.fiat)]).toEqual([0n, '10.00']);
    const later = settle({ ...order, payments: [aPayment(1, AMOUNT, inBlock(TIP))] }, AT);
    expect(later.events).toEqual(['payment.overpaid']);
    expect(attention(later.order, TIP)).toBe('surplus');
  });

  test('and has more than its amount reports the surplus; the rest of its amount, received later, is not surplus', () => {
    const over = taken(settleManually(anOrder([aPayment(1, AMOUNT + 5n, inBlock(TIP))], EXPIRED), AT));
    expect(over.events).toEqual(['payment.completed', 'payment.overpaid']);
    const { order } = taken(settleManually(anOrder([SHORT], EXPIRED), AT));
    const whole = settle({ ...order, payments: [...order.payments, aPayment(2, 10n, inBlock(TIP))] }, AT);
    expect(whole.events).toEqual([]);
    const more = settle({ ...whole.order, payments: [...whole.order.payments, aPayment(3, 1n, inBlock(TIP))] }, AT);
    expect(more.events).toEqual(['payment.overpaid']);
  });

  test('is disputed when what was accepted is no longer confirmed, and paid again when it is', () => {
    const { order } = taken(settleManually(anOrder([SHORT], EXPIRED), AT));
    const unconfirmed = settle(withPlace(order, IN_MEMPOOL), AT);
    expect(unconfirmed.events).toEqual(['payment.dispute.start']);
    expect(blockchainStatus(unconfirmed.order, TIP)).toBe('mempool_network_dispute');
    const gone = settle(withPlace(unconfirmed.order, GONE), AT);
    expect([gone.events, blockchainStatus(gone.order, TIP)]).toEqual([[], 'possible_chargeback']);
    const back = settle(withPlace(gone.order, inBlock(TIP)), AT);
    expect([back.events, back.order.state]).toEqual([['payment.dispute.end'], order.state]);
    const late = plusMs(NOW, 25 * HOUR_MS);
    expect(settle(gone.order, { ...AT, now: late, chainReadAt: late }).events).toEqual(['payment.chargeback']);
  });

  test('before its payment was confirmed is disputed only when that payment is reverted, not when its block is', () => {
    const { order, events } = taken(settleManually(anOrder([aPayment(1, AMOUNT - 10n, IN_MEMPOOL)]), AT));
    expect(events).toEqual(['payment.completed']);
    const mined = settle(withPlace(order, inBlock(TIP)), AT);
    expect(mined.events).toEqual([]);
    expect(settle(withPlace(mined.order, IN_MEMPOOL), AT).events).toEqual([]);
    expect(settle(withPlace(mined.order, GONE), AT).events).toEqual(['payment.dispute.start']);
  });

  test('cannot be settled again', () => {
    const { order } = taken(settleManually(anOrder([SHORT], EXPIRED), AT));
    expect(settleManually(order, AT)).toEqual({ kind: 'refused', why: 'is paid already' });
    expect(settleManually(anOrder([aPayment(1, AMOUNT, inBlock(TIP), true)], PAID), AT).kind).toBe('refused');
  });
});

describe('an order that is refused manually', () => {
  test('while it is pending is cancelled and needs no attention', () => {
    const { order, events } = taken(refuseManually(anOrder([SHORT]), { ...AT, chainReadAt: CREATED_AT }));
    expect([order.state.status, events]).toEqual(['cancelled', ['payment.cancelled', 'payment.overpaid']]);
    expect(attention(order, TIP)).toBeUndefined();
  });

  test.each([
    ['expired with a part', anOrder([{ ...SHORT, firstSeenAt: minutes(2) }], EXPIRED), 'partial'],
    ['expired and paid late', anOrder([{ ...SHORT, firstSeenAt: minutes(16) }], EXPIRED), 'late'],
    ['cancelled and paid', anOrder([SHORT], CANCELLED), 'late'],
    ['charged back, and paid again', anOrder([SHORT], CHARGED_BACK), 'late'],
    ['paid with more than it asked for', anOrder([aPayment(1, AMOUNT + 1n, inBlock(TIP), true)], PAID), 'surplus'],
  ] as const)('keeps its state when it has ended (%s), and needs attention only until then', (_, order, before) => {
    expect(attention(order, TIP)).toBe(before);
    const refused = taken(refuseManually(order, AT));
    expect([refused.order.state, refused.events]).toEqual([order.state, []]);
    expect(attention(refused.order, TIP)).toBeUndefined();
    expect(refuseManually(refused.order, AT)).toMatchObject({ kind: 'refused', why: expect.stringMatching('already') as string });
    // Receives more: it needs attention again.
    const more = { ...refused.order, payments: [...order.payments, aPayment(9, 7n, inBlock(TIP))] };
    expect(attention(more, TIP)).not.toBeUndefined();
    expect(refuseManually(more, AT).kind).toBe('taken');
  });

  test.each([
    ['expired, with nothing', anOrder([], EXPIRED)],
    ['paid exactly', anOrder([aPayment(1, AMOUNT, inBlock(TIP), true)], PAID)],
    ['in dispute', anOrder([], DISPUTED)],
  ])('cannot be refused without anything to refuse: %s', (_, order) => {
    expect(refuseManually(order, AT).kind).toBe('refused');
  });
});

describe('an order of a POS that tolerates a tenth', () => {
  const terms = { tolerance: sats(AMOUNT / 10n) };
  const enough = AMOUNT - AMOUNT / 10n;

  test.each([
    [enough - 1n, 'partial', '8.99'],
    [enough, 'paid', '10.00'],
    [AMOUNT - 1n, 'paid', '10.00'],
    [AMOUNT, 'paid', '10.00'],
  ])('and has %s of 100,000 satoshi confirmed is %s and shows %s as paid', (amount, status, fiat) => {
    const at = { ...AT, now: minutes(5), chainReadAt: minutes(5) };
    const { order, events } = settle(anOrder([aPayment(1, amount, inBlock(TIP))], undefined, terms), at);
    const { paid, unpaid } = paidParts(order, TIP);
    expect([blockchainStatus(order, TIP), formatFiatAmount(paid.fiat), paid.crypto]).toEqual([status, fiat, amount]);
    expect(unpaid.crypto).toBe(status === 'paid' ? 0n : AMOUNT - amount);
    expect(events).toEqual(status === 'paid' ? ['payment.completed'] : []);
  });

  test('shows nothing unpaid once enough is seen, does not expire, and is overpaid only beyond its whole amount', () => {
    const at = { ...AT, now: minutes(5), chainReadAt: minutes(5) };
    const seen = settle(anOrder([aPayment(1, enough, IN_MEMPOOL)], undefined, terms), at).order;
    expect([blockchainStatus(seen, TIP), tally(seen, TIP).unpaid]).toEqual(['mempool_unconfirmed', 0n]);
    expect(settle(seen, { ...at, now: minutes(16), chainReadAt: minutes(16) }).events).toEqual([]);
    const whole = settle({ ...seen, payments: [aPayment(1, enough, inBlock(TIP)), aPayment(2, AMOUNT / 10n, inBlock(TIP))] }, at);
    expect(whole.events).toEqual(['payment.completed']);
    const more = settle({ ...whole.order, payments: [...whole.order.payments, aPayment(3, 1n, inBlock(TIP))] }, at);
    expect(more.events).toEqual(['payment.overpaid']);
    // A part is reverted, and the rest is still enough.
    const less = settle({ ...more.order, payments: more.order.payments.slice(0, 1) }, at);
    expect([less.events, attention(less.order, TIP)]).toEqual([[], undefined]);
  });
});

describe('in any history with a tolerance and manual decisions', () => {
  const assertAlways = (holds: (judgement: Judgement) => void): void =>
    fc.assert(
      fc.property(anyHandledLife, (life) => life.forEach(holds)),
      { numRuns: 1_000 },
    );

  test('an order is paid exactly while it has enough, and shows its full price as paid only then', () => {
    assertAlways(({ after, at }) => {
      const sums = tally(after, at.tipHeight);
      const { paid, unpaid } = paidParts(after, at.tipHeight);
      if (after.state.status === 'paid') {
        expect(isCovered(after, sums)).toBe(true);
        expect([paid.fiat.minorUnits >= after.terms.fiat.minorUnits, unpaid.crypto]).toEqual([true, 0n]);
      }
      if (after.state.status === 'disputed') expect(isCovered(after, sums)).toBe(false);
      if (after.state.status === 'pending') expect(sums.confirmed < requiredAmount(after).confirmed).toBe(true);
      if (paid.fiat.minorUnits >= after.terms.fiat.minorUnits && after.state.status === 'disputed')
        expect(sums.confirmed >= after.terms.amount).toBe(true);
      expect(paid.crypto).toBe(sums.confirmed);
    });
  });

  test('an order leaves a final state only manually, and settling again changes nothing', () => {
    assertAlways(({ before, after, at, events, decided }) => {
      const over = ['expired', 'cancelled', 'charged_back'].includes(before.state.status);
      if (over && decided !== 'settled') expect(after.state).toEqual(before.state);
      if (decided === 'settled') expect(after.state.status).toBe('paid');
      expect(settle(after, at)).toEqual({ order: after, events: [] });
      expect(new Set(events).size).toBe(events.length);
    });
  });

  test('events report every change of the status', () => {
    const statusAfter: Readonly<Record<string, string>> = {
      'payment.completed': 'paid',
      'payment.dispute.start': 'network_dispute',
      'payment.dispute.end': 'paid',
      'payment.chargeback': 'chargeback',
      'payment.expired': 'expired',
      'payment.cancelled': 'cancelled',
    };
    assertAlways(({ before, after, events }) => {
      const last = events.findLast((event) => event !== 'payment.overpaid');
      expect(orderStatus(after)).toBe(last === undefined ? orderStatus(before) : statusAfter[last]);
    });
  });

  test('an order that may not keep its bitcoin needs attention until the merchant has decided', () => {
    assertAlways(({ after, at, decided }) => {
      const sums = tally(after, at.tipHeight);
      const why = attention(after, at.tipHeight);
      const isOver = ['expired', 'cancelled', 'charged_back'].includes(after.state.status);
      if (isOver) expect(why !== undefined).toBe(sums.seen > after.handled);
      if (after.state.status === 'paid' && surplus(after, sums) > 0n)
        expect(why !== undefined).toBe(sums.confirmed > after.handled);
      if (decided === 'refused') expect(why).toBeUndefined();
    });
  });
});
