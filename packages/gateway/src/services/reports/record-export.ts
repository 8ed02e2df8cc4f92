import { formatDay } from '../../kernel/time/day.ts';
import type { Actor } from '../../people/actor.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import type { StoreContext } from '../context.ts';
import type { Report } from './report.ts';

/** Records who exports what, before the first row is read. */
export async function recordExport(
  context: Pick<StoreContext, 'store'> & AuditContext,
  actor: Actor,
  { kind, format, fromDay, toDay, zone, pos }: Report,
): Promise<void> {
  const after = {
    kind,
    format,
    from: formatDay(fromDay),
    to: formatDay(toDay),
    time_zone: zone.name,
    pos: pos.size,
    ...(pos.size === 1 ? { pos_id: [...pos.keys()][0] } : {}),
  };
  await context.store.transaction((tx) =>
    recordAction(context, tx, actor, { action: 'report.export', subject: { kind: 'report', id: null }, after }),
  );
}
