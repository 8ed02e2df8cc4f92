/**
 * Every export of a random history is read back by an independent reader, and its sums equal those of the rows that were stored, to the
 * satoshi and the cent.
 */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { emptyTables, IN_MEMORY, onEveryDatabase } from '../../../test/support/every-database.ts';
import { minorUnits, parseCsv, parseJsonLines, parseTable, sumOf } from '../../../test/support/read-report.ts';
import { judged, NOON, sampleAccount, sampleOrder, samplePayment, samplePos } from '../../../test/support/samples.ts';
import { testGuard } from '../../../test/support/test-seals.ts';
import { epochMs, plusMs, type EpochMs } from '../../kernel/clock.ts';
import { parseDay, type Day } from '../../kernel/time/day.ts';
import type { MerchantId } from '../../kernel/ids.ts';
import { sats } from '../../kernel/sats.ts';
import { EMPTY_DETAILS } from '../../merchants/merchant.ts';
import { parseCurrency } from '../../orders/currency.ts';
import type { Order, OrderRate, PaymentPlace } from '../../orders/order.ts';
import type { PlacedPayment } from '../../store/ports/order-store.ts';
import type { Store } from '../../store/ports/store.ts';
import { prepareReport, type ReportInput } from './report.ts';
import { reportTotals } from './report-totals.ts';
import { streamReport } from './stream-report.ts';

const NEVER = new AbortController().signal;
const ALL = { posIds: undefined };
const ZONES = ['Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Pacific/Apia'];
const DECIMALS: Readonly<Record<string, number>> = { EUR: 2, JPY: 0, KWD: 3 };
const day = (text: string): Day => parseDay(text)!;
/** Clocks of Berlin go back in it, and those of Apia and Sao Paulo changed in it in other years. */
const [FROM, TO] = [day('2026-10-20'), day('2026-11-05')];
const PERIOD = { from: Date.UTC(2026, 9, 19, 6), to: Date.UTC(2026, 10, 6, 18) };

const block = { kind: 'block', height: 800_000, hash: 'ab'.repeat(32) } as PaymentPlace;
const PLACES: readonly PaymentPlace[] = [
  block,
  block,
  { kind: 'mempool' },
  { kind: 'missing', since: NOON },
  { kind: 'gone', reason: { kind: 'dropped' } },
];

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('=1+1', '+49 30', '-1', '@sum', '\t=1', "'quoted", 'a "b", c', 'line\r\nbreak', '\uff1dcmd', ''),
);
const time = fc.integer({ min: PERIOD.from, max: PERIOD.to });
const rate = fc.option(fc.integer({ min: 1, max: 10_000_000_000_000 }).map((n) => `${Math.floor(n / 10_000)}.${n % 10_000}`));
const order = fc.record({
  pos: fc.integer({ min: 0, max: 2 }),
  at: time,
  amount: fc.integer({ min: 600, max: 900_000_000 }),
  price: fc.integer({ min: 1, max: 100_000_000 }),
  currency: fc.constantFrom(...Object.keys(DECIMALS)),
  reference: fc.option(text),
  /** Surplus, late payments and shortfalls within the tolerance are payments like others. */
  payments: fc.array(fc.record({ at: time, share: fc.integer({ min: 1, max: 150 }), place: fc.constantFrom(...PLACES), rate }), {
    maxLength: 3,
  }),
});
const history = fc.record({ orders: fc.array(order, { maxLength: 12 }), zone: fc.constantFrom(...ZONES) });
type History = ReturnType<(typeof history)['generate']>['value'];

interface Stored {
  readonly orders: readonly Order[];
  readonly payments: readonly { readonly order: Order; readonly payment: PlacedPayment }[];
}

