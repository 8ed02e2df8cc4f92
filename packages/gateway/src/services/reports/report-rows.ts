/** Reads the records of a report, page by page, so that its size does not matter. Other work goes first after each page. */
import process from 'node:process';
import { arrivals } from '../../kernel/thread/arrivals.ts';
import { pause } from '../../kernel/thread/in-pages.ts';
import { nextTurn } from '../../kernel/thread/turns.ts';
import { withValue, type ValuedPayment } from '../../reports/columns.ts';
import { DaySums, type DayRecord } from '../../reports/day-sums.ts';
import type { PaymentRecord, StoredOrderRecord } from '../../reports/records.ts';
import type { OrderReportPage, PaymentPage } from '../../store/ports/reports/report-store.ts';
import type { StoreContext } from '../context.ts';
import type { Report } from './report.ts';

/** Some 10 ms of work. */
const PAGE_SIZE = 500;
/** How long a report pauses after a page if requests have arrived, in times of the processor time of the page. */
const PAUSES = 19;
const MAX_PAUSE_MS = 500;

export type Reading = Pick<StoreContext, 'store'>;

export async function* paymentPages(
  { store }: Reading,
  { from, until, pos }: Report,
  signal: AbortSignal,
): AsyncGenerator<readonly ValuedPayment[]> {
  let after: PaymentPage['after'];
  const read = (): Promise<PaymentRecord[]> => store.reports.payments({ from, until, after, limit: PAGE_SIZE });
  for await (const page of pagesOf(read, signal)) {
    const last = page.at(-1);
    after = last && { firstSeenAt: last.firstSeenAt, outPoint: last.outPoint };
    yield page.filter(({ order }) => pos.has(order.posId)).map(withValue);
  }
}

export async function* orderPages(
  { store }: Reading,
  { from, until, pos }: Report,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredOrderRecord[]> {
  for (const posId of pos.keys()) {
    let after: OrderReportPage['after'];
    const read = (): Promise<StoredOrderRecord[]> => store.reports.orders({ posId, from, until, after, limit: PAGE_SIZE });
    for await (const page of pagesOf(read, signal)) {
      const last = page.at(-1);
      after = last && { createdAt: last.order.createdAt, id: last.order.id };
      yield page;
    }
  }
}

export async function* dayPages(reading: Reading, report: Report, signal: AbortSignal): AsyncGenerator<readonly DayRecord[]> {
  const sums = new DaySums();
  for await (const page of paymentPages(reading, report, signal)) {
    yield page.flatMap(({ firstSeenAt, order, value }) =>
      sums.add(report.zone.dayOf(firstSeenAt), order.posId, order.fiat.currency, value),
    );
  }
  yield sums.end();
}

/** Yields pages until one is not full. What takes them may wait for a slow client, which is no work of ours. */
async function* pagesOf<Row>(read: () => Promise<readonly Row[]>, signal: AbortSignal): AsyncGenerator<readonly Row[]> {
  let arrivedBefore = arrivals();
  for (;;) {
    signal.throwIfAborted();
    const beganMs = cpuMs();
    const page = await read();
    yield page;
    if (page.length < PAGE_SIZE) return;
    const tookMs = cpuMs() - beganMs;
    // Requests that came during the page arrive in the next turn.
    await nextTurn();
    // Also those that came in the pause before: a client that waits for an answer sends no request during a page.
    const arrived = arrivals();
    if (arrived > arrivedBefore) await pause(Math.min(tookMs * PAUSES, MAX_PAUSE_MS), signal);
    arrivedBefore = arrived;
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
