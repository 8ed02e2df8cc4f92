import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AMOUNT, anOrder, aPayment, GONE, HOUR_MS, IN_MEMPOOL, inBlock, minutes } from '../../test/support/an-order.ts';
import { anyLife, anyPayments, placeAt, TIP, type Judgement } from '../../test/support/any-order.ts';
import { outPointKey } from '../kernel/chain.ts';
import { plusMs, type EpochMs } from '../kernel/clock.ts';
import { sats } from '../kernel/sats.ts';
import type { Order, OrderState, OrderTerms, Payment } from './order.ts';
import { cancel, isConfirmed, nextDeadline, type OrderEvent, settle, type SettleAt, surplus, tally } from './rules.ts';

/** Settles at a minute of the order's life, with the chain read just now. */
function at(minute: number, changes: Partial<SettleAt> = {}): SettleAt {
  return { tipHeight: TIP, now: minutes(minute), chainReadAt: minutes(minute), ...changes };
}

const all = AMOUNT;
const half = AMOUNT / 2n;
const confirmed = inBlock(TIP);
const expiry = minutes(15);
const settlementEnd = plusMs(expiry, 72 * HOUR_MS);
const disputedAt = minutes(30);
const disputeEnd = plusMs(disputedAt, 24 * HOUR_MS);
const justBefore = (time: EpochMs): EpochMs => plusMs(time, -1);
const reading = (time: EpochMs): SettleAt => ({ tipHeight: TIP, now: time, chainReadAt: time });

const PENDING: OrderState = { status: 'pending', coveredAt: null };
const COVERED: OrderState = { status: 'pending', coveredAt: minutes(1) };
const PAID: OrderState = { status: 'paid', paidAt: minutes(5) };
const DISPUTED: OrderState = { status: 'disputed', paidAt: minutes(5), disputedAt };
const CHARGED_BACK: OrderState = { ...DISPUTED, status: 'charged_back', chargedBackAt: disputeEnd };
const EXPIRED: OrderState = { status: 'expired', expiredAt: expiry, coveredAt: null };
const CANCELLED: OrderState = { status: 'cancelled', cancelledAt: minutes(3) };

interface Row {
  readonly when: string;
  readonly from: OrderState;
  readonly payments?: readonly Payment[];
  readonly terms?: Partial<OrderTerms>;
  /** The surplus reported before. */
  readonly reported?: bigint;
  readonly at: SettleAt;
  readonly to: OrderState;
  readonly events?: readonly OrderEvent[];
}

