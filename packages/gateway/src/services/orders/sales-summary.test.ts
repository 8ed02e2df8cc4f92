import { expect, it } from 'vitest';
import { epochMs, plusMs, type EpochMs } from '../../kernel/clock.ts';
import { HOUR_MS } from '../../kernel/durations.ts';
import type { MerchantId, OrderId, PosId } from '../../kernel/ids.ts';
import { sats } from '../../kernel/sats.ts';
import type { CurrencyCode } from '../../orders/currency.ts';
import type { SalesEvent, SalesStore } from '../../store/ports/reports/sales-store.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import { SalesSummary } from './sales-summary.ts';

const POS = { berlin: 'p1' as PosId, tokyo: 'p2' as PosId, none: 'p3' as PosId };
const time = (text: string): EpochMs => epochMs(Date.parse(text));

/** A store with a POS in each of some time zones, and its log of events. */
function fakeStore() {
  const zones = new Map([
    ['m1', 'Europe/Berlin'],
    ['m2', 'Asia/Tokyo'],
  ]);
  const merchantOf = new Map<PosId, string | null>([
    [POS.berlin, 'm1'],
    [POS.tokyo, 'm2'],
    [POS.none, null],
  ]);
  const events: SalesEvent[] = [];
  let reads = 0;
  const sales: SalesStore = {
    events: async ({ from, until, after, limit }) => {
      reads += 1;
      const place = (event: Pick<SalesEvent, 'at' | 'sequence'>): number => event.at * 1_000 + event.sequence;
      return events
        .filter((event) => event.at >= from && event.at < until && (after === undefined || place(event) > place(after)))
        .sort((one, other) => place(one) - place(other))
        .slice(0, limit);
    },
  };
  const store = {
    sales,
    pos: { list: async () => [...merchantOf].map(([id, merchantId]) => ({ id, merchantId })) },
    merchants: { list: async () => [...zones].map(([id, timeZone]) => ({ id: id as MerchantId, timeZone })) },
  } as unknown as Pick<StoreReads, 'sales' | 'pos' | 'merchants'>;
  const sell = (posId: PosId, at: string, event: SalesEvent['event'] = 'payment.completed'): void => {
    const sequence = events.length;
    const fiat = { currency: 'EUR' as CurrencyCode, minorUnits: 100n };
    events.push({ at: time(at), orderId: `${sequence}` as OrderId, sequence, posId, event, fiat, amount: sats(10n) });
  };
  return { store, zones, sell, reads: () => reads };
}

/** The numbers of orders of today and of 30 days, by POS. */
async function counts(summary: SalesSummary): Promise<Record<string, unknown>> {
  const { sales, isComplete } = await summary.report();
  expect(isComplete).toBe(true);
  return Object.fromEntries(sales.map(({ posId, today, period }) => [posId, [today.orders, period.orders]]));
}

function summaryAt(store: ReturnType<typeof fakeStore>['store'], at: string) {
  const clock = { at: time(at), now: () => clock.at };
  return { clock, summary: new SalesSummary({ store, clock }) };
}

it('counts an event on the day that the merchant of its POS has', async () => {
  const { store, sell } = fakeStore();
  // 23:30 in UTC is the next day in Berlin already, and 14:30 is still the same day in Tokyo.
  for (const posId of Object.values(POS)) for (const at of ['2026-07-09T23:30:00Z', '2026-07-09T14:30:00Z']) sell(posId, at);
  const { clock, summary } = summaryAt(store, '2026-07-10T12:00:00Z');
  expect(await counts(summary)).toEqual({ [POS.berlin]: [1, 2], [POS.tokyo]: [1, 2], [POS.none]: [0, 2] });
  clock.at = time('2026-07-09T23:59:00Z');
  expect(await counts(summaryAt(store, '2026-07-09T23:59:00Z').summary)).toEqual({
    [POS.berlin]: [1, 2],
    [POS.tokyo]: [1, 2],
    [POS.none]: [2, 2],
  });
  const { sales } = await summary.report();
  expect(sales.map(({ timeZone }) => timeZone).sort()).toEqual(['Asia/Tokyo', 'Europe/Berlin', 'UTC']);
});

it.each([
  // The day has 23 hours: it begins at 23:00Z and ends at 22:00Z.
  ['spring', '2026-03-28T22:59:59Z', '2026-03-28T23:00:00Z', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z'],
  // The day has 25 hours: it begins at 22:00Z and ends at 23:00Z.
  ['autumn', '2026-10-24T21:59:59Z', '2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z', '2026-10-25T23:00:00Z'],
])('has days of other lengths when the clocks are set in %s', async (_season, before, first, last, after) => {
  const { store, sell } = fakeStore();
  for (const at of [before, first, last]) sell(POS.berlin, at);
  const { clock, summary } = summaryAt(store, last);
  expect(await counts(summary)).toEqual({ [POS.berlin]: [2, 3] });
  clock.at = time(after);
  expect(await counts(summary)).toEqual({ [POS.berlin]: [0, 3] });
  // The days that are folded already: the last of 30, and one more.
  clock.at = plusMs(time(after), 28 * 24 * HOUR_MS);
  expect(await counts(summary)).toEqual({ [POS.berlin]: [0, 2] });
  clock.at = plusMs(time(after), 29 * 24 * HOUR_MS);
  expect(await counts(summary)).toEqual({});
});

it('takes a chargeback off its own day', async () => {
  const { store, sell } = fakeStore();
  sell(POS.berlin, '2026-07-09T12:00:00Z');
  sell(POS.berlin, '2026-07-10T10:00:00Z', 'payment.chargeback');
  expect(await counts(summaryAt(store, '2026-07-10T12:00:00Z').summary)).toEqual({ [POS.berlin]: [-1, 0] });
});

it('is folded again when a merchant moves to another time zone, and only then', async () => {
  const { store, zones, sell, reads } = fakeStore();
  sell(POS.berlin, '2026-07-09T23:30:00Z');
  const { summary } = summaryAt(store, '2026-07-10T12:00:00Z');
  expect(await counts(summary)).toEqual({ [POS.berlin]: [1, 1] });
  zones.set('m1', 'America/New_York');
  expect(await counts(summary)).toEqual({ [POS.berlin]: [0, 1] });
  const before = reads();
  expect(await counts(summary)).toEqual({ [POS.berlin]: [0, 1] });
  // What is folded, and what may still be committed.
  expect(reads() - before).toBe(2);
});

it('folds a long log in the background, once', async () => {
  const { store, sell, reads } = fakeStore();
  for (let sold = 0; sold < 4_000; sold += 1) sell(POS.berlin, '2026-07-09T10:00:00Z');
  const { summary } = summaryAt(store, '2026-07-10T12:00:00Z');
  expect((await summary.report()).isComplete).toBe(false);
  while (!(await summary.report()).isComplete) await new Promise(setImmediate);
  const before = reads();
  expect(await counts(summary)).toEqual({ [POS.berlin]: [0, 4_000] });
  expect(reads() - before).toBe(2);
});
