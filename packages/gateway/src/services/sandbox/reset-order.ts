/**
 * Resets an order to its state at creation: nothing is paid, and it can be paid for its whole lifetime.
 *
 * Its previous payments must never come back. So their coins are double-spent, in place of the blocks that contain them, as far back as a
 * reorganisation reaches. One transaction removes the payments from the order and stores the changed chain, while the chain stands still.
 * So the order reports no event about them, and a process that is killed has done both or neither.
 */
import { plusMs } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { ZERO_SATS } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { readNow, transactionsOf } from './read-now.ts';
import type { Sandbox, SandboxContext } from './sandbox.ts';

export async function resetOrder(context: SandboxContext, sandbox: Sandbox, id: OrderId): Promise<void> {
  await sandbox.inTurn(id, async () => {
    await sandbox.chain.doubleSpend(
      async () => transactionsOf((await readNow(context, sandbox, id)).order),
      (change) =>
        context.store.transaction(async (tx) => {
          await resetStored(tx, context, id);
          if (change !== undefined) await tx.sandbox.save(change);
        }),
    );
    context.ordersChanged([id]);
    await sandbox.caughtUp();
  });
}

async function resetStored(tx: StoreTransaction, context: SandboxContext, id: OrderId): Promise<void> {
  const order = await tx.orders.lock(id);
  if (order === undefined) return;
  const { settlementTimeoutMs, chargebackTimeoutMs } = context;
  const expiresAt = plusMs(context.clock.now(), context.orderTtlMs);
  await tx.orders.reschedule(id, { expiresAt, settlementTimeoutMs, chargebackTimeoutMs }, expiresAt);
  await tx.orders.deletePayments(id);
  const reset: Order = {
    ...order,
    state: { status: 'pending', coveredAt: null },
    payments: [],
    surplusReported: ZERO_SATS,
    handled: ZERO_SATS,
  };
  await tx.orders.update(reset, {
    blockchainStatus: 'pending',
    watched: false,
    judgeAtHeight: undefined,
    needsAttention: false,
    deadline: expiresAt,
  });
}
