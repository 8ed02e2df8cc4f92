/**
 * Writes `Content-Type: application/json` in exactly this form, as the contract requires: the Java client looks the name up with these
 * capitals and compares the whole value. Fastify writes names in lower case and adds a charset.
 */
import type { FastifyReply } from 'fastify';

const EXACT = 'application/json';

export function writeExactJsonType(reply: FastifyReply): void {
  const type = reply.getHeader('content-type');
  if (type !== EXACT && type !== `${EXACT}; charset=utf-8`) return;
  reply.removeHeader('content-type');
  reply.raw.setHeader('Content-Type', EXACT);
}

/** Does the same for a response that no hook sees. Its own serializer keeps Fastify from adding a charset. */
export function withoutHooks(reply: FastifyReply): void {
  reply.serializer(JSON.stringify).raw.setHeader('Content-Type', EXACT);
}
