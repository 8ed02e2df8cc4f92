/** Stores what settling an order has decided: its state and the callbacks that tell of it, in the caller's transaction. */
import type { CallbackEvent } from '@webpos/sdk/wire';
import type { EpochMs } from '../../kernel/clock.ts';
import { parseId, type AccountId, type CallbackId, type PosId } from '../../kernel/ids.ts';
import { bodyText } from '../../callbacks/body-text.ts';
import type { PendingCallback } from '../../callbacks/callback.ts';
import { attention } from '../../orders/attention.ts';
import { recordChangedTransactions } from '../../orders/note-transactions.ts';
import type { Order } from '../../orders/order.ts';
import type { Pos } from '../../merchants/pos.ts';
import { blockchainStatus, confirmationsOf, nextDeadline, type Settled } from '../../orders/rules.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { ServiceContext } from '../context.ts';
import { loadAccount } from '../merchants/account-cache.ts';
import { callbackBody, type OrderInContext } from '../../contract/order-wire.ts';

export interface SettledAt {
  readonly tipHeight: number;
  readonly now: EpochMs;
}

/** @returns how many callbacks are to be sent. */
export async function saveSettled(
  context: Pick<ServiceContext, 'store' | 'publicUrl' | 'finalDepth' | 'newUuid'>,
  tx: StoreTransaction,
  settled: Settled,
  at: SettledAt,
): Promise<number> {
  const { order, changed } = recordChangedTransactions(settled.order, at.tipHeight);
  await tx.orders.update(order, {
    blockchainStatus: blockchainStatus(order, at.tipHeight),
    watched: isWatched(order, at.tipHeight, context.finalDepth),
    deadline: nextDeadline(order),
    needsAttention: attention(order, at.tipHeight) !== undefined,
  });
  if (settled.events.length === 0 && !changed) return 0;
  const whole = await inContext(context, tx, order, at);
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

/** Reads what belongs to an order, to tell of it. */
export async function inContext(
  context: Pick<ServiceContext, 'publicUrl' | 'store'>,
  tx: Pick<StoreTransaction, 'pos' | 'accounts'>,
  order: Order,
  at: SettledAt,
  posOfOrder?: Pos,
): Promise<OrderInContext> {
  const { posId, accountId } = order.terms;
  const pos = posOfOrder ?? (await found(tx.pos.get(posId), 'POS', posId));
  const account = await found(loadAccount(context.store, tx.accounts, accountId), 'account', accountId);
  return { order, pos, account, ...at, publicUrl: context.publicUrl };
}

/** Whether the next block may change an order: some payment is not yet buried. */
function isWatched(order: Order, tipHeight: number, finalDepth: number): boolean {
  const buried = Math.max(finalDepth, order.terms.requiredConfirmations);
  return order.payments.some(({ place }) => (confirmationsOf(place, tipHeight) ?? buried) < buried);
}

async function found<T>(reading: Promise<T | undefined>, what: string, id: AccountId | PosId): Promise<T> {
  const value = await reading;
  if (value === undefined) throw new Error(`${what} ${id} is missing in the store`);
  return value;
}
