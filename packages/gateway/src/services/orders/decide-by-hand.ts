/**
 * Settles or refuses an order manually, and records the decision in the order's history. This may happen in another process than the
 * serving one. There, the delivery loop finds the callbacks, and `DecisionWatch` updates the pages.
 */
import type { OrderId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { refuseManually, settleManually } from '../../orders/decide-by-hand.ts';
import type { Order } from '../../orders/order.ts';
import { type OrderEvent, tally } from '../../orders/rules.ts';
import type { HistoryEntry } from '../../store/ports/orders/order-history-store.ts';
import { actorName, type Actor } from '../../people/actor.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import type { OrderChangeContext } from '../context.ts';
import { saveSettled } from './save-settled.ts';

export type ManualAction = HistoryEntry['action'];

/** The order does not exist, or cannot be settled or refused. */
export class DecisionError extends OperatorError {
  override readonly name = 'DecisionError';
}

export interface ManualDecision {
  readonly order: Order;
  /** The events that the decision emitted. */
  readonly events: readonly OrderEvent[];
  /** The history entry of the decision; of the earlier one if it is repeated. */
  readonly entry: HistoryEntry;
  readonly isRepeated: boolean;
}

/**
 * Does nothing if the same decision was made before and still holds: the first response may have been lost.
 *
 * @param decision `reason`: the merchant's own words. The audit log does not repeat it: it may name a person, and must be erasable.
 * @throws DecisionError if the order does not exist, or this decision is not possible in its state.
 */
export async function decideManually(
  context: OrderChangeContext & AuditContext,
  id: OrderId,
  { action, actor, reason }: { readonly action: ManualAction; readonly actor: Actor; readonly reason: string },
): Promise<ManualDecision> {
  const { decided, callbacks } = await context.store.transaction(async (tx) => {
    const order = await tx.orders.lock(id);
    if (order === undefined) throw new DecisionError(`no order with id ${id}`);
    const tipHeight = (await tx.chain.tip())?.height ?? 0;
    // No deadline is due here: only the chain follower knows up to when the chain has been read.
    const at = { tipHeight, now: context.clock.now(), chainReadAt: order.terms.createdAt };
    const decision = (action === 'settle' ? settleManually : refuseManually)(order, at);
    if (decision.kind === 'refused') {
      const last = (await tx.history.ofOrder(id)).at(-1);
      if (last?.action === action && last.after === order.state.status)
        return { decided: { order, events: [], entry: last, isRepeated: true }, callbacks: 0 };
      throw new DecisionError(
        `order: expected one that can be ${action === 'settle' ? 'settled' : 'refused'}, got ${id}, which ${decision.why}`,
      );
    }
    const { settled } = decision;
    const entry: HistoryEntry = {
      id: context.newUuid(),
      orderId: id,
      at: at.now,
      actor: actorName(actor),
      action,
      reason,
      before: order.state.status,
      after: settled.order.state.status,
      received: tally(order, tipHeight).seen,
    };
    const stored = await saveSettled(context, tx, [settled], at);
    await tx.history.insert(entry);
    await recordAction(context, tx, actor, {
      action: `order.${action}`,
      subject: { kind: 'order', id },
      before: { status: entry.before },
      after: { status: entry.after },
    });
    return { decided: { order: settled.order, events: settled.events, entry, isRepeated: false }, callbacks: stored };
  });
  if (callbacks > 0) context.callbacksStored();
  context.ordersChanged([id]);
  return decided;
}