const rows: readonly Row[] = [
  // A pending order.
  { when: 'nothing is received', from: PENDING, at: at(1), to: PENDING },
  { when: 'a part is confirmed', from: PENDING, payments: [aPayment(1, half, confirmed)], at: at(1), to: PENDING },
  { when: 'one satoshi is missing', from: PENDING, payments: [aPayment(1, all - 1n, confirmed)], at: at(1), to: PENDING },
  {
    when: 'all is seen in the mempool',
    from: PENDING,
    payments: [aPayment(1, all, IN_MEMPOOL)],
    at: at(4),
    to: { status: 'pending', coveredAt: minutes(4) },
  },
  {
    when: 'all is in a block with too few confirmations',
    from: PENDING,
    payments: [aPayment(1, all, confirmed)],
    terms: { requiredConfirmations: 2 },
    at: at(4),
    to: { status: 'pending', coveredAt: minutes(4) },
  },
  {
    when: 'all was seen and then reverted: it stays covered',
    from: COVERED,
    payments: [aPayment(1, all, GONE)],
    at: at(6),
    to: COVERED,
  },
  {
    when: 'exactly the amount is confirmed',
    from: PENDING,
    payments: [aPayment(1, all, confirmed)],
    at: at(5),
    to: PAID,
    events: ['payment.completed'],
  },
  {
    when: 'all is confirmed in two payments',
    from: COVERED,
    payments: [aPayment(1, half, confirmed), aPayment(2, half, inBlock(TIP - 5))],
    at: at(5),
    to: PAID,
    events: ['payment.completed'],
  },
  {
    when: 'one satoshi too much is confirmed',
    from: COVERED,
    payments: [aPayment(1, all + 1n, confirmed)],
    at: at(5),
    to: PAID,
    events: ['payment.completed', 'payment.overpaid'],
  },
  {
    when: 'all is confirmed and more is in the mempool',
    from: COVERED,
    payments: [aPayment(1, all, confirmed), aPayment(2, half, IN_MEMPOOL)],
    at: at(5),
    to: PAID,
    events: ['payment.completed'],
  },
  {
    when: 'no confirmation is required and all is in the mempool',
    from: PENDING,
    payments: [aPayment(1, all, IN_MEMPOOL)],
    terms: { requiredConfirmations: 0 },
    at: at(5),
    to: PAID,
    events: ['payment.completed'],
  },

  // Its expiration.
  { when: 'its expiration time has not come', from: PENDING, at: reading(justBefore(expiry)), to: PENDING },
  { when: 'its expiration time has come', from: PENDING, at: reading(expiry), to: EXPIRED, events: ['payment.expired'] },
  {
    when: 'its expiration time has come, but the chain was last read before it',
    from: PENDING,
    at: { tipHeight: TIP, now: minutes(600), chainReadAt: justBefore(expiry) },
    to: PENDING,
  },
  {
    when: 'its expiration time has come and a part is confirmed',
    from: PENDING,
    payments: [aPayment(1, half, confirmed)],
    at: reading(expiry),
    to: EXPIRED,
    events: ['payment.expired', 'payment.overpaid'],
  },
  {
    when: 'its expiration time has come and a part is in the mempool',
    from: PENDING,
    payments: [aPayment(1, half, IN_MEMPOOL)],
    at: reading(expiry),
    to: EXPIRED,
    events: ['payment.expired'],
  },
  {
    when: 'its expiration time has come and all was seen in time',
    from: COVERED,
    payments: [aPayment(1, all, IN_MEMPOOL)],
    at: reading(justBefore(settlementEnd)),
    to: COVERED,
  },
  {
    when: 'all was seen in time and is reverted: it still waits for its settlement timeout',
    from: COVERED,
    payments: [aPayment(1, all, GONE)],
    at: reading(justBefore(settlementEnd)),
    to: COVERED,
  },
  {
    when: 'all was seen in time and is not confirmed at the settlement timeout',
    from: COVERED,
    payments: [aPayment(1, all, IN_MEMPOOL)],
    at: reading(settlementEnd),
    to: { status: 'expired', expiredAt: settlementEnd, coveredAt: minutes(1) },
    events: ['payment.expired'],
  },
  {
    when: 'all is confirmed at the settlement timeout',
    from: COVERED,
    payments: [aPayment(1, all, confirmed)],
    at: reading(settlementEnd),
    to: { status: 'paid', paidAt: settlementEnd },
    events: ['payment.completed'],
  },
  {
    when: 'the node was unavailable at its expiration time, and all is in the mempool',
    from: PENDING,
    payments: [aPayment(1, all, IN_MEMPOOL)],
    at: at(300),
    to: { status: 'pending', coveredAt: minutes(300) },
  },
  {
    when: 'the node was unavailable past its settlement timeout, and all is in the mempool: the timeout starts now',
    from: PENDING,
    payments: [aPayment(1, all, IN_MEMPOOL)],
    at: reading(plusMs(settlementEnd, HOUR_MS)),
    to: { status: 'pending', coveredAt: plusMs(settlementEnd, HOUR_MS) },
  },
  {
    when: 'it was covered that late, and a settlement timeout has passed since',
    from: { status: 'pending', coveredAt: plusMs(settlementEnd, HOUR_MS) },
    payments: [aPayment(1, all, IN_MEMPOOL)],
    at: reading(plusMs(settlementEnd, 73 * HOUR_MS)),
    to: {
      status: 'expired',
      expiredAt: plusMs(settlementEnd, 73 * HOUR_MS),
      coveredAt: plusMs(settlementEnd, HOUR_MS),
    },
    events: ['payment.expired'],
  },
  {
    when: 'the node was unavailable at its expiration time, and all is confirmed',
    from: PENDING,
    payments: [aPayment(1, all, confirmed)],
    at: at(300),
    to: { status: 'paid', paidAt: minutes(300) },
    events: ['payment.completed'],
  },

  // A paid order.
  { when: 'its payment stays confirmed', from: PAID, payments: [aPayment(1, all, inBlock(3), true)], at: at(600), to: PAID },
  {
    when: 'its payment leaves its block',
    from: PAID,
    payments: [aPayment(1, all, IN_MEMPOOL, true)],
    at: at(30),
    to: DISPUTED,
    events: ['payment.dispute.start'],
  },
  {
    when: 'its payment is reverted',
    from: PAID,
    payments: [aPayment(1, all, GONE, true)],
    at: at(30),
    to: DISPUTED,
    events: ['payment.dispute.start'],
  },
  {
    when: 'its payment is in another block with fewer confirmations',
    from: PAID,
    payments: [aPayment(1, all, inBlock(TIP - 1), true)],
    terms: { requiredConfirmations: 3 },
    at: at(30),
    to: DISPUTED,
    events: ['payment.dispute.start'],
  },
  {
    when: 'one of two payments is reverted, and the other covers it',
    from: PAID,
    payments: [aPayment(1, all, GONE, true), aPayment(2, all, confirmed, true)],
    at: at(30),
    to: PAID,
  },
  {
    when: 'more is confirmed',
    from: PAID,
    payments: [aPayment(1, all, confirmed, true), aPayment(2, 1n, confirmed)],
    at: at(30),
    to: PAID,
    events: ['payment.overpaid'],
  },
  {
    when: 'more is seen, not yet confirmed',
    from: PAID,
    payments: [aPayment(1, all, confirmed, true), aPayment(2, half, IN_MEMPOOL)],
    at: at(30),
    to: PAID,
  },
  {
    when: 'its surplus was reported before',
    from: PAID,
    payments: [aPayment(1, all, confirmed, true), aPayment(2, half, confirmed, true)],
    reported: half,
    at: at(30),
    to: PAID,
  },

  // A disputed order.
  {
    when: 'its payment is confirmed again',
    from: DISPUTED,
    payments: [aPayment(1, all, confirmed, true)],
    at: at(40),
    to: PAID,
    events: ['payment.dispute.end'],
  },
  {
    when: 'another payment covers it',
    from: DISPUTED,
    payments: [aPayment(1, all, GONE, true), aPayment(2, all, confirmed)],
    at: at(40),
    to: PAID,
    events: ['payment.dispute.end'],
  },
  {
    when: 'another payment more than covers it',
    from: DISPUTED,
    payments: [aPayment(1, all, GONE, true), aPayment(2, all + 5n, confirmed)],
    at: at(40),
    to: PAID,
    events: ['payment.dispute.end', 'payment.overpaid'],
  },
  {
    when: 'nothing changes',
    from: DISPUTED,
    payments: [aPayment(1, all, IN_MEMPOOL, true)],
    at: reading(justBefore(disputeEnd)),
    to: DISPUTED,
  },
  {
    when: 'a part of it is confirmed, which the merchant must not refund yet',
    from: DISPUTED,
    payments: [aPayment(1, all, GONE, true), aPayment(2, half, confirmed)],
    at: at(40),
    to: DISPUTED,
  },
  {
    when: 'the chargeback timeout is over, but the chain was last read before that',
    from: DISPUTED,
    payments: [aPayment(1, all, GONE, true)],
    at: { tipHeight: TIP, now: plusMs(disputeEnd, HOUR_MS), chainReadAt: justBefore(disputeEnd) },
    to: DISPUTED,
  },
  {
    when: 'the chargeback timeout is over',
    from: DISPUTED,
    payments: [aPayment(1, all, IN_MEMPOOL, true)],
    at: reading(disputeEnd),
    to: CHARGED_BACK,
    events: ['payment.chargeback'],
  },
  {
    when: 'the chargeback timeout is over and a part is confirmed',
    from: DISPUTED,
    payments: [aPayment(1, half, GONE, true), aPayment(2, half, confirmed, true)],
    at: reading(disputeEnd),
    to: CHARGED_BACK,
    events: ['payment.chargeback', 'payment.overpaid'],
  },
  {
    when: 'its payment is confirmed again at the chargeback timeout',
    from: DISPUTED,
    payments: [aPayment(1, all, confirmed, true)],
    at: reading(disputeEnd),
    to: PAID,
    events: ['payment.dispute.end'],
  },

  // An order that has ended.
  ...[EXPIRED, CANCELLED, CHARGED_BACK].flatMap((ended): Row[] => [
    { when: 'nothing is received', from: ended, at: reading(disputeEnd), to: ended },
    {
      when: 'all comes late and is confirmed',
      from: ended,
      payments: [aPayment(1, all, confirmed)],
      at: reading(disputeEnd),
      to: ended,
      events: ['payment.overpaid'],
    },
    {
      when: 'all comes late and is in the mempool',
      from: ended,
      payments: [aPayment(1, all, IN_MEMPOOL)],
      at: reading(disputeEnd),
      to: ended,
    },
    {
      when: 'a second payment is confirmed',
      from: ended,
      payments: [aPayment(1, half, confirmed, true), aPayment(2, 1n, confirmed)],
      at: reading(disputeEnd),
      to: ended,
      events: ['payment.overpaid'],
    },
    {
      when: 'the late payment was reported before',
      from: ended,
      payments: [aPayment(1, all, confirmed, true)],
      reported: all,
      at: reading(disputeEnd),
      to: ended,
    },
    {
      when: 'its payment is reverted',
      from: ended,
      payments: [aPayment(1, all, GONE, true)],
      at: reading(disputeEnd),
      to: ended,
    },
  ]),
];

