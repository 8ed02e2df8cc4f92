/** Stores settled orders, the callbacks that report their events and the notices to people, in the caller's transaction. */
import type { CallbackEvent } from '@webpos/sdk/wire';
import type { PendingCallback } from '../../callbacks/callback.ts';
import type { OrderInContext } from '../../contract/order-wire.ts';
import { parseId, type CallbackId, type PosId } from '../../kernel/ids.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Notice } from '../../notifications/notice.ts';
import { orderNotices } from '../../notifications/order-notices.ts';
import { attention } from '../../orders/attention.ts';
import { recordChangedTransactions } from '../../orders/changed-transactions.ts';
import type { Order } from '../../orders/order.ts';
import { blockchainStatus, confirmationsOf, nextDeadline, type Settled } from '../../orders/rules.ts';
import type { OrderSchedule } from '../../store/ports/order-store.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { newBody } from '../callbacks/checked-body.ts';
import type { OrderChangeContext } from '../context.ts';
import { orderInContext, type AsOf } from './order-in-context.ts';

type SavingContext = Pick<OrderChangeContext, 'store' | 'guard' | 'publicUrl' | 'finalDepth' | 'newUuid'>;

/** @returns How many callbacks were stored that have a URL to be sent to. */
export async function saveSettled(
  context: SavingContext,
  tx: StoreTransaction,
  all: readonly Settled[],
  at: AsOf,
): Promise<number> {
  const callbacks: PendingCallback[] = [];
  const areNotified = tx.notices.wants('order.paid') || tx.notices.wants('order.attention');
  const notices: Notice[] = [];
  const knownPos = new Map<PosId, Pos>();
  for (const { order: settled, events } of all) {
    const { order, changed } = recordChangedTransactions(settled, at.tipHeight);
    const needs = attention(order, at.tipHeight);
    await tx.orders.update(order, scheduleOf(order, at.tipHeight, context.finalDepth, needs !== undefined));
    if (areNotified && (events.length > 0 || needs !== undefined))
      notices.push(...orderNotices({ order, events, attention: needs, tipHeight: at.tipHeight }, at.now, context.newUuid));
    if (events.length === 0 && !changed) continue;
    const inContext = await orderInContext(context, tx, order, at, knownPos.get(order.terms.posId));
    knownPos.set(order.terms.posId, inContext.pos);
    callbacks.push(...callbacksOf(context, inContext, events, changed));
  }
  if (notices.length > 0) await tx.notices.add(notices);
  if (callbacks.length > 0) await tx.callbacks.insert(callbacks);
  return callbacks.filter(({ url }) => url !== null).length;
}

function callbacksOf(
  context: SavingContext,
  inContext: OrderInContext,
  events: readonly CallbackEvent[],
  changed: boolean,
): PendingCallback[] {
  const { order, pos, now } = inContext;
  const { id: orderId, posId, callbackUrl: url } = order.terms;
  // First, because the changed transactions are the cause of the other events.
  const reported: readonly CallbackEvent[] =
    changed && pos.transactionChanged === true ? ['payment.transaction.changed', ...events] : events;
  return reported.map((event) => ({
    id: parseId<CallbackId>(context.newUuid()),
    orderId,
    posId,
    event,
    url,
    body: newBody(context, event, inContext),
    createdAt: now,
  }));
}

function scheduleOf(order: Order, tipHeight: number, finalDepth: number, needsAttention: boolean): OrderSchedule {
  return {
    blockchainStatus: blockchainStatus(order, tipHeight),
    watched: isWatched(order, tipHeight, finalDepth),
    judgeAtHeight: judgeAtHeight(order, tipHeight, finalDepth),
    deadline: nextDeadline(order),
    needsAttention,
  };
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
