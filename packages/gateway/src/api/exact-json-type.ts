/**
 * `Content-Type: application/json` to the letter, as the contract has it: the Java client looks the name up as it is written and compares
 * the value whole. Fastify writes names in lower case and adds a charset.
 */
import type { FastifyReply } from 'fastify';

const EXACT = 'application/json';

export function writeExactJsonType(reply: FastifyReply): void {
  const type = reply.getHeader('content-type');
  if (type !== EXACT && type !== `${EXACT}; charset=utf-8`) return;
  reply.removeHeader('content-type');
  reply.raw.setHeader('Content-Type', EXACT);
}

/** The same for JSON of an answer that no hook will see. A serializer of its own keeps Fastify from adding a charset. */
export function withoutHooks(reply: FastifyReply): void {
  reply.serializer(JSON.stringify).raw.setHeader('Content-Type', EXACT);
}
