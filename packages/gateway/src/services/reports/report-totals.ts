/** Sums up the rows of a report by currency, from the same records that its rows are written from. */
import type { Column } from '../../reports/columns.ts';
import { formatFiatAmount } from '../../orders/fiat.ts';
import type { CurrencyCode } from '../../orders/currency.ts';
import type { StoreContext } from '../context.ts';
import { dayPages, orderPages, paymentPages } from './report-rows.ts';
import type { Report } from './report.ts';

export interface ReportTotal {
  readonly currency: CurrencyCode;
  /** How many rows of the report are in this currency. */
  readonly rows: number;
  /** What was received, in satoshi, without reverted payments. */
  readonly received: bigint;
  /** In minor units: for payments and days what was received, by the terms of the orders; for orders their prices. */
  readonly atOrderRate: bigint;
  /** In minor units, of the payments whose rate is known; null for orders. */
  readonly atPayment: bigint | null;
  /** How many payments have no known rate; null for orders. */
  readonly withoutRate: number | null;
}

/** Sums that stopped at `maxRows` are not returned. */
export async function reportTotals(
  context: Pick<StoreContext, 'store'>,
  report: Report,
  signal: AbortSignal,
  maxRows: number = Number.MAX_SAFE_INTEGER,
): Promise<readonly ReportTotal[] | undefined> {
  const totals = new Map<CurrencyCode, ReportTotal>();
  let rows = 0;
  for await (const page of summands(context, report, signal)) {
    rows += page.length;
    if (rows > maxRows) return undefined;
    for (const row of page) totals.set(row.currency, sum(totals.get(row.currency), row));
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

async function* summands(
  context: Pick<StoreContext, 'store'>,
  report: Report,
  signal: AbortSignal,
): AsyncGenerator<readonly ReportTotal[]> {
  switch (report.kind) {
    case 'payments':
      for await (const page of paymentPages(context, report, signal))
        yield page.map(({ order: { fiat }, value }) => ({
          currency: fiat.currency,
          rows: 1,
          ...value,
          atPayment: value.atPayment ?? 0n,
          withoutRate: value.atPayment === null && value.received > 0n ? 1 : 0,
        }));
      break;
    case 'days':
      for await (const page of dayPages(context, report, signal)) yield page.map((day) => ({ ...day, rows: 1 }));
      break;
    case 'orders':
      for await (const page of orderPages(context, report, signal))
        yield page.map(({ order: { fiat }, received }) => ({
          currency: fiat.currency,
          rows: 1,
          received,
          atOrderRate: fiat.minorUnits,
          atPayment: null,
          withoutRate: null,
        }));
  }
}

function sum(total: ReportTotal | undefined, row: ReportTotal): ReportTotal {
  const { currency, atPayment, withoutRate } = row;
  return {
    currency,
    rows: (total?.rows ?? 0) + row.rows,
    received: (total?.received ?? 0n) + row.received,
    atOrderRate: (total?.atOrderRate ?? 0n) + row.atOrderRate,
    atPayment: atPayment === null ? null : (total?.atPayment ?? 0n) + atPayment,
    withoutRate: withoutRate === null ? null : (total?.withoutRate ?? 0) + withoutRate,
  };
}

/** The columns of totals, as commands, the API and the page's download show them. */
export const TOTAL_COLUMNS: readonly Column<ReportTotal>[] = [
  { name: 'currency', kind: 'text', of: ({ currency }) => currency },
  { name: 'rows', kind: 'integer', of: ({ rows }) => rows },
  { name: 'received_satoshi', kind: 'integer', of: ({ received }) => Number(received) },
  {
    name: 'value_at_order_rate',
    kind: 'decimal',
    of: ({ currency, atOrderRate: minorUnits }) => formatFiatAmount({ currency, minorUnits }),
  },
  {
    name: 'value_at_payment',
    kind: 'decimal',
    of: ({ currency, atPayment }) => (atPayment === null ? null : formatFiatAmount({ currency, minorUnits: atPayment })),
  },
  { name: 'payments_without_rate', kind: 'integer', of: ({ withoutRate }) => withoutRate },
];