describe('settling an order', () => {
  it.each(rows)(
    'makes it $to.status from $from.status when $when',
    ({ from, payments, terms, reported = 0n, at, to, events = [] }) => {
      const settled = settle({ ...anOrder(payments, from, terms), surplusReported: sats(reported) }, at);
      expect(settled.order.state).toEqual(to);
      expect(settled.events).toEqual(events);
    },
  );

  it.each(rows)('takes every due step at once, from $from.status when $when', ({ from, payments, terms, at }) => {
    const { order } = settle(anOrder(payments, from, terms), at);
    expect(settle(order, at)).toEqual({ order, events: [] });
  });

  it('changes nothing but its state and which payments are counted', () => {
    const order = anOrder([aPayment(1, all, confirmed), aPayment(2, half, IN_MEMPOOL), aPayment(3, half, GONE)], PENDING);
    expect(settle(order, at(5)).order).toEqual({
      ...order,
      state: PAID,
      payments: [{ ...order.payments[0], counted: true }, order.payments[1], order.payments[2]],
    });
  });
});

describe('cancelling an order', () => {
  it.each<[string, OrderState, Payment[], OrderEvent[]]>([
    ['without payments', PENDING, [], ['payment.cancelled']],
    ['with a part in the mempool', PENDING, [aPayment(1, half, IN_MEMPOOL)], ['payment.cancelled']],
    ['with a part confirmed', PENDING, [aPayment(1, half, confirmed)], ['payment.cancelled', 'payment.overpaid']],
    ['with its whole amount in the mempool', COVERED, [aPayment(1, all, IN_MEMPOOL)], ['payment.cancelled']],
  ])('%s reports the cancellation and any confirmed payment', (_, state, payments, events) => {
    const cancelled = cancel(anOrder(payments, state), at(3));
    expect(cancelled?.order.state).toEqual(CANCELLED);
    expect(cancelled?.events).toEqual(events);
    expect(settle(cancelled!.order, at(4))).toEqual({ order: cancelled!.order, events: [] });
  });

  it.each<[string, OrderState, Payment[], SettleAt]>([
    ['paid', PAID, [aPayment(1, all, confirmed, true)], at(6)],
    ['disputed', DISPUTED, [aPayment(1, all, GONE, true)], at(31)],
    ['charged back', CHARGED_BACK, [], reading(disputeEnd)],
    ['expired', EXPIRED, [], at(16)],
    ['cancelled', CANCELLED, [], at(4)],
    ['paid, but not yet settled', PENDING, [aPayment(1, all, confirmed)], at(3)],
    ['expired, but not yet settled', PENDING, [], reading(expiry)],
  ])('that is %s is not possible', (_, state, payments, at) => {
    expect(cancel(anOrder(payments, state), at)).toBeUndefined();
  });
});

