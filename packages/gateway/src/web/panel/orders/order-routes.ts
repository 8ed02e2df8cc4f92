/** The pages of orders, and what can be done there. */
import { renderOrderPage, renderOrderReceiptPage, renderOrdersPage, type OrderNote } from '@webpos/web';
import { ContractError } from '../../../contract/contract-error.ts';
import { isUuidV4, type CallbackId } from '../../../kernel/ids.ts';
import type { Order } from '../../../orders/order.ts';
import type { AuditContext } from '../../../services/audit/audit-log.ts';
import { NoCallbackError } from '../../../services/callbacks/callback-log.ts';
import { RedeliveryError } from '../../../services/callbacks/redeliver-callback.ts';
import type { GuardedContext, OrderChangeContext } from '../../../services/context.ts';
import { addNote, NoteError } from '../../../services/orders/add-note.ts';
import { cancelOrderAs } from '../../../services/orders/cancel-order.ts';
import { decideManually, DecisionError, type ManualAction } from '../../../services/orders/decide-by-hand.ts';
import { redeliverOfOrder } from '../../../services/orders/redeliver-of-order.ts';
import { visibleOrder } from '../../../services/orders/visible-orders.ts';
import type { Permission } from '../../../people/role.ts';
import type { FormOptions, FormRequest, PanelRouter } from '../panel-router.ts';
import { ordersView, type OrderListOptions } from './order-list-view.ts';
import { orderView, receiptView } from './order-view.ts';
import { readReason } from './read-reason.ts';

export interface OrderPagesOptions extends OrderListOptions {
  readonly context: OrderListOptions['context'] & OrderChangeContext & AuditContext & GuardedContext;
}

export function orderRoutes(panel: PanelRouter, options: OrderPagesOptions): void {
  const { context } = options;
  panel.page('/panel/orders', 'orders.read', async (page) => renderOrdersPage(await ordersView(options, page)));
  panel.page('/panel/orders/:order', 'orders.read', async (page) => {
    const view = await orderView(context, page);
    return view && renderOrderPage(view);
  });
  panel.page('/panel/orders/:order/receipt', 'orders.read', async (page) => {
    const view = await receiptView(context, page);
    return view && renderOrderReceiptPage(view);
  });
  const form = orderForm(panel, context);
  stateForms(form, options);
  noteAndCallbackForms(form, options);
}

type Act = (order: Order, request: FormRequest) => Promise<OrderNote | undefined>;
type OrderForm = (name: string, permission: Permission, act: Act, options?: FormOptions) => void;

/** Registers forms of the page of an order. What the viewer does not see is not found. */
function orderForm(panel: PanelRouter, context: OrderPagesOptions['context']): OrderForm {
  return (name, permission, act, options) =>
    panel.form(
      `/panel/orders/:order/${name}`,
      permission,
      async (request) => {
        const order = await visibleOrder(context, request.viewer, request.params['order'] ?? '');
        const note = order && (await act(order, request));
        return order && note && `/panel/orders/${order.terms.id}?note=${note}`;
      },
      { staleTo: '/panel/orders', ...options },
    );
}

function stateForms(form: OrderForm, { context }: OrderPagesOptions): void {
  form('cancel', 'orders.cancel', async ({ terms }, { viewer }) => {
    try {
      await cancelOrderAs(context, viewer.actor, terms.id);
      return 'cancelled';
    } catch (error) {
      if (error instanceof ContractError) return 'not_possible';
      throw error;
    }
  });
  const decide = (action: ManualAction, done: OrderNote): void =>
    form(
      action,
      'orders.decide',
      async ({ terms }, { viewer, fields }) => {
        const reason = readReason(fields['reason']);
        if (reason === undefined) return 'reason_invalid';
        try {
          await decideManually(context, terms.id, { action, actor: viewer.actor, reason });
          return done;
        } catch (error) {
          if (error instanceof DecisionError) return 'not_possible';
          throw error;
        }
      },
      { reauthenticate: true },
    );
  decide('settle', 'settled');
  decide('refuse', 'refused');
}

function noteAndCallbackForms(form: OrderForm, { context }: OrderPagesOptions): void {
  form('notes', 'orders.note', async ({ terms }, { viewer, fields }) => {
    try {
      await addNote(context, viewer.actor, terms.id, fields['text'] ?? '');
      return 'noted';
    } catch (error) {
      if (error instanceof NoteError) return error.reason === 'no_order' ? undefined : 'note_invalid';
      throw error;
    }
  });
  form('redeliver', 'callbacks.redeliver', async ({ terms }, { viewer, fields }) => {
    const { callback = '' } = fields;
    if (!isUuidV4(callback)) return undefined;
    try {
      await redeliverOfOrder(context, viewer.actor, terms.id, callback as CallbackId);
      return 'due';
    } catch (error) {
      if (error instanceof RedeliveryError) return error.reason === 'busy' ? 'busy' : 'not_possible';
      if (error instanceof NoCallbackError) return undefined;
      throw error;
    }
  });
}
