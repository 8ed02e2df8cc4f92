/** Sends a report as a download. A report that fails midway ends the connection, so that no client takes a part of it for the whole. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { formatDay } from '../../../kernel/time/day.ts';
import type { Viewer } from '../../../people/viewer.ts';
import type { AuditContext } from '../../../services/audit/audit-log.ts';
import type { GuardedContext, StoreContext } from '../../../services/context.ts';
import { recordExport } from '../../../services/reports/record-export.ts';
import type { Report, ReportFormat } from '../../../services/reports/report.ts';
import { streamReport } from '../../../services/reports/stream-report.ts';

/** The type and the extension of each format. */
export const REPORT_TYPES: Readonly<Record<ReportFormat, readonly [type: string, extension: string]>> = {
  csv: ['text/csv; charset=utf-8', 'csv'],
  jsonl: ['application/jsonl; charset=utf-8', 'jsonl'],
  koinly: ['text/csv; charset=utf-8', 'csv'],
  datev: ['text/csv; charset=windows-1252', 'csv'],
};

export async function sendReport(
  context: StoreContext & AuditContext & GuardedContext,
  viewer: Pick<Viewer, 'actor'>,
  report: Report,
  reply: FastifyReply,
): Promise<FastifyReply> {
  await recordExport(context, viewer.actor, report);
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort(new Error('the client has gone')));
  const [type, extension] = REPORT_TYPES[report.format];
  const [from, to] = [formatDay(report.fromDay), formatDay(report.toDay)];
  // DATEV recognises its files by this name.
  const name =
    report.format === 'datev'
      ? `EXTF_Buchungsstapel_${from}_${to}`
      : `webpos-${report.kind}-${report.format === 'koinly' ? 'koinly-' : ''}${from}-${to}`;
  reply.headers({
    'content-type': type,
    'content-disposition': `attachment; filename="${name}.${extension}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  return reply.send(Readable.from(streamReport(context, report, gone.signal), { objectMode: false, highWaterMark: 1 }));
}
