/**
 * Sums up payments per day, POS and currency. Payments come in the order in which they were first seen, so the sums of a day are complete
 * as soon as a payment of a later day comes, and only those of one day are in memory.
 */
import type { PosId } from '../kernel/ids.ts';
import type { Day } from '../kernel/time/day.ts';
import type { CurrencyCode } from '../orders/currency.ts';
import type { PaymentValue } from './payment-value.ts';

export interface DayRecord {
  readonly day: Day;
  readonly posId: PosId;
  readonly currency: CurrencyCode;
  /** Without those that were reverted. */
  readonly payments: number;
  readonly received: bigint;
  /** In minor units. */
  readonly atOrderRate: bigint;
  /** In minor units: of the payments whose rate is known. */
  readonly atPayment: bigint;
  /** How many payments have no known rate. */
  readonly withoutRate: number;
}

export class DaySums {
  #day: Day | undefined;
  #sums = new Map<string, DayRecord>();

  /** Adds a payment, and returns the sums of the days before it. */
  add(day: Day, posId: PosId, currency: CurrencyCode, value: PaymentValue): readonly DayRecord[] {
    const done = this.#day === undefined || this.#day === day ? [] : this.end();
    this.#day = day;
    if (value.received === 0n) return done;
    const key = `${posId} ${currency}`;
    const sum = this.#sums.get(key) ?? emptyDay(day, posId, currency);
    this.#sums.set(key, {
      ...sum,
      payments: sum.payments + 1,
      received: sum.received + value.received,
      atOrderRate: sum.atOrderRate + value.atOrderRate,
      atPayment: sum.atPayment + (value.atPayment ?? 0n),
      withoutRate: sum.withoutRate + (value.atPayment === null ? 1 : 0),
    });
    return done;
  }

  /** Returns the sums of the last day. */
  end(): readonly DayRecord[] {
    const sums = [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
    this.#sums = new Map();
    this.#day = undefined;
    return sums;
  }
}

function emptyDay(day: Day, posId: PosId, currency: CurrencyCode): DayRecord {
  return { day, posId, currency, payments: 0, received: 0n, atOrderRate: 0n, atPayment: 0n, withoutRate: 0 };
}
