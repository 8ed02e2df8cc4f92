/**
 * Puts an order back to where it was when it was made: nothing paid, and the whole time to pay.
 *
 * What was paid before must never come back to it, or a reorganisation would bring it: so its coins are spent otherwise, in
 * the place of the very blocks that have it, as long as a reorganisation can reach these. That the order forgets its payments and that
 * the chain does so too is stored in one transaction, while the chain stands still: the order therefore has nothing to tell of what
 * happens to them, and a process that is killed has done both or neither.
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
          await beginAfresh(tx, context, id);
          if (change !== undefined) await tx.sandbox.save(change);
        }),
    );
    context.ordersChanged([id]);
    await sandbox.caughtUp();
  });
}

async function beginAfresh(tx: StoreTransaction, context: SandboxContext, id: OrderId): Promise<void> {
  const order = await tx.orders.lock(id);
  if (order === undefined) return;
  const { settlementTimeoutMs, chargebackTimeoutMs } = context;
  const expiresAt = plusMs(context.clock.now(), context.orderTtlMs);
  await tx.orders.reschedule(id, { expiresAt, settlementTimeoutMs, chargebackTimeoutMs }, expiresAt);
  await tx.orders.deletePayments(id);
  const fresh: Order = {
    ...order,
    state: { status: 'pending', coveredAt: null },
    payments: [],
    surplusReported: ZERO_SATS,
    handled: ZERO_SATS,
  };
  await tx.orders.update(fresh, {
    blockchainStatus: 'pending',
    watched: false,
    judgeAtHeight: undefined,
    needsAttention: false,
    deadline: expiresAt,
  });
}
