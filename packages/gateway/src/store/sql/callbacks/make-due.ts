/** Makes callbacks due, as if they had never been attempted. */
import type { ListedCallback } from '../../../callbacks/callback.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { MadeDue } from '../../ports/callback-store.ts';
import { CorruptRowError } from '../corrupt-row-error.ts';
import { slices } from '../slices.ts';
import type { SqlContext } from '../sql-context.ts';
import { bodyFrom, listedFrom, type CallbackRow } from './columns.ts';
import { wholeCallbacks } from './read-callbacks.ts';
import { releaseNext } from './release-next.ts';

type Wanted = (callback: ListedCallback) => boolean;

/** Sorts wanted callbacks by what can be done with them, and makes those due that can be sent. */
export async function makeDue(
  context: SqlContext,
  orderIds: readonly OrderId[],
  isWanted: Wanted,
  now: EpochMs,
): Promise<MadeDue> {
  const made: Made = { due: [], busy: [], damaged: [], held: [] };
  for (const rows of await rowsByOrder(context, orderIds)) await sortOrder(context, rows, isWanted, now, made);
  const { due, busy, damaged } = made;
  const set = context.db.updateTable('callbacks');
  for (const ids of slices(due.map(({ id }) => id)))
    await set
      .set({ status: 'waiting', attempts: 0, wanted_at: now, ended_at: null })
      .where('id', 'in', [...ids])
      .execute();
  for (const ids of slices(made.held))
    await set
      .set({ next_attempt_at: null, claimed_by: null })
      .where('id', 'in', [...ids])
      .execute();
  await releaseNext(
    context,
    [...new Set(due.map(({ orderId }) => orderId))].map((orderId) => ({ orderId })),
  );
  return { due, busy, damaged };
}

interface Made {
  readonly due: ListedCallback[];
  readonly busy: ListedCallback[];
  readonly damaged: ListedCallback[];
  /** What waits until the first of its order has been sent again. */
  readonly held: string[];
}

async function sortOrder(
  context: SqlContext,
  rows: readonly CallbackRow[],
  isWanted: Wanted,
  now: EpochMs,
  made: Made,
): Promise<void> {
  const wanted = new Set(rows.filter((row) => row.url !== null && isWanted(listedFrom(row))));
  if (rows.some((row) => row.url !== null && row.claimed_by !== null && Number(row.next_attempt_at) > now)) {
    made.busy.push(...[...wanted].map(listedFrom));
    return;
  }
  let holds = false;
  for (const row of rows) {
    const damage = wanted.has(row) ? damageOf(row) : undefined;
    if (damage !== undefined) {
      made.damaged.push(listedFrom(row));
      // The lists show it.
      await context.db.updateTable('callbacks').set({ last_error: damage }).where('id', '=', row.id).execute();
    } else if (wanted.has(row)) {
      made.due.push(listedFrom(row));
      holds = true;
    }
    if (holds) made.held.push(row.id);
  }
}

/** Reads the callbacks of orders in their sequence, and locks them: claims skip locked rows, and earlier claims are visible. */
async function rowsByOrder({ db, dialect }: SqlContext, orderIds: readonly OrderId[]): Promise<readonly CallbackRow[][]> {
  const byOrder = new Map<string, CallbackRow[]>();
  for (const ids of slices(orderIds)) {
    const ofOrders = wholeCallbacks(db)
      .where('order_id', 'in', [...ids])
      .orderBy('order_id')
      .orderBy('sequence');
    for (const row of await (dialect.rowLocks ? ofOrders.forUpdate('callbacks') : ofOrders).execute()) {
      const rows = byOrder.get(row.order_id);
      if (rows === undefined) byOrder.set(row.order_id, [row]);
      else rows.push(row);
    }
  }
  return [...byOrder.values()];
}

/** Says what is wrong with a body; undefined if it can be sent. */
function damageOf(row: CallbackRow): string | undefined {
  try {
    bodyFrom(row);
    return undefined;
  } catch (error) {
    if (error instanceof CorruptRowError) return error.message;
    throw error;
  }
}
