/** Checks each row of the tables in `docs/order-life.md` against `settle`. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { plusMs, type EpochMs } from '../src/kernel/clock.ts';
import type { OrderState, Payment } from '../src/orders/order.ts';
import { refuseManually, settleManually } from '../src/orders/decide-by-hand.ts';
import { settle } from '../src/orders/rules.ts';
import { AMOUNT, anOrder, aPayment, CREATED_AT, HOUR_MS, IN_MEMPOOL, inBlock, minutes } from './support/an-order.ts';

const TIP = 100;
const EXPIRY = minutes(15);
const SETTLEMENT_END = plusMs(EXPIRY, 72 * HOUR_MS);
const DISPUTED_AT = minutes(30);
const DISPUTE_END = plusMs(DISPUTED_AT, 24 * HOUR_MS);

const STATES: Readonly<Record<string, OrderState>> = {
  pending: { status: 'pending', coveredAt: null },
  covered: { status: 'pending', coveredAt: minutes(1) },
  paid: { status: 'paid', paidAt: minutes(5) },
  disputed: { status: 'disputed', paidAt: minutes(5), disputedAt: DISPUTED_AT },
  expired: { status: 'expired', expiredAt: EXPIRY, coveredAt: null },
  cancelled: { status: 'cancelled', cancelledAt: minutes(3) },
  charged_back: { status: 'charged_back', paidAt: minutes(5), disputedAt: DISPUTED_AT, chargedBackAt: DISPUTE_END },
};

const CLOCK: Readonly<Record<string, EpochMs>> = {
  'before the expiration': plusMs(EXPIRY, -1),
  'at the expiration': EXPIRY,
  'before the end of the settlement': plusMs(SETTLEMENT_END, -1),
  'at the end of the settlement': SETTLEMENT_END,
  'before the end of the dispute': plusMs(DISPUTE_END, -1),
  'at the end of the dispute': DISPUTE_END,
};

const page = await readFile(new URL('../../../docs/order-life.md', import.meta.url), 'utf8');
const rows = tableAfter(page, '## What moves an order');
const decisions = tableAfter(page, '## What the merchant decides');

describe('the page about the life of an order', () => {
  test('has a row for every state, every clock and every way from one state to another', () => {
    expect(new Set(rows.map(([from]) => from))).toEqual(new Set(Object.keys(STATES)));
    expect(new Set(rows.map(([, , , clock]) => clock))).toEqual(new Set(Object.keys(CLOCK)));
    const ways = rows.filter(([from, , , , to]) => from !== to).map(([from, , , , to]) => `${from} -> ${to}`);
    expect(new Set(ways)).toEqual(
      new Set([
        'pending -> covered',
        'pending -> paid',
        'pending -> expired',
        'covered -> paid',
        'covered -> expired',
        'paid -> disputed',
        'disputed -> paid',
        'disputed -> charged_back',
      ]),
    );
  });

  test('has a row for each decision from every state', () => {
    const pairs = decisions.map(([from, , , decision]) => `${from} ${decision}`);
    expect(new Set(pairs)).toEqual(new Set(Object.keys(STATES).flatMap((state) => [`${state} settle`, `${state} refuse`])));
  });

  test.each(decisions)(
    'is right about %s with %s %% confirmed and %s %% seen, decided manually (%s): %s (%s)',
    (from, confirmed, seen, as, to, reported) => {
      const now = plusMs(SETTLEMENT_END, 1);
      const order = anOrder(paymentsOf(from, confirmed, seen), STATES[from]);
      const decision = (as === 'settle' ? settleManually : refuseManually)(order, {
        tipHeight: TIP,
        now,
        chainReadAt: CREATED_AT,
      });
      const output =
        decision.kind === 'taken'
          ? { state: nameOf(decision.settled.order.state), events: decision.settled.events }
          : decision.kind;
      expect(output).toEqual(to === 'impossible' ? 'refused' : { state: to, events: eventsOf(reported) });
    },
  );

  test.each(rows)(
    'is right about %s with %s %% confirmed and %s %% seen, %s: %s (%s)',
    (from, confirmed, seen, clock, to, reported) => {
      const now = CLOCK[clock]!;
      const payments = paymentsOf(from, confirmed, seen);
      const { order, events } = settle(anOrder(payments, STATES[from]), { tipHeight: TIP, now, chainReadAt: now });
      expect({ state: nameOf(order.state), events }).toEqual({
        state: to,
        events: eventsOf(reported),
      });
    },
  );
});

function paymentsOf(from: string, confirmed: string, seen: string): Payment[] {
  const confirmedSats = (AMOUNT * BigInt(confirmed)) / 100n;
  const unconfirmedSats = (AMOUNT * BigInt(seen)) / 100n - confirmedSats;
  // A paid order has already counted payments up to its amount.
  const counted = from === 'paid' || from === 'disputed';
  return [
    ...(confirmedSats > 0n ? [aPayment(1, confirmedSats < AMOUNT ? confirmedSats : AMOUNT, inBlock(TIP), counted)] : []),
    ...(confirmedSats > AMOUNT ? [aPayment(2, confirmedSats - AMOUNT, inBlock(TIP))] : []),
    ...(unconfirmedSats > 0n ? [aPayment(3, unconfirmedSats, IN_MEMPOOL)] : []),
  ];
}

const eventsOf = (reported: string): string[] => (reported === '' ? [] : reported.split(', ').map((event) => `payment.${event}`));

function nameOf(state: OrderState): string {
  return state.status === 'pending' && state.coveredAt !== null ? 'covered' : state.status;
}

type Row = [from: string, confirmed: string, seen: string, clock: string, to: string, reported: string];

/** Returns the rows of the first table after a heading, without its header. */
function tableAfter(text: string, heading: string): Row[] {
  const lines = text.slice(text.indexOf(heading)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) => {
    const [from = '', confirmed = '', seen = '', clock = '', to = '', reported = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return [from, confirmed, seen, clock, to, reported];
  });
}
