/** The stream on which the page of an order hears that something has changed. It ends with the session. */
import { networkOf } from '../../../http/limits/network-of.ts';
import { asOfNow } from '../../../services/orders/order-in-context.ts';
import { visibleOrder } from '../../../services/orders/visible-orders.ts';
import type { OrderReadContext } from '../../../services/context.ts';
import { orderVersion } from '../../shared/order-version.ts';
import type { OrderStreams } from '../../shared/order-streams.ts';
import type { SessionWatch } from '../live/session-watch.ts';
import type { PanelRouter } from '../panel-router.ts';

export interface OrderEventsOptions {
  readonly context: OrderReadContext;
  readonly streams: OrderStreams;
}

export function orderEventsRoute(panel: PanelRouter, { context, streams }: OrderEventsOptions, sessions: SessionWatch): void {
  panel.raw('/panel/orders/:order/events', 'orders.read', async ({ viewer, params }, request, reply) => {
    const order = await visibleOrder(context, viewer, params['order'] ?? '');
    if (order === undefined) return reply.code(404).send();
    const type = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no', 'cache-control': 'no-store' };
    // Without a body there is nothing to wait for.
    if (request.method === 'HEAD') return reply.code(200).headers(type).send();
    const address = networkOf(request.caller?.address ?? '');
    // No content ends an EventSource for good (HTML, 9.2.3): the page then asks by itself.
    if (!sessions.hasRoom || !streams.hasRoom(address)) return reply.code(204).header('retry-after', '60').send();
    const { id } = order.terms;
    const { tipHeight } = await asOfNow(context);
    const refunds = await context.store.refunds.ofOrders([id]);
    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(200, type);
    streams.add(id, raw, orderVersion({ order, tipHeight }, refunds), address);
    sessions.add(raw, async () => {
      const viewerNow = await panel.viewerOf(request);
      return (
        viewerNow !== undefined &&
        viewerNow.permissions.has('orders.read') &&
        (await visibleOrder(context, viewerNow, id)) !== undefined
      );
    });
    return reply;
  });
}
