/**
 * Puts an order back to where it was when it was made: nothing paid, and the whole time to pay.
 *
 * What was paid before must never come back to it, or a reorganisation would bring it: so its coins are spent otherwise, in
 * the place of the very blocks that have it, as long as a reorganisation can reach these. The order forgets its payments just
 * before, while the chain stands still, and therefore has nothing to tell of what then happens to them.
 */
import { plusMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { ZERO_SATS } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import type { ServiceContext } from '../context.ts';
import { readNow, transactionsOf } from './read-now.ts';
import type { Sandbox } from './sandbox.ts';

export async function resetOrder(context: ServiceContext, sandbox: Sandbox, id: OrderId): Promise<void> {
  await sandbox.inTurn(id, async () => {
    const { order } = await readNow(context, sandbox, id);
    await sandbox.chain.doubleSpend(transactionsOf(order), async () => {
      await sandbox.caughtUp();
      await beginAfresh(context, id);
    });
    await sandbox.caughtUp();
  });
}

async function beginAfresh(context: ServiceContext, id: OrderId): Promise<void> {
  await context.store.transaction(async (tx) => {
    const order = await tx.orders.lock(id);
    if (order === undefined) return;
    const { settlementTimeoutMs, chargebackTimeoutMs } = context;
    const expiresAt = plusMs(context.clock.now(), context.orderTtlMs);
    await tx.orders.reschedule(id, { expiresAt, settlementTimeoutMs, chargebackTimeoutMs }, expiresAt);
    await tx.orders.forgetPayments(id);
    const fresh: Order = { ...order, state: { status: 'pending', coveredAt: null }, payments: [], surplusTold: ZERO_SATS };
    await tx.orders.update(fresh, { blockchainStatus: 'pending', watched: false, deadline: expiresAt });
  });
  context.ordersChanged([id]);
}
