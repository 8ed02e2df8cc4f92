import type { PendingCallback } from '../../../callbacks/callback.ts';
import { epochMs } from '../../../kernel/clock.ts';
import { rowWriter } from '../columns.ts';
import type { SqlContext } from '../sql-context.ts';
import { callbackColumns } from './columns.ts';

const rowOf = rowWriter(callbackColumns);

/** Inserts events of one order, in the given order. */
export async function insertCallbacks({ db }: SqlContext, callbacks: readonly PendingCallback[]): Promise<void> {
  for (const callback of callbacks) {
    const before = await db
      .selectFrom('callbacks')
      .select((eb) => [
        eb.fn.max('sequence').as('last'),
        eb.fn.max('created_at').as('lastAt'),
        eb.fn.sum<number | string | null>(eb.case().when('status', '=', 'waiting').then(1).else(0).end()).as('waiting'),
      ])
      .where('order_id', '=', callback.orderId)
      .executeTakeFirstOrThrow();
    const row = rowOf({
      ...callback,
      sequence: before.last === null ? 0 : Number(before.last) + 1,
      // If the clock was set back, an event must still not sort before the one that it followed.
      createdAt: epochMs(Math.max(callback.createdAt, Number(before.lastAt ?? 0))),
      waitsForEarlier: Number(before.waiting ?? 0) > 0,
    });
    await db.insertInto('callbacks').values(row).execute();
  }
}
