/**
 * What was sold today and in the last 30 days, by POS and currency: orders that were paid, less those that the network reversed.
 *
 * The sums are folded from the log of events, which every change of an order extends in its own transaction: nothing is counted that was
 * not stored, and nothing is stored twice. Only the memory of this process holds them, so a crash loses nothing and several processes
 * cannot count the same order together. An event counts on the day on which it happened: a chargeback is taken off that day, and never
 * changes an earlier one. Days are those of the POS's merchant, in his time zone. If that changes, the sums are folded again.
 *
 * Events up to an hour ago are folded once. Later ones are read again for every summary, because a transaction may commit after others
 * that have later times.
 */
import type { Clock, EpochMs } from '../../kernel/clock.ts';
import { epochMs, plusMs } from '../../kernel/clock.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/durations.ts';
import type { PosId } from '../../kernel/ids.ts';
import { nextTurn } from '../../kernel/thread/turns.ts';
import { plusDays, type Day } from '../../kernel/time/day.ts';
import type { Zone } from '../../kernel/time/zone.ts';
import type { CurrencyCode } from '../../orders/currency.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import type { SalesEvent, SalesPlace } from '../../store/ports/reports/sales-store.ts';
import { PosDays } from '../merchants/pos-days.ts';

const DAYS = 30;
/** The first of so many days of any time zone begins later. */
const LOOK_BACK_MS = (DAYS + 1) * DAY_MS;
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
  /** The IANA name of the time zone whose days are meant. */
  readonly timeZone: string;
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
/** By POS and currency. */
type Sums = Map<string, DailySales>;

interface DailySales {
  readonly posId: PosId;
  readonly currency: CurrencyCode;
  readonly zone: Zone;
  readonly byDay: Map<Day, Sales>;
}

type Store = Pick<StoreReads, 'sales' | 'pos' | 'merchants'>;

export class SalesSummary {
  readonly #store: Store;
  readonly #clock: Clock;
  #fold: SalesFold | undefined;

  constructor({ store, clock }: { readonly store: Store; readonly clock: Clock }) {
    this.#store = store;
    this.#clock = clock;
  }

  async report(): Promise<SalesReport> {
    const days = await PosDays.read(this.#store);
    const now = this.#clock.now();
    if (this.#fold?.use(days) !== true) {
      this.#fold?.abandon();
      this.#fold = new SalesFold(this.#store, days);
    }
    const fold = this.#fold;
    const isComplete = await fold.foldUntil(plusMs(now, -LOOK_BACK_MS), plusMs(now, -SETTLED_AFTER_MS));
    const sums = isComplete ? await fold.withRecent(now) : fold.sums;
    return { sales: [...sums.values()].flatMap((one) => salesOf(one, now)), isComplete };
  }
}

/** Folds events into sums, as long as no time zone changes. */
class SalesFold {
  readonly sums: Sums = new Map();
  readonly #store: Store;
  #days: PosDays;
  /** The events before this time are folded. */
  #until: EpochMs | undefined;
  /** The last event that was folded after `#until`. */
  #after: SalesPlace | undefined;
  #folding: Promise<boolean> | undefined;
  #isAbandoned = false;

  constructor(store: Store, days: PosDays) {
    this.#store = store;
    this.#days = days;
  }

  /** Uses the days as they are now. Returns false if what is folded has other ones. */
  use(days: PosDays): boolean {
    this.#days = days;
    return [...this.sums.values()].every(({ posId, zone }) => days.zoneOf(posId).name === zone.name);
  }

  /** Ends the work in the background. */
  abandon(): void {
    this.#isAbandoned = true;
  }

  /** Folds what is settled; returns whether all of it is. What is left is folded in the background. */
  async foldUntil(first: EpochMs, until: EpochMs): Promise<boolean> {
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

  /** Returns the sums with what is not settled yet. */
  async withRecent(now: EpochMs): Promise<Sums> {
    const sums: Sums = new Map([...this.sums].map(([key, one]) => [key, { ...one, byDay: new Map(one.byDay) }]));
    const from = this.#until ?? epochMs(0);
    const until = plusMs(now, DAY_MS);
    for (let after: SalesPlace | undefined; ;) {
      const events = await this.#store.sales.events({ from, until, after, limit: PAGE });
      for (const event of events) add(sums, event, this.#days);
      after = events.at(-1);
      if (events.length < PAGE) return sums;
      await nextTurn();
    }
  }

  async #foldPages(first: EpochMs, until: EpochMs, maxPages: number): Promise<boolean> {
    for (const { zone, byDay } of this.sums.values())
      for (const day of byDay.keys()) if (day < zone.dayOf(first)) byDay.delete(day);
    const from = epochMs(Math.max(this.#until ?? first, first));
    for (let pages = 0; pages < maxPages && !this.#isAbandoned; pages += 1) {
      const events = await this.#store.sales.events({ from, until, after: this.#after, limit: PAGE });
      for (const event of events) add(this.sums, event, this.#days);
      this.#after = events.at(-1) ?? this.#after;
      if (events.length < PAGE) {
        [this.#until, this.#after] = [until, undefined];
        return true;
      }
      await nextTurn();
    }
    return false;
  }
}

function add(sums: Sums, { at, event, posId, fiat, amount }: SalesEvent, days: PosDays): void {
  const sign = event === 'payment.completed' ? 1 : event === 'payment.chargeback' ? -1 : 0;
  if (sign === 0) return;
  const { currency, minorUnits } = fiat;
  const key = `${posId} ${currency}`;
  const daily = sums.get(key) ?? { posId, currency, zone: days.zoneOf(posId), byDay: new Map<Day, Sales>() };
  sums.set(key, daily);
  const day = daily.zone.dayOf(at);
  const big = BigInt(sign);
  const sales = { orders: sign, minorUnits: big * minorUnits, sats: big * amount };
  daily.byDay.set(day, plus(daily.byDay.get(day) ?? NOTHING, sales));
}

const plus = (a: Sales, b: Sales): Sales => ({
  orders: a.orders + b.orders,
  minorUnits: a.minorUnits + b.minorUnits,
  sats: a.sats + b.sats,
});

/** Returns nothing if nothing was sold in the period. */
function salesOf({ posId, currency, zone, byDay }: DailySales, now: EpochMs): PosSales[] {
  const today = zone.dayOf(now);
  const first = plusDays(today, 1 - DAYS);
  const inPeriod = [...byDay].filter(([day]) => day >= first);
  if (inPeriod.length === 0) return [];
  const sum = (since: Day): Sales =>
    inPeriod.filter(([day]) => day >= since).reduce((total, [, sales]) => plus(total, sales), NOTHING);
  return [{ posId, currency, timeZone: zone.name, today: sum(today), period: sum(first) }];
}
