/** The page of reports and its downloads. */
import type { FastifyReply } from 'fastify';
import { renderReportsPage, type ReportsView } from '@webpos/web';
import { satsToBtc, type Sats } from '../../../kernel/sats.ts';
import { formatFiatAmount } from '../../../orders/fiat.ts';
import { seesPos } from '../../../people/viewer.ts';
import { csvHead, csvRow } from '../../../reports/formats/csv.ts';
import type { AuditContext } from '../../../services/audit/audit-log.ts';
import type { GuardedContext, StoreContext } from '../../../services/context.ts';
import { prepareReport, type Report } from '../../../services/reports/report.ts';
import { ReportInputError } from '../../../services/reports/report-input-error.ts';
import { reportTotals, TOTAL_COLUMNS } from '../../../services/reports/report-totals.ts';
import type { PageRequest, PanelRouter } from '../panel-router.ts';
import { redirectTo } from '../panel-reply.ts';
import { readReport, type ReadReport } from './report-input.ts';
import { sendReport } from './send-report.ts';

export interface ReportPagesOptions {
  readonly context: StoreContext & AuditContext & GuardedContext;
}

/** More rows would make the page slow: their totals are a download. */
const MAX_ROWS_ON_PAGE = 1_000;
const TOTALS_TIMEOUT_MS = 600_000;

export function reportRoutes(panel: PanelRouter, { context }: ReportPagesOptions): void {
  panel.page('/panel/reports', 'reports.read', async (page) => renderReportsPage(await reportsView(context, page)));
  panel.raw('/panel/reports/download', 'reports.read', (page, _request, reply) =>
    withReport(context, page, reply, (report) => sendReport(context, page.viewer, report, reply)),
  );
  panel.raw('/panel/reports/totals', 'reports.read', (page, _request, reply) =>
    withReport(context, page, reply, async (report) => {
      const totals = (await reportTotals(context, report, AbortSignal.timeout(TOTALS_TIMEOUT_MS))) ?? [];
      const text = csvHead(TOTAL_COLUMNS) + totals.map((total) => csvRow(TOTAL_COLUMNS, total)).join('');
      return reply
        .headers({
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="webpos-totals.csv"',
          'cache-control': 'no-store',
        })
        .send(text);
    }),
  );
}

/** Leads back to the page, which shows what is wrong beside the field, unless there is such a report. */
async function withReport(
  context: StoreContext,
  { viewer, query, visit }: PageRequest,
  reply: FastifyReply,
  use: (report: Report) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const prepared = await prepare(context, viewer, readReport(query, context.clock.now()));
  if ('report' in prepared) return use(prepared.report);
  const words = new URLSearchParams(
    Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  return redirectTo(reply, visit.basePath, `/panel/reports?${words}`);
}

type Faults = Readonly<Record<string, string>>;

async function prepare(
  context: StoreContext,
  viewer: PageRequest['viewer'],
  { input, faults }: ReadReport,
): Promise<{ readonly report: Report } | { readonly faults: Faults }> {
  if (Object.keys(faults).length > 0) return { faults };
  try {
    return { report: await prepareReport(context, viewer, input) };
  } catch (error) {
    if (error instanceof ReportInputError) return { faults: { [error.field]: error.fault } };
    throw error;
  }
}

async function reportsView(context: StoreContext, { viewer, query, frame }: PageRequest): Promise<ReportsView> {
  const read = readReport(query, context.clock.now());
  const [pos, merchants] = [
    (await context.store.pos.list()).filter(({ id }) => seesPos(viewer, id)),
    await context.store.merchants.list(),
  ];
  const prepared = await prepare(context, viewer, read);
  const isAsked = Object.keys(query).length > 0;
  const report = 'report' in prepared ? prepared.report : undefined;
  const totals = isAsked && report !== undefined ? await pageTotals(context, report) : null;
  return {
    ...(await frame()),
    fields: read.fields,
    faults: 'faults' in prepared ? prepared.faults : {},
    pos: pos.map(({ id, name }) => ({ uuid: id, name })),
    merchants: merchants
      .filter(({ id }) => pos.some(({ merchantId }) => merchantId === id))
      .map(({ id, name }) => ({ uuid: id, name })),
    timeZone: report?.zone.name ?? null,
    totals,
  };
}

async function pageTotals(context: StoreContext, report: Report): Promise<ReportsView['totals']> {
  const totals = await reportTotals(context, report, AbortSignal.timeout(TOTALS_TIMEOUT_MS), MAX_ROWS_ON_PAGE);
  if (totals === undefined) return 'too_many';
  return totals.map((total) => {
    const { currency, rows, received, atOrderRate, atPayment, withoutRate } = total;
    return {
      currency,
      rows,
      received: satsToBtc(received as Sats),
      atOrderRate: formatFiatAmount({ currency, minorUnits: atOrderRate }),
      atPayment: atPayment === null ? null : formatFiatAmount({ currency, minorUnits: atPayment }),
      withoutRate,
    };
  });
}
