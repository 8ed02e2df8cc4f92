import { systemClock } from '../../kernel/clock.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { formatDay } from '../../kernel/time/day.ts';
import { OPERATOR } from '../../people/viewer.ts';
import { prepareReport } from '../../services/reports/report.ts';
import { reportTotals, TOTAL_COLUMNS } from '../../services/reports/report-totals.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { table } from '../support/table.ts';
import { withBase } from '../support/with-base.ts';
import { namingTheOption, PERIOD_OPTIONS, readPeriod } from './report-options.ts';

/** `webpos report totals`: sums up the rows that an export of the same period has. */
export const totalsOfReport: Command = defineCommand({
  name: 'report totals',
  summary: 'Sum up the rows of an export by currency',
  usage: '--from DAY',
  options: PERIOD_OPTIONS,
  example: '--kind payments --from 2026-11-01 --to 2026-11-30',
  run: async (world, config, options) => {
    const stopping = new AbortController();
    world.onInterrupt?.(() => stopping.abort(new OperatorError('interrupted')));
    const input = { ...readPeriod(options), format: 'csv' as const };
    await withBase(world, config, async ({ store }) => {
      const report = await namingTheOption(() => prepareReport({ store, clock: systemClock }, OPERATOR, input));
      const totals = (await reportTotals({ store }, report, stopping.signal)) ?? [];
      const rows = totals.map((total) => TOTAL_COLUMNS.map(({ of }) => of(total)));
      const heads = TOTAL_COLUMNS.map(({ name }) => name);
      if (options.json)
        return world.out(
          JSON.stringify(totals.map((total) => Object.fromEntries(TOTAL_COLUMNS.map(({ name, of }) => [name, of(total)])))),
        );
      world.out(`${report.kind} from ${formatDay(report.fromDay)} to ${formatDay(report.toDay)} (${report.zone.name})`);
      world.out(
        rows.length === 0
          ? 'No rows.'
          : table(
              heads,
              rows.map((row) => row.map((cell) => cell ?? '')),
            ),
      );
    });
  },
});
