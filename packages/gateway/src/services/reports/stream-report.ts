/** Writes a report, in chunks of some hundred rows. */
import { HOUR_MS } from '../../kernel/durations.ts';
import { dayColumns, orderColumns, paymentColumns, type Column, type ValuedPayment } from '../../reports/columns.ts';
import { csvHead, csvRow } from '../../reports/formats/csv.ts';
import { datevHead, datevRow } from '../../reports/formats/datev.ts';
import { jsonLine } from '../../reports/formats/json-lines.ts';
import { koinlyHead, koinlyRow } from '../../reports/formats/koinly.ts';
import { windows1252 } from '../../reports/formats/windows-1252.ts';
import type { GuardedContext, StoreContext } from '../context.ts';
import { checkedOrderPages } from './checked-order-pages.ts';
import { dayPages, paymentPages } from './report-rows.ts';
import type { Report } from './report.ts';

type ReportContext = Pick<StoreContext, 'store'> & GuardedContext;

/** A client that is slower than this has gone. */
const MAX_REPORT_MS = 2 * HOUR_MS;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Yields the bytes of a report. Stop it by ending the iteration, or by the signal.
 *
 * @throws DatevCurrencyError if a payment cannot be booked; the reason of the signal. What was yielded before is not a whole report.
 */
export async function* streamReport(context: ReportContext, report: Report, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const encode = report.format === 'datev' ? windows1252 : (text: string): Uint8Array => Buffer.from(text);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(MAX_REPORT_MS)]);
  for await (const text of texts(context, report, limited)) if (text !== '') yield encode(text);
}

function texts(context: ReportContext, report: Report, signal: AbortSignal): AsyncGenerator<string> {
  const { kind, names } = report;
  switch (kind) {
    case 'payments':
      return written(paymentPages(context, report, signal), paymentWriter(report));
    case 'days':
      return written(dayPages(context, report, signal), tableWriter(report, dayColumns(names)));
    case 'orders':
      return written(checkedOrderPages(context, report, signal), tableWriter(report, orderColumns(names)));
  }
}

interface RowWriter<Row> {
  readonly head: string;
  readonly row: (row: Row) => string;
}

async function* written<Row>(pages: AsyncIterable<readonly Row[]>, { head, row }: RowWriter<Row>): AsyncGenerator<string> {
  yield head;
  for await (const page of pages) {
    let text = '';
    for (const each of page) text += row(each);
    yield text;
  }
}

function tableWriter<Row>({ format, bom }: Report, columns: readonly Column<Row>[]): RowWriter<Row> {
  if (format === 'jsonl') return { head: '', row: (row) => jsonLine(columns, row) };
  return { head: (bom ? BYTE_ORDER_MARK : '') + csvHead(columns), row: (row) => csvRow(columns, row) };
}

function paymentWriter(report: Report): RowWriter<ValuedPayment> {
  const { format, datev, names, fromDay: from, toDay: to, madeAt: now } = report;
  switch (format) {
    case 'koinly':
      return { head: koinlyHead, row: koinlyRow };
    case 'datev':
      return { head: datevHead(datev, { from, to, now }), row: (payment) => datevRow(payment, datev, names) };
    case 'csv':
    case 'jsonl':
      return tableWriter(report, paymentColumns(names));
  }
}