await onEveryDatabase('services/reports/reports.test.ts', (database, name) => {
  const clock = { now: () => epochMs(Date.UTC(2027, 0, 1)) };
  const context = () => ({ store: database.store, clock, guard: testGuard(clock) });
  const prepared = (input: Partial<ReportInput>) =>
    prepareReport(context(), ALL, { kind: 'payments', format: 'csv', from: FROM, to: TO, ...input });
  const bytesOf = async (input: Partial<ReportInput>): Promise<Buffer> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of streamReport(context(), await prepared(input), NEVER)) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const exported = async (input: Partial<ReportInput>): Promise<string> => (await bytesOf(input)).toString();

  it('every export of a random history sums up to what is stored', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(history, async (given) => {
        await emptyTables(database);
        const stored = await storedHistory(database.store, given);
        const { from, until } = await prepared({});
        const isIn = (at: EpochMs): boolean => at >= from && at < until;
        const payments = stored.payments.filter(({ payment }) => isIn(payment.firstSeenAt));
        const orders = stored.orders.filter(({ terms }) => isIn(terms.createdAt));
        await checkPayments(await exported({}), await exported({ format: 'jsonl' }), payments);
        await checkDays(await exported({ kind: 'days' }), payments, given.zone);
        checkOrders(await exported({ kind: 'orders' }), orders, stored);
        checkKoinly(await exported({ format: 'koinly' }), payments);
        await checkTotals(payments);
      }),
      { numRuns: name === IN_MEMORY ? 60 : 8 },
    );
  });

  async function checkPayments(csv: string, jsonLines: string, payments: Stored['payments']): Promise<void> {
    const [rows, objects] = [parseTable(csv), parseJsonLines(jsonLines)];
    const idOf = ({ outPoint: { txid, vout } }: PlacedPayment): string => `${txid}:${vout}`;
    expect(rows.map((row) => row['payment']!).sort()).toEqual(payments.map(({ payment }) => idOf(payment)).sort());
    for (const [at, row] of rows.entries()) {
      const { order: of, payment } = payments.find((one) => idOf(one.payment) === row['payment'])!;
      const decimals = DECIMALS[of.terms.fiat.currency]!;
      const received = payment.place.kind === 'gone' ? 0n : payment.amount;
      expect(BigInt(row['satoshi']!)).toBe(received);
      expect(minorUnits(row['bitcoin']!, 8)).toBe(received);
      expect(minorUnits(row['value_at_order_rate']!, decimals)).toBe(
        rounded(of.terms.fiat.minorUnits * received, of.terms.amount),
      );
      expect(row['value_at_payment'] === '' ? null : minorUnits(row['value_at_payment']!, decimals)).toBe(
        worth(received, payment.rate, decimals),
      );
      expect(unguarded(row['reference']!)).toBe(of.terms.reference ?? '');
      expect(row['reference']).not.toMatch(/^[=+\-@\t\r]/);
      expect(Date.parse(row['first_seen_at']!)).toBe(Math.floor(payment.firstSeenAt / 1000) * 1000);
      // JSON Lines say the same, without the guard against formulas.
      const object = objects[at]!;
      expect(object['reference']).toBe(of.terms.reference);
      for (const field of ['payment', 'satoshi', 'value_at_order_rate', 'value_at_payment', 'status', 'block_height', 'order'])
        expect(String(object[field] ?? '')).toBe(row[field]);
    }
  }

  async function checkDays(csv: string, payments: Stored['payments'], zone: string): Promise<void> {
    const rows = parseTable(csv);
    const keys = rows.map((row) => `${row['day']} ${row['pos']} ${row['currency']}`);
    expect(new Set(keys).size).toBe(keys.length);
    const counted = payments.filter(({ payment }) => payment.place.kind !== 'gone');
    expect(sumOf(rows.map((row) => BigInt(row['payments']!)))).toBe(BigInt(counted.length));
    for (const [at, row] of rows.entries()) {
      const of = counted.filter(
        ({ order: { terms }, payment }) =>
          `${localDay(zone, payment.firstSeenAt)} ${terms.posId} ${terms.fiat.currency}` === keys[at],
      );
      const decimals = DECIMALS[row['currency']!]!;
      expect(BigInt(row['satoshi']!)).toBe(sumOf(of.map(({ payment }) => payment.amount)));
      expect(minorUnits(row['value_at_payment']!, decimals)).toBe(
        sumOf(of.map(({ payment }) => worth(payment.amount, payment.rate, decimals) ?? 0n)),
      );
      expect(Number(row['payments_without_rate'])).toBe(of.filter(({ payment }) => payment.rate === undefined).length);
    }
  }

  function checkOrders(csv: string, orders: readonly Order[], stored: Stored): void {
    const rows = parseTable(csv);
    expect(rows.map((row) => row['order']!).sort()).toEqual(orders.map(({ terms }) => terms.id).sort());
    for (const row of rows) {
      const of = orders.find(({ terms }) => terms.id === row['order'])!;
      const received = stored.payments.filter((one) => one.order === of && one.payment.place.kind !== 'gone');
      expect(BigInt(row['received_satoshi']!)).toBe(sumOf(received.map(({ payment }) => payment.amount)));
      expect(BigInt(row['order_satoshi']!)).toBe(of.terms.amount);
      expect(minorUnits(row['order_amount']!, DECIMALS[of.terms.fiat.currency]!)).toBe(of.terms.fiat.minorUnits);
    }
  }

  function checkKoinly(csv: string, payments: Stored['payments']): void {
    const confirmed = payments.filter(({ payment }) => payment.place.kind === 'block');
    const rows = parseTable(csv);
    expect(rows.length).toBe(confirmed.length);
    expect(sumOf(rows.map((row) => minorUnits(row['Received Amount']!, 8)))).toBe(
      sumOf(confirmed.map(({ payment }) => payment.amount)),
    );
  }

  async function checkTotals(payments: Stored['payments']): Promise<void> {
    const totals = (await reportTotals(context(), await prepared({}), NEVER))!;
    const days = (await reportTotals(context(), await prepared({ kind: 'days' }), NEVER))!;
    for (const { currency, rows, received, atPayment, atOrderRate } of totals) {
      const of = payments.filter(({ order: { terms } }) => terms.fiat.currency === currency);
      const counted = of.filter(({ payment }) => payment.place.kind !== 'gone');
      const decimals = DECIMALS[currency]!;
      expect(rows).toBe(of.length);
      expect(received).toBe(sumOf(counted.map(({ payment }) => payment.amount)));
      expect(atPayment).toBe(sumOf(counted.map(({ payment }) => worth(payment.amount, payment.rate, decimals) ?? 0n)));
      const byDays = days.find((one) => one.currency === currency);
      if (counted.length > 0)
        expect([byDays?.received, byDays?.atOrderRate, byDays?.atPayment]).toEqual([received, atOrderRate, atPayment]);
    }
  }

  it('days partition the time: consecutive periods have every payment once', async () => {
    const { payments } = await storedHistory(database.store, {
      zone: 'Europe/Berlin',
      // Every half hour of the day with 25 hours, and around its ends.
      orders: [
        {
          ...EXAMPLE,
          payments: Array.from({ length: 56 }, (_, at) => ({
            at: Date.UTC(2026, 9, 24, 21) + at * 1_800_000,
            share: 1,
            place: block,
            rate: null,
          })),
        },
      ],
    });
    const counts: number[] = [];
    for (const one of ['2026-10-24', '2026-10-25', '2026-10-26']) {
      counts.push(parseTable(await exported({ from: day(one), to: day(one) })).length);
    }
    expect(counts).toEqual([2, 50, 4]);
    expect(payments.length).toBe(56);
  });

  it('a DATEV batch has the fields of the format, in Windows-1252', async () => {
    await storedHistory(database.store, {
      zone: 'Europe/Berlin',
      orders: [
        {
          ...EXAMPLE,
          reference: 'Bestellung Nr. 7/ä',
          payments: [{ at: Date.UTC(2026, 9, 20, 22, 30), share: 100, place: block, rate: '61000' }],
        },
        { ...EXAMPLE, payments: [{ at: Date.UTC(2026, 9, 21), share: 100, place: { kind: 'mempool' }, rate: null }] },
        { ...EXAMPLE, payments: [{ at: Date.UTC(2026, 9, 22), share: 100, place: block, rate: null }] },
      ],
    });
    const bytes = await bytesOf({ format: 'datev', datev: { consultant: '29098', client: '55003' } });
    const rows = parseCsv(new TextDecoder('windows-1252').decode(bytes), ';');
    const [head, heads, booked, atOrderRate, ...rest] = rows;
    expect(rest).toEqual([]);
    expect(head?.slice(0, 5)).toEqual(['EXTF', '700', '21', 'Buchungsstapel', '13']);
    expect(head?.slice(10, 16)).toEqual(['29098', '55003', '20260101', '4', '20261020', '20261105']);
    expect([head?.length, heads?.length, booked?.length]).toEqual([31, 125, 125]);
    // 100,000 satoshi at 61,000, on the day in Berlin.
    expect([booked?.slice(0, 3), booked?.slice(6, 8), booked?.slice(9, 11)]).toEqual([
      ['61,00', 'S', 'EUR'],
      ['1360', '8400'],
      ['2110', 'BestellungNr7/'],
    ]);
    expect(booked?.[13]).toBe('Bitcoin 0.001 Café ?');
    expect([atOrderRate?.[0], atOrderRate?.[13]]).toEqual(['60,00', 'Bitcoin 0.001 Kurs der Bestellung Café ?']);
    expect(bytes.includes(Buffer.from([0xe9]))).toBe(true);
  });

  it('a DATEV batch of another currency, and one across years, is refused', async () => {
    await storedHistory(database.store, {
      zone: 'Europe/Berlin',
      orders: [{ ...EXAMPLE, currency: 'JPY', payments: [{ at: Date.UTC(2026, 9, 21), share: 100, place: block, rate: null }] }],
    });
    await expect(bytesOf({ format: 'datev' })).rejects.toThrow('DATEV: expected payments in EUR, got one in JPY');
    await expect(prepared({ format: 'datev', to: day('2027-01-01') })).rejects.toThrow('the same year');
    await expect(prepared({ format: 'koinly', kind: 'days' })).rejects.toThrow('expected the kind payments');
    await expect(prepared({ from: TO, to: FROM })).rejects.toThrow('expected a day from 2026-11-05 on');
  });

  it('shows a viewer the rows of the POS in scope only', async () => {
    const { orders } = await storedHistory(database.store, {
      zone: 'UTC',
      orders: [0, 1].map((pos) => ({
        ...EXAMPLE,
        pos,
        payments: [{ at: Date.UTC(2026, 9, 21), share: 100, place: block, rate: null }],
      })),
    });
    const [mine, other] = orders.map(({ terms }) => terms.posId);
    const viewer = { posIds: new Set([mine!]) };
    const input = { kind: 'payments', format: 'csv', from: FROM, to: TO } as const;
    const chunks: Uint8Array[] = [];
    for await (const chunk of streamReport(context(), await prepareReport(context(), viewer, input), NEVER)) chunks.push(chunk);
    expect(parseTable(Buffer.concat(chunks).toString()).map((row) => row['pos'])).toEqual([mine]);
    await expect(prepareReport(context(), viewer, { ...input, posId: other })).rejects.toThrow('no POS with this id');
  });

  it('reads page after page, and stops when it is asked to', async () => {
    const { orders } = await storedHistory(database.store, {
      zone: 'UTC',
      orders: [
        {
          ...EXAMPLE,
          payments: Array.from({ length: 1_203 }, (_, at) => ({
            at: Date.UTC(2026, 9, 21) + (at % 7),
            share: 1,
            place: block,
            rate: null,
          })),
        },
      ],
    });
    expect(orders.length).toBe(1);
    const rows = parseTable(await exported({}));
    expect(new Set(rows.map((row) => row['payment'])).size).toBe(1_203);
    const stop = new AbortController();
    const stream = streamReport(context(), await prepared({}), stop.signal);
    await stream.next();
    await stream.next();
    stop.abort(new Error('the client has gone'));
    await expect(
      (async () => {
        for await (const chunk of stream) expect(chunk.length).toBeGreaterThan(0);
      })(),
    ).rejects.toThrow('the client has gone');
  });
});

