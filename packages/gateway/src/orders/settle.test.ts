import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AMOUNT, anOrder, aPayment, GONE, HOUR_MS, IN_MEMPOOL, inBlock, minutes } from '../../test/support/an-order.ts';
import { anyLife, anyPayments, placeAt, TIP, type Judgement } from '../../test/support/any-order.ts';
import { outPointKey } from '../kernel/chain.ts';
import { plusMs, type EpochMs } from '../kernel/clock.ts';
import { sats } from '../kernel/sats.ts';
import type { Order, OrderState, OrderTerms, Payment } from './order.ts';
import { cancel, isConfirmed, nextDeadline, type OrderEvent, settle, type SettleAt, surplus, tally } from './rules.ts';

/** Judged at a minute of the order's life, with the chain read just now. */
function at(minute: number, changes: Partial<SettleAt> = {}): SettleAt {
  return { tipHeight: TIP, now: minutes(minute), chainReadAt: minutes(minute), ...changes };
}

const all = AMOUNT;
const half = AMOUNT / 2n;
const deep = inBlock(TIP);
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
  /** The surplus that was reported before. */
  readonly reported?: bigint;
  readonly at: SettleAt;
  readonly to: OrderState;
  readonly events?: readonly OrderEvent[];
}

const rows: readonly Row[] = [
  // An open order.
  { when: 'nothing comes', from: PENDING, at: at(1), to: PENDING },
  { when: 'a part comes', from: PENDING, payments: [aPayment(1, half, deep)], at: at(1), to: PENDING },
  { when: 'one satoshi is missing', from: PENDING, payments: [aPayment(1, all - 1n, deep)], at: at(1), to: PENDING },
  {
    when: 'all is seen in the mempool',
    from: PENDING,
    payments: [aPayment(1, all, IN_MEMPOOL)],
    at: at(4),
    to: { status: 'pending', coveredAt: minutes(4) },
  },
  {
    when: 'all is in a block that is not deep enough',
    from: PENDING,
    payments: [aPayment(1, all, deep)],
    terms: { requiredConfirmations: 2 },
    at: at(4),
    to: { status: 'pending', coveredAt: minutes(4) },
  },
  {
    when: 'all was seen and is gone again, it stays covered',
    from: COVERED,
    payments: [aPayment(1, all, GONE)],
    at: at(6),
    to: COVERED,
  },
  {
    when: 'exactly all is deep',
    from: PENDING,
    payments: [aPayment(1, all, deep)],
    at: at(5),
    to: PAID,
    events: ['payment.completed'],
  },
  {
    when: 'all is deep in two payments',
    from: COVERED,
    payments: [aPayment(1, half, deep), aPayment(2, half, inBlock(TIP - 5))],
    at: at(5),
    to: PAID,
    events: ['payment.completed'],
  },
  {
    when: 'one satoshi too much is deep',
    from: COVERED,
    payments: [aPayment(1, all + 1n, deep)],
    at: at(5),
    to: PAID,
    events: ['payment.completed', 'payment.overpaid'],
  },
  {
    when: 'all is deep and more is in the mempool',
    from: COVERED,
    payments: [aPayment(1, all, deep), aPayment(2, half, IN_MEMPOOL)],
    at: at(5),
    to: PAID,
    events: ['payment.completed'],
  },
  {
    when: 'no confirmation is asked for and all is in the mempool',
    from: PENDING,
    payments: [aPayment(1, all, IN_MEMPOOL)],
    terms: { requiredConfirmations: 0 },
    at: at(5),
    to: PAID,
    events: ['payment.completed'],
  },

  // Its expiration.
  { when: 'its time is not yet over', from: PENDING, at: reading(justBefore(expiry)), to: PENDING },
  { when: 'its time is over', from: PENDING, at: reading(expiry), to: EXPIRED, events: ['payment.expired'] },
  {
    when: 'its time is over, but the chain was read before that',
    from: PENDING,
    at: { tipHeight: TIP, now: minutes(600), chainReadAt: justBefore(expiry) },
    to: PENDING,
  },
  {
    when: 'its time is over and a part is deep',
    from: PENDING,
    payments: [aPayment(1, half, deep)],
    at: reading(expiry),
    to: EXPIRED,
    events: ['payment.expired', 'payment.overpaid'],
  },
  {
    when: 'its time is over and a part is in the mempool',
    from: PENDING,
    payments: [aPayment(1, half, IN_MEMPOOL)],
    at: reading(expiry),
    to: EXPIRED,
    events: ['payment.expired'],
  },
  {
    when: 'its time is over and all was seen in time',
    from: COVERED,
    payments: [aPayment(1, all, IN_MEMPOOL)],
    at: reading(justBefore(settlementEnd)),
    to: COVERED,
  },
  {
    when: 'all was seen in time and is lost, it waits to the end all the same',
    from: COVERED,
    payments: [aPayment(1, all, GONE)],
    at: reading(justBefore(settlementEnd)),
    to: COVERED,
  },
  {
    when: 'all was seen in time and never confirmed',
    from: COVERED,
    payments: [aPayment(1, all, IN_MEMPOOL)],
    at: reading(settlementEnd),
    to: { status: 'expired', expiredAt: settlementEnd, coveredAt: minutes(1) },
    events: ['payment.expired'],
  },
  {
    when: 'the confirmation and the end of the wait are found at once',
    from: COVERED,
    payments: [aPayment(1, all, deep)],
    at: reading(settlementEnd),
    to: { status: 'paid', paidAt: settlementEnd },
    events: ['payment.completed'],
  },
  {
    when: 'the source was away over its expiration, and all is in the mempool',
    from: PENDING,
    payments: [aPayment(1, all, IN_MEMPOOL)],
    at: at(300),
    to: { status: 'pending', coveredAt: minutes(300) },
  },
  {
    when: 'the source was away over its settlement too, and all is in the mempool, it waits for its confirmations from now on',
    from: PENDING,
    payments: [aPayment(1, all, IN_MEMPOOL)],
    at: reading(plusMs(settlementEnd, HOUR_MS)),
    to: { status: 'pending', coveredAt: plusMs(settlementEnd, HOUR_MS) },
  },
  {
    when: 'all was found so late, and has not been confirmed in a whole settlement time since',
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
    when: 'the source was away over its expiration, and all is deep',
    from: PENDING,
    payments: [aPayment(1, all, deep)],
    at: at(300),
    to: { status: 'paid', paidAt: minutes(300) },
    events: ['payment.completed'],
  },

  // A paid order.
  { when: 'it stays deep', from: PAID, payments: [aPayment(1, all, inBlock(3), true)], at: at(600), to: PAID },
  {
    when: 'its payment leaves its block',
    from: PAID,
    payments: [aPayment(1, all, IN_MEMPOOL, true)],
    at: at(30),
    to: DISPUTED,
    events: ['payment.dispute.start'],
  },
  {
    when: 'its payment is gone',
    from: PAID,
    payments: [aPayment(1, all, GONE, true)],
    at: at(30),
    to: DISPUTED,
    events: ['payment.dispute.start'],
  },
  {
    when: 'its payment is in another block, less deep',
    from: PAID,
    payments: [aPayment(1, all, inBlock(TIP - 1), true)],
    terms: { requiredConfirmations: 3 },
    at: at(30),
    to: DISPUTED,
    events: ['payment.dispute.start'],
  },
  {
    when: 'one of two payments is gone, and the other covers it',
    from: PAID,
    payments: [aPayment(1, all, GONE, true), aPayment(2, all, deep, true)],
    at: at(30),
    to: PAID,
  },
  {
    when: 'more becomes deep',
    from: PAID,
    payments: [aPayment(1, all, deep, true), aPayment(2, 1n, deep)],
    at: at(30),
    to: PAID,
    events: ['payment.overpaid'],
  },
  {
    when: 'more comes, not deep yet',
    from: PAID,
    payments: [aPayment(1, all, deep, true), aPayment(2, half, IN_MEMPOOL)],
    at: at(30),
    to: PAID,
  },
  {
    when: 'the surplus was reported',
    from: PAID,
    payments: [aPayment(1, all, deep, true), aPayment(2, half, deep, true)],
    reported: half,
    at: at(30),
    to: PAID,
  },

  // A disputed order.
  {
    when: 'its payment is deep again',
    from: DISPUTED,
    payments: [aPayment(1, all, deep, true)],
    at: at(40),
    to: PAID,
    events: ['payment.dispute.end'],
  },
  {
    when: 'another payment covers it',
    from: DISPUTED,
    payments: [aPayment(1, all, GONE, true), aPayment(2, all, deep)],
    at: at(40),
    to: PAID,
    events: ['payment.dispute.end'],
  },
  {
    when: 'another payment more than covers it',
    from: DISPUTED,
    payments: [aPayment(1, all, GONE, true), aPayment(2, all + 5n, deep)],
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
    when: 'a part of it becomes deep, which is not to be sent back yet',
    from: DISPUTED,
    payments: [aPayment(1, all, GONE, true), aPayment(2, half, deep)],
    at: at(40),
    to: DISPUTED,
  },
  {
    when: 'the chargeback timeout is over, but the chain was read before that',
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
    when: 'the chargeback timeout is over and a part did arrive',
    from: DISPUTED,
    payments: [aPayment(1, half, GONE, true), aPayment(2, half, deep, true)],
    at: reading(disputeEnd),
    to: CHARGED_BACK,
    events: ['payment.chargeback', 'payment.overpaid'],
  },
  {
    when: 'the end of the dispute and of its timeout are found at once',
    from: DISPUTED,
    payments: [aPayment(1, all, deep, true)],
    at: reading(disputeEnd),
    to: PAID,
    events: ['payment.dispute.end'],
  },

  // An order that has ended.
  ...[EXPIRED, CANCELLED, CHARGED_BACK].flatMap((ended): Row[] => [
    { when: 'nothing comes', from: ended, at: reading(disputeEnd), to: ended },
    {
      when: 'all comes late, and is deep',
      from: ended,
      payments: [aPayment(1, all, deep)],
      at: reading(disputeEnd),
      to: ended,
      events: ['payment.overpaid'],
    },
    { when: 'all comes late', from: ended, payments: [aPayment(1, all, IN_MEMPOOL)], at: reading(disputeEnd), to: ended },
    {
      when: 'a second payment is deep',
      from: ended,
      payments: [aPayment(1, half, deep, true), aPayment(2, 1n, deep)],
      at: reading(disputeEnd),
      to: ended,
      events: ['payment.overpaid'],
    },
    {
      when: 'the late payment was reported',
      from: ended,
      payments: [aPayment(1, all, deep, true)],
      reported: all,
      at: reading(disputeEnd),
      to: ended,
    },
    { when: 'what came is gone', from: ended, payments: [aPayment(1, all, GONE, true)], at: reading(disputeEnd), to: ended },
  ]),
];

