/**
 * Triggers events of an order in the sandbox, by what causes them in live mode: transactions, blocks, reorganisations, double spends and
 * deadlines. The state of the order follows from the chain by the usual rules.
 */
import type { CallbackEvent } from '@webpos/sdk/wire';
import { ContractError } from '../../contract/contract-error.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { sats, type Sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';
import { canFallShort, hasRoomForMore, MIN_ORDER_AMOUNT, possibleEvents, tally } from '../../orders/rules.ts';
import type { OrderDeadlines } from '../../store/ports/order-store.ts';
import { cancelOrder } from '../orders/cancel-order.ts';
import { readNow, transactionsOf, type OrderNow } from './read-now.ts';
import type { Sandbox, SandboxContext } from './sandbox.ts';

/** @throws ContractError 0013 if the event cannot follow in the order's present state. Nothing has changed then. */
export async function triggerEvent(context: SandboxContext, sandbox: Sandbox, id: OrderId, event: CallbackEvent): Promise<void> {
  await sandbox.inTurn(id, async () => {
    const now = await readNow(context, sandbox, id);
    const wanted = eventsNow(sandbox, now).find((candidate) => candidate === event);
    if (wanted === undefined) throw impossible(event, eventsNow(sandbox, now));
    const before = await countEvents(context, id, wanted);
    await cause(context, sandbox, now, wanted);
    await sandbox.caughtUp();
    if ((await countEvents(context, id, wanted)) > before) return;
    // A block or a deadline has changed the order meanwhile.
    throw impossible(event, eventsNow(sandbox, await readNow(context, sandbox, id)));
  });
}

/** Returns the events that can follow now. */
export function eventsNow({ chain }: Sandbox, { order, tipHeight, pos }: OrderNow): readonly CallbackEvent[] {
  const { maxReorganisationDepth } = chain;
  const possible = possibleEvents(order, tipHeight, canFallShort(order, { tipHeight, maxReorganisationDepth }));
  return pos.transactionChanged === true && hasRoomForMore(order, tipHeight)
    ? [...possible, 'payment.transaction.changed']
    : possible;
}

function impossible(event: CallbackEvent, possible: readonly CallbackEvent[]): ContractError {
  return new ContractError('0013', `${event} cannot happen now: expected one of ${possible.join(', ')}`);
}

async function countEvents(context: SandboxContext, id: OrderId, event: CallbackEvent): Promise<number> {
  return (await context.store.callbacks.listedOfOrder(id)).filter((callback) => callback.event === event).length;
}

async function cause(context: SandboxContext, sandbox: Sandbox, now: OrderNow, event: CallbackEvent): Promise<void> {
  const { order } = now;
  switch (event) {
    case 'payment.completed':
      return payAndConfirm(sandbox, order, unpaid(now));
    case 'payment.overpaid':
      return payAndConfirm(sandbox, order, sats((order.state.status === 'pending' ? unpaid(now) : 0n) + MIN_ORDER_AMOUNT));
    case 'payment.transaction.changed':
      await sandbox.chain.pay(order.terms.script, unpaid(now) > 0n ? unpaid(now) : MIN_ORDER_AMOUNT);
      return;
    case 'payment.cancelled':
      return cancel(context, order);
    case 'payment.expired':
      return passDeadline(context, order, { expiresAt: context.clock.now(), settlementTimeoutMs: 0 });
    case 'payment.dispute.start':
      // If no confirmations are required, a payment in the mempool counts as well.
      return sandbox.chain.displace(transactionsOf(order), order.terms.requiredConfirmations === 0 ? 'dropped' : 'held');
    case 'payment.dispute.end':
      return bringBack(context, sandbox, order);
    case 'payment.chargeback':
      await sandbox.chain.doubleSpend(transactionsOf(order));
      return passDeadline(context, order, { chargebackTimeoutMs: 0 });
    case 'payment.refund.paid':
    case 'payment.refund.reverted':
      // Never possible here: a merchant has to approve and pay the refund.
      break;
  }
}

async function payAndConfirm({ chain }: Sandbox, order: Order, amount: Sats): Promise<void> {
  const { script, requiredConfirmations } = order.terms;
  const first = transactionsOf(order);
  if (amount > 0n) first.push(await chain.pay(script, amount));
  if (requiredConfirmations > 0) await chain.mine({ blocks: requiredConfirmations, first });
}

/** Confirms the same transactions again, and pays again what was double-spent. */
async function bringBack(context: SandboxContext, sandbox: Sandbox, order: Order): Promise<void> {
  await sandbox.chain.resend(transactionsOf(order));
  const now = await readNow(context, sandbox, order.terms.id);
  await payAndConfirm(sandbox, now.order, unpaid(now));
}

function unpaid({ order, tipHeight }: OrderNow): Sats {
  return tally(order, tipHeight).unpaid;
}

/** @throws ContractError 0013 if the order has been paid or has ended meanwhile. */
async function cancel(context: SandboxContext, { terms }: Order): Promise<void> {
  try {
    await cancelOrder(context, terms.id);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw new ContractError('0013', 'payment.cancelled cannot follow any more', { cause: error });
  }
}

/** Moves a deadline of the order instead of the clock, which all orders share. */
async function passDeadline(context: SandboxContext, { terms }: Order, deadlines: OrderDeadlines): Promise<void> {
  await context.store.transaction(async (tx) => {
    await tx.orders.lock(terms.id);
    await tx.orders.reschedule(terms.id, deadlines, context.clock.now());
  });
}
