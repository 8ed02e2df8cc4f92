import { sql } from 'kysely';
import { endpointOf } from '../../../callbacks/endpoint.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { CallbackStore } from '../../ports/callback-store.ts';
import type { SqlContext } from '../sql-context.ts';
import { logAttempts } from './log-attempts.ts';

/** Redirects a callback, and all pending callbacks of its order, to another URL, and logs that. */
export async function repointCallbacks(
  context: SqlContext,
  { id, orderId, url: before }: Parameters<CallbackStore['repoint']>[0],
  url: string,
  now: EpochMs,
): Promise<void> {
  await context.db
    .updateTable('callbacks')
    .set({ url, endpoint: endpointOf(url) })
    .where('order_id', '=', orderId)
    .where((eb) => eb.or([eb('id', '=', id), eb('status', '=', sql.lit('waiting'))]))
    .execute();
  const from = before === null ? 'no URL' : withoutQuery(before);
  const responseExcerpt = `redirected from ${from} to ${withoutQuery(url)}`;
  await logAttempts(context, [{ id, record: { startedAt: now, durationMs: 0, status: null, responseExcerpt } }]);
}

/** Removes query and fragment, which may hold a secret. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
