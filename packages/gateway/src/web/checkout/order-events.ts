/** The stream on which a checkout page hears that its order has changed. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { networkOf } from '../../http/limits/network-of.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import { findOrder, type OrderShowContext } from '../../services/orders/read-order.ts';
import { orderVersion } from '../shared/order-version.ts';
import type { OrderStreams } from '../shared/order-streams.ts';

interface OrderEventsOptions {
  readonly context: OrderShowContext & { readonly store: Pick<StoreReads, 'refunds'> };
  readonly streams: OrderStreams;
  readonly notFound: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

export async function orderEvents(
  { context, streams, notFound }: OrderEventsOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const found = await findOrder(context, (request.params as { id: string }).id);
  if (found === undefined) return notFound(request, reply);
  const type = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
  // Without a body there is nothing to wait for.
  if (request.method === 'HEAD') return reply.code(200).headers(type).send();
  // No content ends an EventSource for good (HTML, 9.2.3): the page then asks by itself.
  const address = networkOf(request.caller?.address ?? '');
  if (!streams.hasRoom(address)) return reply.code(204).header('retry-after', '60').send();
  const { id } = found.order.terms;
  const refunds = await context.store.refunds.ofOrders([id]);
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  // Some proxies would hold the words back until there are more of them.
  raw.writeHead(200, type);
  streams.add(id, raw, orderVersion(found, refunds), address);
  return reply;
}
