/**
 * What was sold today and in the last 30 days, by POS and currency: orders that were paid, less those that the network reversed.
 *
 * The sums are folded from the log of events, which every change of an order extends in its own transaction: nothing is counted that was
 * not stored, and nothing is stored twice. Only the memory of this process holds them, so a crash loses nothing and several processes
 * cannot count the same order together. An event counts on the day on which it happened: a chargeback is taken off that day, and never
 * changes an earlier one.
 *
 * Events up to an hour ago are folded once. Later ones are read again for every summary, because a transaction may commit after others
 * that have later times.
 */
import type { Clock, EpochMs } from '../../kernel/clock.ts';
import { epochMs, plusMs } from '../../kernel/clock.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/durations.ts';
import type { PosId } from '../../kernel/ids.ts';
import { nextTurn } from '../../kernel/thread/turns.ts';
import { startOfDay } from '../../kernel/time/utc-day.ts';
import type { CurrencyCode } from '../../orders/currency.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import type { SalesEvent, SalesPlace } from '../../store/ports/reports/sales-store.ts';

const DAYS = 30;
const SETTLED_AFTER_MS = HOUR_MS;
const PAGE = 500;
/** How many pages a summary folds itself before it leaves the rest to the background: some 20 ms. */
const MAX_PAGES = 6;

export interface Sales {
  readonly orders: number;
  readonly minorUnits: bigint;
  readonly sats: bigint;
}

export interface PosSales {
  readonly posId: PosId;
  readonly currency: CurrencyCode;
  readonly today: Sales;
  /** Of the last 30 days, today included. */
  readonly period: Sales;
}

export interface SalesReport {
  readonly sales: readonly PosSales[];
  /** Whether all events are counted. Otherwise they are being counted now. */
  readonly isComplete: boolean;
}

const NOTHING: Sales = { orders: 0, minorUnits: 0n, sats: 0n };
/** By day, POS and currency. */
type Sums = Map<number, Map<string, Sales>>;

export class SalesSummary {
  readonly #store: Pick<StoreReads, 'sales'>;
  readonly #clock: Clock;
  #folded: Sums = new Map();
  /** The events before this time are folded. */
  #until: EpochMs | undefined;
  /** The last event that was folded after `#until`. */
  #after: SalesPlace | undefined;
  #folding: Promise<boolean> | undefined;

  constructor({ store, clock }: { readonly store: Pick<StoreReads, 'sales'>; readonly clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  async report(): Promise<SalesReport> {
    const now = this.#clock.now();
    const today = startOfDay(now);
    const first = plusMs(today, (1 - DAYS) * DAY_MS);
    const isComplete = await this.#fold(first, plusMs(now, -SETTLED_AFTER_MS));
    const sums = copyOf(this.#folded);
    if (isComplete) await this.#foldRecent(sums);
    return { sales: salesOf(sums, first, today), isComplete };
  }

  /** Folds what is settled; returns whether all of it is. What is left is folded in the background. */
  async #fold(first: EpochMs, until: EpochMs): Promise<boolean> {
    if (this.#folding === undefined) {
      const work = this.#foldPages(first, until, MAX_PAGES);
      this.#folding = work;
      const isDone = await work.finally(() => (this.#folding = undefined));
      if (isDone) return true;
      this.#folding = this.#foldPages(first, until, Infinity).finally(() => (this.#folding = undefined));
      // The next summary begins where this one failed.
      this.#folding.catch(() => undefined);
    }
    return false;
  }

  async #foldPages(first: EpochMs, until: EpochMs, maxPages: number): Promise<boolean> {
    for (const day of this.#folded.keys()) if (day < first) this.#folded.delete(day);
    const from = epochMs(Math.max(this.#until ?? first, first));
    for (let pages = 0; pages < maxPages; pages += 1) {
      const events = await this.#store.sales.events({ from, until, after: this.#after, limit: PAGE });
      for (const event of events) add(this.#folded, event);
      this.#after = events.at(-1) ?? this.#after;
      if (events.length < PAGE) {
        [this.#until, this.#after] = [until, undefined];
        return true;
      }
      await nextTurn();
    }
    return false;
  }

  async #foldRecent(sums: Sums): Promise<void> {
    const from = this.#until ?? epochMs(0);
    const until = plusMs(this.#clock.now(), DAY_MS);
    for (let after: SalesPlace | undefined; ;) {
      const events = await this.#store.sales.events({ from, until, after, limit: PAGE });
      for (const event of events) add(sums, event);
      after = events.at(-1);
      if (events.length < PAGE) return;
      await nextTurn();
    }
  }
}

function add(sums: Sums, { at, event, posId, fiat, amount }: SalesEvent): void {
  const sign = event === 'payment.completed' ? 1 : event === 'payment.chargeback' ? -1 : 0;
  if (sign === 0) return;
  const day = startOfDay(at);
  const ofDay = sums.get(day) ?? new Map<string, Sales>();
  sums.set(day, ofDay);
  const key = `${posId} ${fiat.currency}`;
  const big = BigInt(sign);
  ofDay.set(key, plus(ofDay.get(key) ?? NOTHING, { orders: sign, minorUnits: big * fiat.minorUnits, sats: big * amount }));
}

const plus = (a: Sales, b: Sales): Sales => ({
  orders: a.orders + b.orders,
  minorUnits: a.minorUnits + b.minorUnits,
  sats: a.sats + b.sats,
});

const copyOf = (sums: Sums): Sums => new Map([...sums].map(([day, ofDay]) => [day, new Map(ofDay)]));

function salesOf(sums: Sums, first: EpochMs, today: EpochMs): PosSales[] {
  const found = new Map<string, { today: Sales; period: Sales }>();
  for (const [day, ofDay] of sums)
    for (const [key, sales] of ofDay) {
      if (day < first) continue;
      const known = found.get(key) ?? { today: NOTHING, period: NOTHING };
      found.set(key, {
        today: day >= today ? plus(known.today, sales) : known.today,
        period: plus(known.period, sales),
      });
    }
  return [...found].map(([key, ofKey]) => {
    const [posId = '', currency = ''] = key.split(' ');
    return { posId: posId as PosId, currency: currency as CurrencyCode, ...ofKey };
  });
}
