/** Stores what settling an order has decided: its state and the callbacks that tell of it, in the caller's transaction. */
import type { CallbackEvent } from '@webpos/sdk/wire';
import { bodyText } from '../../callbacks/body-text.ts';
import type { PendingCallback } from '../../callbacks/callback.ts';
import { callbackBody } from '../../contract/order-wire.ts';
import { parseId, type CallbackId } from '../../kernel/ids.ts';
import { attention } from '../../orders/attention.ts';
import { recordChangedTransactions } from '../../orders/changed-transactions.ts';
import type { Order } from '../../orders/order.ts';
import { blockchainStatus, confirmationsOf, nextDeadline, type Settled } from '../../orders/rules.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { OrderChangeContext } from '../context.ts';
import { orderInContext, type AsOf } from './order-in-context.ts';

/** @returns how many callbacks are to be sent. */
export async function saveSettled(
  context: Pick<OrderChangeContext, 'store' | 'publicUrl' | 'finalDepth' | 'newUuid'>,
  tx: StoreTransaction,
  settled: Settled,
  at: AsOf,
): Promise<number> {
  const { order, changed } = recordChangedTransactions(settled.order, at.tipHeight);
  await tx.orders.update(order, {
    blockchainStatus: blockchainStatus(order, at.tipHeight),
    watched: isWatched(order, at.tipHeight, context.finalDepth),
    judgeAtHeight: judgeAtHeight(order, at.tipHeight, context.finalDepth),
    deadline: nextDeadline(order),
    needsAttention: attention(order, at.tipHeight) !== undefined,
  });
  if (settled.events.length === 0 && !changed) return 0;
  const whole = await orderInContext(context, tx, order, at);
  // First, since what has changed about the transactions is why the other events happen.
  const isReported = changed && whole.pos.transactionChanged === true;
  const events: readonly CallbackEvent[] = isReported ? ['payment.transaction.changed', ...settled.events] : settled.events;
  if (events.length === 0) return 0;
  const callbacks = events.map((event): PendingCallback => ({
    id: parseId<CallbackId>(context.newUuid()),
    orderId: order.terms.id,
    posId: order.terms.posId,
    event,
    url: order.terms.callbackUrl,
    body: bodyText(callbackBody(event, whole)),
    createdAt: at.now,
  }));
  await tx.callbacks.insert(callbacks);
  return order.terms.callbackUrl === null ? 0 : callbacks.length;
}

/** Whether some payment is not yet buried. */
function isWatched(order: Order, tipHeight: number, finalDepth: number): boolean {
  const buried = buriedDepth(order, finalDepth);
  return order.payments.some(({ place }) => (confirmationsOf(place, tipHeight) ?? buried) < buried);
}

/**
 * The lowest height of the tip at which blocks alone may change an order: the one that confirms a payment, and later the one that
 * buries it. A payment that is in no block yet, or leaves one, is noticed when it moves.
 */
function judgeAtHeight(order: Order, tipHeight: number, finalDepth: number): number | undefined {
  const { requiredConfirmations } = order.terms;
  const buried = buriedDepth(order, finalDepth);
  const heights = order.payments.flatMap(({ place }) => {
    const confirmations = place.kind === 'block' ? confirmationsOf(place, tipHeight) : undefined;
    if (confirmations === undefined || confirmations >= buried) return [];
    return tipHeight - confirmations + (confirmations < requiredConfirmations ? requiredConfirmations : buried);
  });
  return heights.length === 0 ? undefined : Math.min(...heights);
}

function buriedDepth(order: Order, finalDepth: number): number {
  return Math.max(finalDepth, order.terms.requiredConfirmations);
}
