/** Reports in the panel's API. */
import type { FastifyReply } from 'fastify';
import { validationError } from '../../../contract/contract-error.ts';
import { formatDay } from '../../../kernel/time/day.ts';
import { prepareReport, type Report } from '../../../services/reports/report.ts';
import { ReportInputError } from '../../../services/reports/report-input-error.ts';
import { reportTotals, TOTAL_COLUMNS } from '../../../services/reports/report-totals.ts';
import type { ApiRequest, Fields, PanelRouter } from '../panel-router.ts';
import { readReport } from './report-input.ts';
import type { ReportPagesOptions } from './report-routes.ts';
import type * as Schemas from './report-schemas.ts';
import { sendReport } from './send-report.ts';

const TOTALS_TIMEOUT_MS = 600_000;
const schemas = (): Promise<typeof Schemas> => import('./report-schemas.ts');

export function reportApiRoutes(panel: PanelRouter, { context }: ReportPagesOptions): void {
  const reportOf = async ({ viewer, query }: ApiRequest): Promise<Report> => {
    const { input, faults } = readReport(query as Fields, context.clock.now());
    const wrong = Object.entries(faults).map(([name, fault]) => [
      name,
      [fault === 'day' ? 'must be a day such as 2026-11-30' : 'is unknown'],
    ]);
    if (wrong.length > 0) throw validationError(Object.fromEntries(wrong) as Record<string, string[]>);
    try {
      return await prepareReport(context, viewer, input);
    } catch (error) {
      if (error instanceof ReportInputError) throw validationError({ [error.field]: [error.message] });
      throw error;
    }
  };
  panel.api('/reports/totals', {
    GET: {
      permission: 'reports.read',
      schema: async () => (await schemas()).totals,
      handle: async (request) => {
        const report = await reportOf(request);
        const totals = (await reportTotals(context, report, AbortSignal.timeout(TOTALS_TIMEOUT_MS))) ?? [];
        return {
          from: formatDay(report.fromDay),
          to: formatDay(report.toDay),
          time_zone: report.zone.name,
          totals: totals.map((total) => Object.fromEntries(TOTAL_COLUMNS.map(({ name, of }) => [name, of(total)]))),
        };
      },
    },
  });
  panel.api('/reports', {
    GET: {
      permission: 'reports.read',
      schema: async () => (await schemas()).report,
      handle: async (request, reply: FastifyReply) => sendReport(context, request.viewer, await reportOf(request), reply),
    },
  });
}