describe('the next deadline of an order', () => {
  it.each<[string, OrderState, EpochMs | undefined]>([
    ['its expiration time while it is pending', PENDING, expiry],
    ['the end of its settlement timeout once it is covered', COVERED, settlementEnd],
    [
      'a settlement timeout after it was covered, if that was after its expiration time',
      { status: 'pending', coveredAt: settlementEnd },
      plusMs(settlementEnd, 72 * HOUR_MS),
    ],
    ['the end of the chargeback timeout while it is disputed', DISPUTED, disputeEnd],
    ['undefined when it is paid', PAID, undefined],
    ['undefined when it has expired', EXPIRED, undefined],
    ['undefined when it was cancelled', CANCELLED, undefined],
    ['undefined when it was charged back', CHARGED_BACK, undefined],
  ])('is %s', (_, state, deadline) => {
    expect(nextDeadline(anOrder([], state))).toBe(deadline);
  });
});

describe('the surplus of an order', () => {
  it.each([
    ['nothing while it is pending', PENDING, 0n],
    ['nothing while it is disputed', DISPUTED, 0n],
    ['what exceeds its amount when it is paid', PAID, half],
    ['everything confirmed when it has expired', EXPIRED, all + half],
    ['everything confirmed when it was cancelled', CANCELLED, all + half],
    ['everything confirmed when it was charged back', CHARGED_BACK, all + half],
  ])('is %s', (_, state, expected) => {
    const order = anOrder([aPayment(1, all, confirmed), aPayment(2, half, confirmed), aPayment(3, all, IN_MEMPOOL)], state);
    expect(surplus(order, tally(order, TIP))).toBe(expected);
  });
});

