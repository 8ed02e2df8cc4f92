/**
 * Logs a line for every request: its id, method, route, status and duration. The path, the query, headers and the body are never logged,
 * because any of them may contain secrets; an id in the path is logged only if it is a UUID.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isUuidV4 } from '../kernel/ids.ts';

/** The log that the routes use. */
export interface ApiLog {
  error(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  debug?(fields: Record<string, unknown>, message: string): void;
}

/** Returns the fields that identify a request in the log. */
export function requestFields(request: FastifyRequest): Record<string, unknown> {
  const fields: Record<string, unknown> = { request: request.id, method: request.method, route: routeOf(request) };
  const [name, id] = subjectOf(request.params);
  if (name !== undefined) fields[name] = id;
  const pos = request.caller?.posId;
  if (pos !== undefined) fields['pos'] = pos;
  return fields;
}

/** Returns the route's path with parameter names; null if no route matched. */
export function routeOf(request: FastifyRequest): string | null {
  return request.routeOptions.url ?? null;
}

export function logAccess(log: ApiLog, request: FastifyRequest, reply: FastifyReply): void {
  const fields = requestFields(request);
  fields['status'] = reply.statusCode;
  fields['ms'] = Math.round(reply.elapsedTime);
  const route = routeOf(request);
  // Requested every few seconds by machines, and uninteresting unless it fails.
  if (route !== null && QUIET.test(route) && reply.statusCode < 500) log.debug?.(fields, 'request');
  else log.info(fields, 'request');
}

const QUIET = /^\/(?:healthz|readyz|metrics|assets\/.*)$/;

/** Returns what the UUID in the path identifies: a callback if its parameter has that name, and an order otherwise. */
function subjectOf(params: unknown): readonly ['order' | 'callback', string] | readonly [] {
  if (typeof params !== 'object' || params === null) return [];
  for (const [name, value] of Object.entries(params))
    if (typeof value === 'string' && isUuidV4(value)) return [name === 'callback' ? 'callback' : 'order', value];
  return [];
}
