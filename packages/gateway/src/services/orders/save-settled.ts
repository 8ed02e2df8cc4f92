/** Stores a settled order, the callbacks that report its events and the notices to people, in the caller's transaction. */
import type { CallbackEvent } from '@webpos/sdk/wire';
import type { PendingCallback } from '../../callbacks/callback.ts';
import { parseId, type CallbackId } from '../../kernel/ids.ts';
import { orderNotices } from '../../notifications/order-notices.ts';
import { attention } from '../../orders/attention.ts';
import { recordChangedTransactions } from '../../orders/changed-transactions.ts';
import type { Order } from '../../orders/order.ts';
import { blockchainStatus, confirmationsOf, nextDeadline, type Settled } from '../../orders/rules.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { newBody } from '../callbacks/checked-body.ts';
import type { OrderChangeContext } from '../context.ts';
import { orderInContext, type AsOf } from './order-in-context.ts';

/** @returns How many callbacks were stored that have a URL to be sent to. */
export async function saveSettled(
  context: Pick<OrderChangeContext, 'store' | 'guard' | 'publicUrl' | 'finalDepth' | 'newUuid'>,
  tx: StoreTransaction,
  settled: Settled,
  at: AsOf,
): Promise<number> {
  const { order, changed } = recordChangedTransactions(settled.order, at.tipHeight);
  const needs = attention(order, at.tipHeight);
  await tx.orders.update(order, {
    blockchainStatus: blockchainStatus(order, at.tipHeight),
    watched: isWatched(order, at.tipHeight, context.finalDepth),
    judgeAtHeight: judgeAtHeight(order, at.tipHeight, context.finalDepth),
    deadline: nextDeadline(order),
    needsAttention: needs !== undefined,
  });
  if (
    (settled.events.length > 0 || needs !== undefined) &&
    (tx.notices.wants('order.paid') || tx.notices.wants('order.attention'))
  )
    await tx.notices.add(
      orderNotices({ order, events: settled.events, attention: needs, tipHeight: at.tipHeight }, at.now, context.newUuid),
    );
  if (settled.events.length === 0 && !changed) return 0;
  const inContext = await orderInContext(context, tx, order, at);
  // First, because the changed transactions are the cause of the other events.
  const isReported = changed && inContext.pos.transactionChanged === true;
  const events: readonly CallbackEvent[] = isReported ? ['payment.transaction.changed', ...settled.events] : settled.events;
  if (events.length === 0) return 0;
  const callbacks = events.map((event): PendingCallback => ({
    id: parseId<CallbackId>(context.newUuid()),
    orderId: order.terms.id,
    posId: order.terms.posId,
    event,
    url: order.terms.callbackUrl,
    body: newBody(context, event, inContext),
    createdAt: at.now,
  }));
  await tx.callbacks.insert(callbacks);
  return order.terms.callbackUrl === null ? 0 : callbacks.length;
}

/** Whether a payment is not buried yet. */
function isWatched(order: Order, tipHeight: number, finalDepth: number): boolean {
  const buried = buriedDepth(order, finalDepth);
  return order.payments.some(({ place }) => (confirmationsOf(place, tipHeight) ?? buried) < buried);
}

/**
 * Returns the lowest height of the tip at which a block can change the order without touching its payments: the one that confirms a
 * payment, and later the one that buries it. Payments that enter or leave a block are noticed anyway.
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