describe('an order is settled', () => {
  it.each(rows)('from $from.status to $to.status when $when', ({ from, payments, terms, reported = 0n, at, to, events = [] }) => {
    const settled = settle({ ...anOrder(payments, from, terms), surplusReported: sats(reported) }, at);
    expect(settled.order.state).toEqual(to);
    expect(settled.events).toEqual(events);
  });

  it.each(rows)(
    'as a whole at once: again, from $from.status when $when, there is nothing to do',
    ({ from, payments, terms, at }) => {
      const { order } = settle(anOrder(payments, from, terms), at);
      expect(settle(order, at)).toEqual({ order, events: [] });
    },
  );

  it('and nothing but its state and what was counted changes', () => {
    const order = anOrder([aPayment(1, all, deep), aPayment(2, half, IN_MEMPOOL), aPayment(3, half, GONE)], PENDING);
    expect(settle(order, at(5)).order).toEqual({
      ...order,
      state: PAID,
      payments: [{ ...order.payments[0], counted: true }, order.payments[1], order.payments[2]],
    });
  });
});

describe('cancelling', () => {
  it.each<[string, OrderState, Payment[], OrderEvent[]]>([
    ['an order without payments', PENDING, [], ['payment.cancelled']],
    ['an order with a part in the mempool', PENDING, [aPayment(1, half, IN_MEMPOOL)], ['payment.cancelled']],
    ['an order with a part that is deep', PENDING, [aPayment(1, half, deep)], ['payment.cancelled', 'payment.overpaid']],
    ['an order whose whole amount waits', COVERED, [aPayment(1, all, IN_MEMPOOL)], ['payment.cancelled']],
  ])('%s tells of it, and of what did arrive', (_, state, payments, events) => {
    const cancelled = cancel(anOrder(payments, state), at(3));
    expect(cancelled?.order.state).toEqual(CANCELLED);
    expect(cancelled?.events).toEqual(events);
    expect(settle(cancelled!.order, at(4))).toEqual({ order: cancelled!.order, events: [] });
  });

  it.each<[string, OrderState, Payment[], SettleAt]>([
    ['paid', PAID, [aPayment(1, all, deep, true)], at(6)],
    ['disputed', DISPUTED, [aPayment(1, all, GONE, true)], at(31)],
    ['charged back', CHARGED_BACK, [], reading(disputeEnd)],
    ['expired', EXPIRED, [], at(16)],
    ['cancelled', CANCELLED, [], at(4)],
    ['paid already, though nobody has noticed', PENDING, [aPayment(1, all, deep)], at(3)],
    ['expired already, though nobody has noticed', PENDING, [], reading(expiry)],
  ])('an order that is %s is not possible any more', (_, state, payments, at) => {
    expect(cancel(anOrder(payments, state), at)).toBeUndefined();
  });
});