const FINAL = new Set<OrderState['status']>(['expired', 'cancelled', 'charged_back']);
const LETTERS: Record<OrderEvent, string> = {
  'payment.completed': 'C',
  'payment.overpaid': 'O',
  'payment.cancelled': 'X',
  'payment.expired': 'E',
  'payment.dispute.start': 'S',
  'payment.dispute.end': 'F',
  'payment.chargeback': 'B',
};
/** Paid, then any number of disputes, of which the last may end in a chargeback; or ended unpaid. Any of them may be overpaid. */
const ALLOWED_EVENTS = /^(?:CO*(?:SFO*)*(?:S(?:BO*)?)?|[XE]O*)?$/;

describe('in any history of an order', () => {
  const assertAlways = (holds: (life: readonly Judgement[]) => void): void => {
    fc.assert(fc.property(anyLife, holds), { numRuns: 500 });
  };

  it('settling again changes nothing and emits no event', () => {
    assertAlways((life) => {
      for (const { after, at } of life) expect(settle(after, at)).toEqual({ order: after, events: [] });
    });
  });

  it('events follow each other as the contract allows', () => {
    assertAlways((life) => {
      const reported = life.flatMap(({ events }) => events.map((event) => LETTERS[event])).join('');
      expect(reported).toMatch(ALLOWED_EVENTS);
    });
  });

  it('the state is the one that the last event reported', () => {
    const STATUS_AFTER: Record<string, OrderState['status']> = {
      '': 'pending',
      C: 'paid',
      F: 'paid',
      S: 'disputed',
      B: 'charged_back',
      X: 'cancelled',
      E: 'expired',
    };
    assertAlways((life) => {
      let reported = '';
      for (const { events, after } of life) {
        reported += events.map((event) => LETTERS[event]).join('');
        expect(after.state.status).toBe(STATUS_AFTER[reported.replaceAll('O', '').at(-1) ?? '']);
      }
    });
  });

  it('a final state never changes', () => {
    assertAlways((life) => {
      for (const { before, after } of life) if (FINAL.has(before.state.status)) expect(after.state).toEqual(before.state);
    });
  });

  it('the payment time never changes, whatever disputes follow', () => {
    assertAlways((life) => {
      const times = life.flatMap(({ after }) => ('paidAt' in after.state ? [after.state.paidAt] : []));
      expect(new Set(times).size).toBeLessThanOrEqual(1);
    });
  });

  it('an order is paid exactly while its amount is confirmed, from its completion to a chargeback', () => {
    assertAlways((life) => {
      for (const { after, at } of life) {
        const covers = tally(after, at.tipHeight).confirmed >= AMOUNT;
        if (after.state.status === 'paid') expect(covers).toBe(true);
        if (after.state.status === 'pending' || after.state.status === 'disputed') expect(covers).toBe(false);
      }
    });
  });

  it('an order neither expires nor is charged back before the chain has been read up to the deadline', () => {
    assertAlways((life) => {
      for (const { before, after, at } of life) {
        const { state, terms } = before;
        if (at.chainReadAt < terms.expiresAt) expect(state.status !== 'expired' && after.state.status === 'expired').toBe(false);
        if (state.status === 'disputed' && at.chainReadAt < plusMs(state.disputedAt, terms.chargebackTimeoutMs))
          expect(after.state.status).not.toBe('charged_back');
      }
    });
  });

  it('a covered order does not expire before its settlement timeout', () => {
    assertAlways((life) => {
      let covered = false;
      for (const { before, after, at, events } of life) {
        covered ||= before.state.status === 'pending' && tally(before, at.tipHeight).seen >= AMOUNT;
        const end = plusMs(after.terms.expiresAt, after.terms.settlementTimeoutMs);
        if (covered && at.chainReadAt < end) expect(events).not.toContain('payment.expired');
      }
    });
  });

  it('a payment that comes back after the chargeback is reported, although its completion counted it', () => {
    const chargedBack = settle(anOrder([aPayment(1, all, GONE, true)], DISPUTED), reading(disputeEnd));
    expect(chargedBack.events).toEqual(['payment.chargeback']);
    const back = settle({ ...chargedBack.order, payments: [aPayment(1, all, confirmed, true)] }, reading(disputeEnd));
    expect(back.events).toEqual(['payment.overpaid']);
    expect(settle(back.order, reading(disputeEnd))).toEqual({ order: back.order, events: [] });
  });

  it('a payment that was reverted, made up for by another and came back is reported', () => {
    const madeGood = settle(anOrder([aPayment(1, all, GONE, true), aPayment(2, all, confirmed)], DISPUTED), at(40));
    expect(madeGood.events).toEqual(['payment.dispute.end']);
    const back = settle(
      { ...madeGood.order, payments: [aPayment(1, all, confirmed, true), aPayment(2, all, confirmed, true)] },
      at(41),
    );
    expect(back.events).toEqual(['payment.overpaid']);
    expect(back.order.surplusReported).toBe(all);
  });

  it('a surplus that disappears and comes back unchanged is not reported twice', () => {
    const paid = settle(anOrder([aPayment(1, all, confirmed), aPayment(2, half, confirmed)]), at(4));
    expect(paid.events).toEqual(['payment.completed', 'payment.overpaid']);
    const unconfirmed = settle(
      { ...paid.order, payments: [aPayment(1, all, confirmed, true), aPayment(2, half, IN_MEMPOOL, true)] },
      at(5),
    );
    expect(unconfirmed.events).toEqual([]);
    expect(settle({ ...unconfirmed.order, payments: paid.order.payments }, at(6)).events).toEqual([]);
  });

  it('payment.overpaid reports only a new surplus: an uncounted confirmed output, a larger sum than before, or a chargeback', () => {
    assertAlways((life) => {
      for (const { before, after, at, events } of life) {
        if (!events.includes('payment.overpaid')) continue;
        const { requiredConfirmations } = before.terms;
        const fresh = before.payments.filter(
          (payment) => !payment.counted && isConfirmed(payment, requiredConfirmations, at.tipHeight),
        );
        const extra = surplus(after, tally(after, at.tipHeight));
        expect(extra).toBeGreaterThan(0n);
        expect(fresh.length > 0 || events.includes('payment.chargeback') || extra > before.surplusReported).toBe(true);
      }
    });
  });

  it('a new confirmed output that adds to a surplus is always reported', () => {
    assertAlways((life) => {
      for (const { before, after, at, events } of life) {
        const { requiredConfirmations } = before.terms;
        const fresh = before.payments.some(
          (payment) => !payment.counted && isConfirmed(payment, requiredConfirmations, at.tipHeight),
        );
        if (fresh && surplus(after, tally(after, at.tipHeight)) > 0n) expect(events).toContain('payment.overpaid');
      }
    });
  });

  it('a counted output stays counted, and a confirmed one is counted unless the order is pending or disputed', () => {
    assertAlways((life) => {
      for (const { before, after, at } of life) {
        const open = after.state.status === 'pending' || after.state.status === 'disputed';
        for (const [index, payment] of after.payments.entries()) {
          const was = before.payments[index]!;
          const isNowConfirmed = isConfirmed(payment, after.terms.requiredConfirmations, at.tipHeight);
          expect(payment).toEqual({ ...was, counted: was.counted || (isNowConfirmed && !open) });
        }
      }
    });
  });

  it('the clock changes the state at the deadline, and not a millisecond earlier', () => {
    assertAlways((life) => {
      for (const { after, at } of life) {
        const deadline = nextDeadline(after);
        const laterBy = (time: EpochMs): SettleAt => ({ ...at, now: time, chainReadAt: time });
        if (deadline === undefined) {
          expect(settle(after, laterBy(plusMs(at.now, 10_000 * HOUR_MS))).events).toEqual([]);
        } else if (at.chainReadAt < deadline) {
          expect(settle(after, laterBy(justBefore(deadline))).events).toEqual([]);
          expect(settle(after, laterBy(deadline)).order.state.status).not.toBe(after.state.status);
        }
      }
    });
  });
});

