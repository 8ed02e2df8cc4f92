import { ActivityReports } from './activity.ts';
import type { Stored } from './open-stored.ts';
import type { Opening } from './opening.ts';

/** Opens the reports of what happens. Those that are under way are finished before the database is closed. */
export async function openActivity(
  { lifecycle, clock, log, signals: { ordersChanged, callbackAttempted } }: Opening,
  { store }: Stored,
): Promise<ActivityReports> {
  return lifecycle.open(
    'activity',
    () =>
      new ActivityReports({
        store,
        clock,
        ordersChanged,
        callbackAttempted,
        failed: (err) => log.warn({ err }, 'activity: an order could not be read'),
      }),
    (reports) => reports.idle(),
  );
}