const EXAMPLE = { pos: 0, at: Date.UTC(2026, 9, 21), amount: 100_000, price: 6_000, currency: 'EUR', reference: null };

async function storedHistory(store: Store, { orders: given, zone }: History): Promise<Stored> {
  const account = sampleAccount();
  await store.accounts.insert(account);
  const merchant = { ...EMPTY_DETAILS, name: 'Shop', timeZone: zone, id: randomUUID() as MerchantId, createdAt: NOON };
  await store.merchants.insert(merchant);
  const pos = ['Café €'.replace('€', '漢'), '=Till', 'Web'].map((name) => samplePos(account, { name, merchantId: merchant.id }));
  for (const one of pos) await store.pos.insert(one);
  const orders: Order[] = [];
  const payments: { order: Order; payment: PlacedPayment }[] = [];
  for (const one of given) {
    const stored = sampleOrder(pos[one.pos]!, {
      createdAt: epochMs(one.at),
      amount: sats(BigInt(one.amount)),
      fiat: { currency: parseCurrency(one.currency), minorUnits: BigInt(one.price) },
      reference: one.reference,
    });
    orders.push(stored);
    for (const { at, share, place, rate: value } of one.payments) {
      const amount = sats((BigInt(one.amount) * BigInt(share)) / 100n);
      const source = 'median:kraken,coinbase';
      const payment = samplePayment(stored, randomUUID(), {
        amount,
        place,
        firstSeenAt: epochMs(at),
        rate: value === null ? undefined : { source, value, at: plusMs(epochMs(at), -1_000) },
      });
      payments.push({ order: stored, payment });
    }
  }
  await store.transaction(async (tx) => {
    if (orders.length > 0) await tx.orders.insert(...orders);
    for (const { payment } of payments) await tx.orders.placePayment(payment);
    for (const stored of orders) await tx.orders.update(stored, judged());
  });
  return { orders, payments };
}

/** Half to even, by another formula than that of the reports. */
function rounded(a: bigint, b: bigint): bigint {
  const [floor, rest] = [a / b, a % b];
  if (rest * 2n === b) return floor + (floor & 1n);
  return rest * 2n > b ? floor + 1n : floor;
}

function worth(amount: bigint, at: OrderRate | undefined, decimals: number): bigint | null {
  if (at === undefined) return null;
  const [whole = '', fraction = ''] = at.value.split('.');
  return rounded(amount * BigInt(whole + fraction) * 10n ** BigInt(decimals), 10n ** BigInt(8 + fraction.length));
}

function localDay(zone: string, at: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at);
}

/** Removes the guard against formulas, as docs/accounting.md describes it. */
function unguarded(field: string): string {
  return field.startsWith("'") ? field.slice(1) : field;
}