describe('the order in which payments arrive', () => {
  const anyState = fc.constantFrom<OrderState>(PENDING, COVERED, PAID, DISPUTED, CHARGED_BACK, EXPIRED, CANCELLED);
  const anyTime = fc.constantFrom(1, 14, 15, 100, 60 * 24, 60 * 24 + 31, 60 * 73);
  const judged = fc.record({
    payments: anyPayments,
    state: anyState,
    minute: anyTime,
    requiredConfirmations: fc.nat({ max: 4 }),
  });

  it('does not change the result for the same view of the chain', () => {
    fc.assert(
      fc.property(judged, fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), ({ payments, state, minute, ...terms }, ranks) => {
        const shuffled = payments.map((payment, index) => ({ payment, rank: ranks[index]! }));
        shuffled.sort((a, b) => a.rank - b.rank);
        const one = settle(anOrder(payments, state, terms), at(minute));
        const other = settle(
          anOrder(
            shuffled.map(({ payment }) => payment),
            state,
            terms,
          ),
          at(minute),
        );
        expect(other.order.state).toEqual(one.order.state);
        expect(other.events).toEqual(one.events);
        expect(byOutPoint(other.order)).toEqual(byOutPoint(one.order));
      }),
    );
  });

  it('does not change the result, one by one or all at once, before the deadline', () => {
    const inTime = anyPayments.map((payments) => payments.map((payment) => ({ ...payment, counted: false })));
    fc.assert(
      fc.property(inTime, fc.nat({ max: 4 }), (payments, requiredConfirmations) => {
        const allAtOnce = settle(anOrder(payments, PENDING, { requiredConfirmations }), at(5));
        const started = anOrder([], PENDING, { requiredConfirmations });
        const reported: OrderEvent[] = [];
        const oneByOne = payments.reduce<Order>((order, payment) => {
          const settled = settle({ ...order, payments: [...order.payments, payment] }, at(5));
          reported.push(...settled.events);
          return settled.order;
        }, started);
        expect(oneByOne).toEqual(allAtOnce.order);
        expect(new Set(reported)).toEqual(new Set(allAtOnce.events));
      }),
    );
  });

  it('does not change the result before the deadline, whatever blocks the payments passed through', () => {
    const detour = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.integer({ min: -2, max: 0 })), { maxLength: 20 });
    fc.assert(
      fc.property(anyPayments, detour, (payments, moves) => {
        const fresh = payments.map((payment) => ({ ...payment, counted: false }));
        const terms = { requiredConfirmations: 1 };
        const straight = settle(anOrder(fresh, COVERED, terms), at(5));
        // Nothing is confirmed on the way, so only the last view counts.
        let order = anOrder(
          fresh.map((payment) => ({ ...payment, place: IN_MEMPOOL })),
          COVERED,
          terms,
        );
        for (const [which, depth] of moves) {
          const moved = order.payments.map((payment, index) =>
            index === which ? { ...payment, place: placeAt(depth, TIP) } : payment,
          );
          ({ order } = settle({ ...order, payments: moved }, at(5)));
        }
        const arrived = settle({ ...order, payments: fresh }, at(5));
        expect(arrived).toEqual(straight);
      }),
    );
  });

  function byOutPoint(order: Order): Map<string, boolean> {
    return new Map(order.payments.map(({ outPoint, counted }) => [outPointKey(outPoint), counted]));
  }
});
