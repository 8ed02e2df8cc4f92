/**
 * One line for every request: its id, what was asked of which route, how it ended and how long it took. Never the path as it
 * came, the query, a header or the body, for any of these may hold what a log should not; an order's id is told when it is one.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isUuidV4 } from '../kernel/ids.ts';

/** What the routes need of a log. */
export interface ApiLog {
  error(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  debug?(fields: Record<string, unknown>, message: string): void;
}

/** How a request is named in the log. */
export function requestFields(request: FastifyRequest): Record<string, unknown> {
  const fields: Record<string, unknown> = { request: request.id, method: request.method, route: routeOf(request) };
  const [name, id] = subjectOf(request.params);
  if (name !== undefined) fields[name] = id;
  const pos = request.caller?.posId;
  if (pos !== undefined) fields['pos'] = pos;
  return fields;
}

/** The route's own path with names for its parameters, or null when none exists. */
export function routeOf(request: FastifyRequest): string | null {
  return request.routeOptions.url ?? null;
}

export function logAccess(log: ApiLog, request: FastifyRequest, reply: FastifyReply): void {
  const fields = requestFields(request);
  fields['status'] = reply.statusCode;
  fields['ms'] = Math.round(reply.elapsedTime);
  const route = routeOf(request);
  // Asked every few seconds by machines, and of no interest while all is well.
  if (route !== null && QUIET.test(route) && reply.statusCode < 500) log.debug?.(fields, 'request');
  else log.info(fields, 'request');
}

const QUIET = /^\/(?:healthz|readyz|metrics|assets\/.*)$/;

/** What the path names: a callback where its parameter is called so, else an order. */
function subjectOf(params: unknown): readonly ['order' | 'callback', string] | readonly [] {
  if (typeof params !== 'object' || params === null) return [];
  for (const [name, value] of Object.entries(params))
    if (typeof value === 'string' && isUuidV4(value)) return [name === 'callback' ? 'callback' : 'order', value];
  return [];
}
