/** The stream on which a checkout page hears that its order has changed. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceContext } from '../services/context.ts';
import { findOrder } from '../services/read-order.ts';
import { orderVersion } from './checkout-view.ts';
import type { OrderStreams } from './order-streams.ts';

interface OrderEventsOptions {
  readonly context: ServiceContext;
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
  // No content ends an EventSource for good (HTML, 9.2.3): the page then asks by itself.
  if (!streams.hasRoom) return reply.code(204).header('retry-after', '60').send();
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  // Some proxies would hold the words back until there are more of them.
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  streams.add(found.order.terms.id, raw, orderVersion(found));
  return reply;
}
