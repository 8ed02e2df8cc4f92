import { OperatorError } from '../../kernel/operator-error.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { lines } from '../support/lines.ts';
import { withBase } from '../support/with-base.ts';
import { MAX_NOTES } from '../../services/orders/add-note.ts';
import { noteJson, orderJson, refundRequestJson } from '../../services/orders/order-json.ts';
import { checkedOrders } from '../../services/orders/shown-address.ts';
import { checkedRefundsOf } from '../../services/seals/checked-refund.ts';
import { requestOfBuyer } from '../../refunds/request-of-buyer.ts';

const NOT_AUTHENTIC = 'not shown: it was changed outside WebPOS; see docs/security.md';

/** `webpos order show`: shows everything that is stored about an order. */
export const orderShow: Command = defineCommand({
  name: 'order show',
  summary: 'Show the terms, payments, events and history of an order',
  usage: 'UUID',
  argument: { name: 'UUID', text: 'order to show' },
  options: {},
  example: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f',
  run: async (world, config, options) => {
    const id = options.argument<OrderId>('an order');
    const shown = await withBase(world, config, async ({ store, guard }) => {
      const order = await store.orders.get(id);
      if (order === undefined) throw new OperatorError(`no order with id ${id}`);
      const tip = await store.chain.tip();
      const context = { store, guard: await guard() };
      const [checked = { order, address: null }] = await checkedOrders(context, [order]);
      const refunds = await checkedRefundsOf(context, id);
      const request = requestOfBuyer(refunds, await store.refundRequests.ofOrder(id));
      const shownOrder = orderJson(
        checked,
        tip?.height ?? 0,
        await store.callbacks.listedOfOrder(id),
        await store.history.ofOrder(id),
      );
      return {
        ...shownOrder,
        notes: (await store.notes.ofOrder(id, MAX_NOTES)).map(noteJson),
        refund_requested: refundRequestJson(request),
      };
    });
    world.out(options.json ? JSON.stringify(shown) : lines({ ...shown, address: shown.address ?? NOT_AUTHENTIC }));
  },
});
