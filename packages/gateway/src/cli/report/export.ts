import { systemClock } from '../../kernel/clock.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { formatDay } from '../../kernel/time/day.ts';
import { OPERATOR } from '../../people/viewer.ts';
import { DatevCurrencyError } from '../../reports/formats/datev.ts';
import { recordExport } from '../../services/reports/record-export.ts';
import { prepareReport, REPORT_FORMATS } from '../../services/reports/report.ts';
import { streamReport } from '../../services/reports/stream-report.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { withBase } from '../support/with-base.ts';
import { DATEV_OPTIONS, namingTheOption, PERIOD_OPTIONS, readDatev, readFormat, readPeriod } from './report-options.ts';
import { writeWholeFile } from './write-whole-file.ts';

/** `webpos export`: writes payments, days or orders of a period into a file. */
export const exportReport: Command = defineCommand({
  name: 'export',
  summary: 'Write payments, days or orders of a period into a file',
  usage: '--from DAY --out FILE',
  options: {
    ...PERIOD_OPTIONS,
    format: {
      value: 'FORMAT',
      text: 'format of the file; koinly and datev have payments only',
      allowed: REPORT_FORMATS.join(', '),
      default: 'csv',
    },
    bom: { text: 'begin CSV with a byte order mark, which some table programs need' },
    out: { value: 'FILE', text: 'file to write; one that exists is replaced when the new one is complete', allowed: 'a path' },
    ...DATEV_OPTIONS,
  },
  notes: [
    'Works while a gateway serves. Payments belong to the time at which they were first seen, orders to that of their creation.',
    'docs/accounting.md explains every column.',
  ],
  example: '--kind payments --format csv --from 2026-11-01 --to 2026-11-30 --out november.csv',
  run: async (world, config, options) => {
    const input = { ...readPeriod(options), format: readFormat(options), bom: options.flag('bom'), datev: readDatev(options) };
    const out = options.required('out');
    const stopping = new AbortController();
    world.onInterrupt?.(() => stopping.abort(new OperatorError('interrupted; no file was written')));
    await withBase(world, config, async ({ store, keys, guard }) => {
      const context = { store, clock: systemClock, keys: await keys(), guard: await guard() };
      const report = await namingTheOption(() => prepareReport(context, OPERATOR, input));
      await recordExport(context, { kind: 'command' }, report);
      const bytes = await writeWholeFile(out, streamReport(context, report, stopping.signal)).catch((error: unknown) => {
        throw error instanceof DatevCurrencyError ? new OperatorError(error.message) : error;
      });
      const [from, to] = [formatDay(report.fromDay), formatDay(report.toDay)];
      if (options.json)
        return world.out(
          JSON.stringify({ out, bytes, kind: report.kind, format: report.format, from, to, time_zone: report.zone.name }),
        );
      world.out(`Wrote ${out}: ${report.kind} from ${from} to ${to} (${report.zone.name}), ${bytes} bytes.`);
    });
  },
});
