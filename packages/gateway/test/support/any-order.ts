/** Arbitrary lives of orders, for property tests: payments that come and go, blocks, time, and a chain source that is down. */
import * as fc from 'fast-check';
import { plusMs } from '../../src/kernel/clock.ts';
import { refuseManually, settleManually } from '../../src/orders/decide-by-hand.ts';
import { sats } from '../../src/kernel/sats.ts';
import { cancel, type OrderEvent, settle, type SettleAt, type Settled } from '../../src/orders/rules.ts';
import type { Order, OrderTerms, Payment, PaymentPlace } from '../../src/orders/order.ts';
import { AMOUNT, anOrder, aPayment, CREATED_AT, GONE, HOUR_MS, IN_MEMPOOL, inBlock, MINUTE_MS } from './an-order.ts';

/** The height of the tip at the beginning of a life. */
export const TIP = 100;

/** Amounts with edge cases: around the whole, around its half, very small, and much too large. */
const amount = fc.oneof(
  fc.constantFrom(1n, AMOUNT / 2n, AMOUNT / 2n + 1n, AMOUNT - 1n, AMOUNT, AMOUNT + 1n, 3n * AMOUNT),
  fc.bigInt({ min: 1n, max: 2n * AMOUNT }),
);
/** The number of confirmations: 0 is the mempool, and a negative number means that the payment is gone. */
const depth = fc.integer({ min: -2, max: 8 });

export function placeAt(depth: number, tipHeight: number): PaymentPlace {
  if (depth < 0) return GONE;
  return depth === 0 ? IN_MEMPOOL : inBlock(tipHeight - depth + 1);
}

export const anyPayments: fc.Arbitrary<Payment[]> = fc
  .array(fc.tuple(amount, depth, fc.boolean()), { maxLength: 6 })
  .map((rows) => rows.map(([amount, depth, counted], n) => aPayment(n, amount, placeAt(depth, TIP), counted)));

type Happening =
  | { readonly kind: 'pays'; readonly amount: bigint; readonly depth: number }
  /** One of the payments moves to another place. */
  | { readonly kind: 'moves'; readonly which: number; readonly depth: number }
  /** Blocks are added, or rolled back without replacement. */
  | { readonly kind: 'tip'; readonly by: number }
  | { readonly kind: 'time'; readonly ms: number }
  /** Time passes while the source is down. */
  | { readonly kind: 'away'; readonly ms: number }
  | { readonly kind: 'cancels' }
  /** The merchant decides manually. */
  | { readonly kind: 'settled' | 'refused' };

const passing = fc.oneof(
  fc.constantFrom(1, MINUTE_MS, 15 * MINUTE_MS, 24 * HOUR_MS, 72 * HOUR_MS),
  fc.integer({ min: 1, max: 10 * MINUTE_MS }),
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('pays'), amount, depth: fc.constantFrom(0, 0, 0, 1) }) },
  { weight: 16, arbitrary: fc.record({ kind: fc.constant('moves'), which: fc.nat({ max: 20 }), depth }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('tip'), by: fc.integer({ min: -2, max: 4 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('time'), ms: passing }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('away'), ms: passing }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancels') }) },
);

/** One judgement in the life of an order. */
export interface Judgement {
  readonly before: Order;
  readonly after: Order;
  readonly at: SettleAt;
  readonly events: readonly OrderEvent[];
  /** The manual decision that was just made, if any. */
  readonly decided?: 'settled' | 'refused';
}

/** The life of an order, which is settled after each happening. */
export const anyLife: fc.Arbitrary<Judgement[]> = lifeOf(happening, fc.constant(0n));

/** The life of an order with a tolerance, about which the merchant sometimes decides manually. */
export const anyHandledLife: fc.Arbitrary<Judgement[]> = lifeOf(
  fc.oneof(
    { weight: 9, arbitrary: happening },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('settled', 'refused') }) },
  ),
  fc.constantFrom(0n, 1n, AMOUNT / 10n),
);

function lifeOf(happenings: fc.Arbitrary<Happening>, tolerance: fc.Arbitrary<bigint>): fc.Arbitrary<Judgement[]> {
  return fc
    .record({
      requiredConfirmations: fc.nat({ max: 3 }),
      tolerance: tolerance.map(sats),
      happenings: fc.array(happenings, { minLength: 1, maxLength: 40, size: 'max' }),
    })
    .map(({ happenings: all, ...terms }) => lived(all, terms));
}

function lived(happenings: readonly Happening[], terms: Partial<OrderTerms>): Judgement[] {
  let order = anOrder([], undefined, terms);
  let at: SettleAt = { tipHeight: TIP, now: CREATED_AT, chainReadAt: CREATED_AT };
  return happenings.flatMap((happening) => {
    at = atAfter(at, happening);
    const before = { ...order, payments: paymentsAfter(order.payments, happening, at.tipHeight) };
    const cancelled = happening.kind === 'cancels' ? cancel(before, at) : undefined;
    const judged = { before, at, ...named(cancelled ?? settle(before, at)) };
    // A manual decision applies to the order as it was last settled.
    const decision = decisionOf(happening, judged.after, at);
    const decided = decision && { before: judged.after, at, ...named(decision.settled), decided: decision.as };
    order = (decided ?? judged).after;
    return decided === undefined ? [judged] : [judged, decided];
  });
}

function named({ order, events }: Settled): Pick<Judgement, 'after' | 'events'> {
  return { after: order, events };
}

function decisionOf(
  { kind }: Happening,
  order: Order,
  at: SettleAt,
): { settled: Settled; as: 'settled' | 'refused' } | undefined {
  if (kind !== 'settled' && kind !== 'refused') return undefined;
  const decision = (kind === 'settled' ? settleManually : refuseManually)(order, at);
  return decision.kind === 'taken' ? { settled: decision.settled, as: kind } : undefined;
}

function atAfter(at: SettleAt, happening: Happening): SettleAt {
  if (happening.kind === 'tip') return { ...at, tipHeight: at.tipHeight + happening.by };
  if (happening.kind === 'away') return { ...at, now: plusMs(at.now, happening.ms) };
  const now = plusMs(at.now, happening.kind === 'time' ? happening.ms : 1);
  return { ...at, now, chainReadAt: now };
}

function paymentsAfter(payments: readonly Payment[], happening: Happening, tipHeight: number): readonly Payment[] {
  if (happening.kind === 'pays')
    return [...payments, aPayment(payments.length, happening.amount, placeAt(happening.depth, tipHeight))];
  if (happening.kind !== 'moves' || payments.length === 0) return payments;
  const moved = happening.which % payments.length;
  return payments.map((payment, index) =>
    index === moved ? { ...payment, place: placeAt(happening.depth, tipHeight) } : payment,
  );
}