describe('the time at which the clock alone moves an order', () => {
  it.each<[string, OrderState, EpochMs | undefined]>([
    ['its expiration while it is open', PENDING, expiry],
    ['the end of its settlement once it was covered', COVERED, settlementEnd],
    [
      'the end of a settlement of its own when it was found covered after its expiration',
      { status: 'pending', coveredAt: settlementEnd },
      plusMs(settlementEnd, 72 * HOUR_MS),
    ],
    ['the end of the chargeback timeout while it is disputed', DISPUTED, disputeEnd],
    ['never when it is paid', PAID, undefined],
    ['never when it has expired', EXPIRED, undefined],
    ['never when it was cancelled', CANCELLED, undefined],
    ['never when it was charged back', CHARGED_BACK, undefined],
  ])('is %s', (_, state, deadline) => {
    expect(nextDeadline(anOrder([], state))).toBe(deadline);
  });
});

describe('what an order may not keep', () => {
  it.each([
    ['nothing while it is open', PENDING, 0n],
    ['nothing while it is disputed', DISPUTED, 0n],
    ['what is beyond its amount when it is paid', PAID, half],
    ['all that is deep when it has expired', EXPIRED, all + half],
    ['all that is deep when it was cancelled', CANCELLED, all + half],
    ['all that is deep when it was charged back', CHARGED_BACK, all + half],
  ])('is %s', (_, state, expected) => {
    const order = anOrder([aPayment(1, all, deep), aPayment(2, half, deep), aPayment(3, all, IN_MEMPOOL)], state);
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
/** Paid, then disputes that begin and end in turn, the last one perhaps by a charge-back; or ended unpaid. Overpaid after these. */
const ALLOWED_EVENTS = /^(?:CO*(?:SFO*)*(?:S(?:BO*)?)?|[XE]O*)?$/;

describe('in every life of an order', () => {
  const assertAlways = (holds: (life: readonly Judgement[]) => void): void => {
    fc.assert(fc.property(anyLife, holds), { numRuns: 500 });
  };

  it('settling again changes nothing and tells nothing', () => {
    assertAlways((life) => {
      for (const { after, at } of life) expect(settle(after, at)).toEqual({ order: after, events: [] });
    });
  });

  it('its events follow each other as the contract allows', () => {
    assertAlways((life) => {
      const reported = life.flatMap(({ events }) => events.map((event) => LETTERS[event])).join('');
      expect(reported).toMatch(ALLOWED_EVENTS);
    });
  });

  it('its state is the one that its last event has reported', () => {
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

  it('a final state stays as it is', () => {
    assertAlways((life) => {
      for (const { before, after } of life) if (FINAL.has(before.state.status)) expect(after.state).toEqual(before.state);
    });
  });

  it('an order was paid at one time only, whatever disputes came', () => {
    assertAlways((life) => {
      const times = life.flatMap(({ after }) => ('paidAt' in after.state ? [after.state.paidAt] : []));
      expect(new Set(times).size).toBeLessThanOrEqual(1);
    });
  });

  it('an order is paid exactly while its amount is deep, between its completion and a charge-back', () => {
    assertAlways((life) => {
      for (const { after, at } of life) {
        const covers = tally(after, at.tipHeight).deep >= AMOUNT;
        if (after.state.status === 'paid') expect(covers).toBe(true);
        if (after.state.status === 'pending' || after.state.status === 'disputed') expect(covers).toBe(false);
      }
    });
  });

  it('nothing expires, and nothing is charged back, before the chain was read at the deadline', () => {
    assertAlways((life) => {
      for (const { before, after, at } of life) {
        const { state, terms } = before;
        if (at.chainReadAt < terms.expiresAt) expect(state.status !== 'expired' && after.state.status === 'expired').toBe(false);
        if (state.status === 'disputed' && at.chainReadAt < plusMs(state.disputedAt, terms.chargebackTimeoutMs))
          expect(after.state.status).not.toBe('charged_back');
      }
    });
  });

  it('once all was seen it does not expire before the settlement timeout', () => {
    assertAlways((life) => {
      let covered = false;
      for (const { before, after, at, events } of life) {
        covered ||= before.state.status === 'pending' && tally(before, at.tipHeight).seen >= AMOUNT;
        const end = plusMs(after.terms.expiresAt, after.terms.settlementTimeoutMs);
        if (covered && at.chainReadAt < end) expect(events).not.toContain('payment.expired');
      }
    });
  });

  it('a payment that comes back after the charge-back is reported, though its completion had counted it', () => {
    const chargedBack = settle(anOrder([aPayment(1, all, GONE, true)], DISPUTED), reading(disputeEnd));
    expect(chargedBack.events).toEqual(['payment.chargeback']);
    const back = settle({ ...chargedBack.order, payments: [aPayment(1, all, deep, true)] }, reading(disputeEnd));
    expect(back.events).toEqual(['payment.overpaid']);
    expect(settle(back.order, reading(disputeEnd))).toEqual({ order: back.order, events: [] });
  });

  it('a payment that was lost, made good by another and came back is reported', () => {
    const madeGood = settle(anOrder([aPayment(1, all, GONE, true), aPayment(2, all, deep)], DISPUTED), at(40));
    expect(madeGood.events).toEqual(['payment.dispute.end']);
    const back = settle({ ...madeGood.order, payments: [aPayment(1, all, deep, true), aPayment(2, all, deep, true)] }, at(41));
    expect(back.events).toEqual(['payment.overpaid']);
    expect(back.order.surplusReported).toBe(all);
  });

  it('a surplus that goes and comes back as it was is not reported twice', () => {
    const paid = settle(anOrder([aPayment(1, all, deep), aPayment(2, half, deep)]), at(4));
    expect(paid.events).toEqual(['payment.completed', 'payment.overpaid']);
    const shallow = settle(
      { ...paid.order, payments: [aPayment(1, all, deep, true), aPayment(2, half, IN_MEMPOOL, true)] },
      at(5),
    );
    expect(shallow.events).toEqual([]);
    expect(settle({ ...shallow.order, payments: paid.order.payments }, at(6)).events).toEqual([]);
  });

  it('payment.overpaid is told only of a surplus that is news: a deep output not counted before, more than was ever told, or a charge-back', () => {
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

  it('an output that is new and deep and too much is always reported', () => {
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

  it('an output that was counted stays so, and is counted while it is deep in an order that is not open', () => {
    assertAlways((life) => {
      for (const { before, after, at } of life) {
        const open = after.state.status === 'pending' || after.state.status === 'disputed';
        for (const [index, payment] of after.payments.entries()) {
          const was = before.payments[index]!;
          const nowDeep = isConfirmed(payment, after.terms.requiredConfirmations, at.tipHeight);
          expect(payment).toEqual({ ...was, counted: was.counted || (nowDeep && !open) });
        }
      }
    });
  });

  it('the clock moves it at its deadline, and not a millisecond earlier', () => {
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

describe('the order in which payments came', () => {
  const anyState = fc.constantFrom<OrderState>(PENDING, COVERED, PAID, DISPUTED, CHARGED_BACK, EXPIRED, CANCELLED);
  const anyTime = fc.constantFrom(1, 14, 15, 100, 60 * 24, 60 * 24 + 31, 60 * 73);
  const judged = fc.record({
    payments: anyPayments,
    state: anyState,
    minute: anyTime,
    requiredConfirmations: fc.nat({ max: 4 }),
  });

  it('makes no difference to the judgement of the same view', () => {
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

  it('one by one or all at once, an order that is still in time ends in the same place', () => {
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

  it('and the way that they took over the chain make no difference to an open order that is in time', () => {
    const detour = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.integer({ min: -2, max: 0 })), { maxLength: 20 });
    fc.assert(
      fc.property(anyPayments, detour, (payments, moves) => {
        const fresh = payments.map((payment) => ({ ...payment, counted: false }));
        const terms = { requiredConfirmations: 1 };
        const straight = settle(anOrder(fresh, COVERED, terms), at(5));
        // Nothing is deep on the way, so that only the last view counts.
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
