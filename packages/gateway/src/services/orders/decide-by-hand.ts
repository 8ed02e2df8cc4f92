/**
 * Settles or refuses an order by hand, and writes that into its history. It may be done in another process than the one that serves: the
 * callbacks are found by the loop that sends them, and the pages by `DecisionWatch`.
 */
import type { OrderId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { refuseManually, settleManually } from '../../orders/decide-by-hand.ts';
import type { Order } from '../../orders/order.ts';
import { type OrderEvent, tally } from '../../orders/rules.ts';
import type { HistoryEntry } from '../../store/ports/order-history-store.ts';
import type { OrderChangeContext } from '../context.ts';
import { saveSettled } from './save-settled.ts';

/** What can be decided by hand. */
export type ManualAction = HistoryEntry['action'];

/** The order cannot be settled or refused by hand. */
class DecisionError extends OperatorError {
  override readonly name = 'DecisionError';
}

export interface ManualDecision {
  readonly order: Order;
  /** Emitted by it. */
  readonly events: readonly OrderEvent[];
  /** The decision; the earlier one, where it was taken before and nothing had to be done. */
  readonly entry: HistoryEntry;
  readonly isRepeated: boolean;
}

/**
 * Taken again, a decision that still stands does nothing: an answer may have been lost.
 *
 * @param decision `actor`: by what it was taken, such as `command`. `reason`: in the merchant's own words.
 * @throws DecisionError when there is no such order, or it stands where this cannot be decided.
 */
export async function decideManually(
  context: OrderChangeContext,
  id: OrderId,
  { action, actor, reason }: Pick<HistoryEntry, 'action' | 'actor' | 'reason'>,
): Promise<ManualDecision> {
  const { decided, callbacks } = await context.store.transaction(async (tx) => {
    const order = await tx.orders.lock(id);
    if (order === undefined) throw new DecisionError(`no order with id ${id}`);
    const tipHeight = (await tx.chain.tip())?.height ?? 0;
    // Deadlines are the chain follower's to judge: none has come as far as this knows.
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
      actor,
      action,
      reason,
      before: order.state.status,
      after: settled.order.state.status,
      received: tally(order, tipHeight).seen,
    };
    const waiting = await saveSettled(context, tx, settled, at);
    await tx.history.insert(entry);
    return { decided: { order: settled.order, events: settled.events, entry, isRepeated: false }, callbacks: waiting };
  });
  if (callbacks > 0) context.callbacksStored();
  context.ordersChanged([id]);
  return decided;
}
