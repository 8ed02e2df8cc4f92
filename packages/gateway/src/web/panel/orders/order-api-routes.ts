/** Orders in the panel's API. */
import { BLOCKCHAIN_STATUSES } from '@webpos/sdk/wire';
import { ContractError, validationError } from '../../../contract/contract-error.ts';
import { FieldReader } from '../../../http/field-reader.ts';
import type { OrderId, PosId } from '../../../kernel/ids.ts';
import type { Order } from '../../../orders/order.ts';
import { orderStatus } from '../../../orders/rules.ts';
import { addNote, MAX_NOTE_CHARACTERS, MAX_NOTES, NoteError } from '../../../services/orders/add-note.ts';
import { cancelOrderAs } from '../../../services/orders/cancel-order.ts';
import { decideManually, DecisionError, type ManualAction } from '../../../services/orders/decide-by-hand.ts';
import { noteJson, orderJson, orderSummary, refundRequestJson } from '../../../services/orders/order-json.ts';
import { searchOrders } from '../../../services/orders/search-orders.ts';
import { checkedOrders } from '../../../services/orders/shown-address.ts';
import { showOrder } from '../../../services/orders/show-order.ts';
import { visibleOrder } from '../../../services/orders/visible-orders.ts';
import type { ApiRequest, PanelRouter } from '../panel-router.ts';
import type { OrderPagesOptions } from './order-routes.ts';
import type * as Schemas from './order-schemas.ts';
import { readReason } from './read-reason.ts';

type Context = OrderPagesOptions['context'];

/** The library of schemas is loaded with them. */
const schemas = (): Promise<typeof Schemas> => import('./order-schemas.ts');

const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 200;
const MAX_TEXT = 300;

export function orderApiRoutes(panel: PanelRouter, { context }: OrderPagesOptions): void {
  panel.api('/orders', {
    GET: {
      permission: 'orders.read',
      schema: async () => (await schemas()).listOrders,
      handle: (request) => listOrders(context, request),
    },
  });
  panel.api('/orders/:order', {
    GET: {
      permission: 'orders.read',
      schema: async () => (await schemas()).showOrder,
      handle: async ({ viewer, params }) => {
        const shown = await showOrder(context, viewer, params['order'] ?? '');
        if (shown === undefined) throw missing();
        const { tipHeight, callbacks, history, notes, refundRequest } = shown;
        return {
          ...orderJson(shown, tipHeight, callbacks, history),
          notes: notes.map(noteJson),
          refund_requested: refundRequestJson(refundRequest),
        };
      },
    },
  });
  noteRoutes(panel, context);
  actionRoutes(panel, context);
}

async function listOrders(context: Context, { viewer, query }: ApiRequest): Promise<unknown> {
  const read = new FieldReader(query);
  const filters = {
    text: read.text('search', MAX_TEXT)?.trim() || undefined,
    posId: read.uuid<PosId>('pos'),
    blockchainStatus: read.oneOf('status', BLOCKCHAIN_STATUSES),
    needsAttention: read.oneOf('needs_attention', ['true', 'false']) === 'true',
    since: read.optionalTime('since'),
    until: read.optionalTime('until'),
    before: read.uuid<OrderId>('before'),
    after: read.uuid<OrderId>('after'),
    limit: read.integer('limit', DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE),
  };
  if (filters.before !== undefined && filters.after !== undefined) read.wrong('after', 'must not be given with before');
  read.throwIfWrong();
  const page = await searchOrders(context, viewer, filters);
  if (page === undefined)
    throw validationError({ [filters.before === undefined ? 'after' : 'before']: ['must be the UUID of an order'] });
  const { orders, tipHeight, older, newer, isCutOff } = page;
  return {
    orders: (await checkedOrders(context, orders)).map((checked) => orderSummary(checked, tipHeight)),
    older: older ?? null,
    newer: newer ?? null,
    is_cut_off: isCutOff,
  };
}

function noteRoutes(panel: PanelRouter, context: Context): void {
  panel.api('/orders/:order/notes', {
    GET: {
      permission: 'orders.read',
      schema: async () => (await schemas()).listNotes,
      handle: async (request) => {
        const { terms } = await orderOf(context, request);
        return { notes: (await context.store.notes.ofOrder(terms.id, MAX_NOTES)).map(noteJson) };
      },
    },
    POST: {
      permission: 'orders.note',
      schema: async () => (await schemas()).addNote,
      handle: async (request) => {
        const { terms } = await orderOf(context, request);
        const read = new FieldReader(request.body);
        const text = read.text('text', MAX_NOTE_CHARACTERS) ?? '';
        read.throwIfWrong();
        try {
          return noteJson(await addNote(context, request.viewer.actor, terms.id, text));
        } catch (error) {
          if (error instanceof NoteError && error.reason !== 'no_order') throw validationError({ text: [error.message] });
          throw error;
        }
      },
    },
  });
}

function actionRoutes(panel: PanelRouter, context: Context): void {
  panel.api('/orders/:order/cancel', {
    POST: {
      permission: 'orders.cancel',
      schema: async () => (await schemas()).cancelOrder,
      handle: async (request) => {
        const { terms } = await orderOf(context, request);
        await cancelOrderAs(context, request.viewer.actor, terms.id);
        return { uuid: terms.id, status: 'cancelled' };
      },
    },
  });
  const decide = (action: ManualAction): void =>
    panel.api(`/orders/:order/${action}`, {
      POST: {
        permission: 'orders.decide',
        reauthenticate: true,
        schema: async () => (await schemas())[action === 'settle' ? 'settleOrder' : 'refuseOrder'],
        handle: async (request) => {
          const { terms } = await orderOf(context, request);
          const { reason: given } = (request.body ?? {}) as { reason?: unknown };
          const reason = readReason(typeof given === 'string' ? given : undefined);
          if (reason === undefined) throw validationError({ reason: ['must be 1 to 300 characters in one line'] });
          try {
            const { order } = await decideManually(context, terms.id, { action, actor: request.viewer.actor, reason });
            return { uuid: terms.id, status: orderStatus(order) };
          } catch (error) {
            if (error instanceof DecisionError) throw new ContractError('3001', error.message, { cause: error });
            throw error;
          }
        },
      },
    });
  decide('settle');
  decide('refuse');
}

/** Returns the order in the path. @throws ContractError 3001 if it does not exist, or not for this viewer. */
async function orderOf(context: Context, { viewer, params }: ApiRequest): Promise<Order> {
  const order = await visibleOrder(context, viewer, params['order'] ?? '');
  if (order === undefined) throw missing();
  return order;
}

function missing(): ContractError {
  return new ContractError('3001', 'payment order not found');
}
