import type { EpochMs } from '../../../kernel/clock.ts';
import type { OrderId } from '../../../kernel/ids.ts';
import type { OrderDeadlines } from '../../ports/order-store.ts';
import type { SqlContext } from '../sql-context.ts';

export async function rescheduleOrder(
  context: SqlContext,
  id: OrderId,
  { expiresAt, settlementTimeoutMs, chargebackTimeoutMs }: OrderDeadlines,
  next: EpochMs,
): Promise<void> {
  await context.db
    .updateTable('orders')
    .set({
      deadline_at: next,
      ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
      ...(settlementTimeoutMs === undefined ? {} : { settlement_timeout_ms: settlementTimeoutMs }),
      ...(chargebackTimeoutMs === undefined ? {} : { chargeback_timeout_ms: chargebackTimeoutMs }),
    })
    .where('id', '=', id)
    .execute();
  context.changed();
}

export async function setCallbackUrl(context: SqlContext, id: OrderId, url: string): Promise<void> {
  await context.db.updateTable('orders').set({ callback_url: url }).where('id', '=', id).execute();
  context.changed();
}

export async function setAddressSeal(context: SqlContext, id: OrderId, seal: string): Promise<void> {
  await context.db.updateTable('orders').set({ address_seal: seal }).where('id', '=', id).execute();
  context.changed();
}
