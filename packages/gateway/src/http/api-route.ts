/** What all API paths have in common: the version, the response type, and the allowed methods. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { ContractError, validationError } from '../contract/contract-error.ts';

/** Returns synchronously where possible, because a promise has a cost. */
export type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;
export type Methods = Partial<Record<'GET' | 'POST' | 'DELETE' | 'PATCH', Handler>>;

const ALL_METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

/**
 * Registers a path. Methods that it does not support get 405 with the list of those that it does, and OPTIONS gets the same list
 * with 204 (RFC 9110, 9.3.7). CORS headers are never sent: a web page that called the API would hold the shop's secret or its
 * token, and neither belongs in a browser.
 */
export function apiRoute(server: FastifyInstance, path: string, methods: Methods): void {
  const taken = new Set<string>(Object.keys(methods));
  if (taken.has('GET')) taken.add('HEAD');
  const allow = [...taken.add('OPTIONS')].sort();
  server.route({
    method: 'OPTIONS',
    url: path,
    handler: async (_request, reply) => reply.code(204).header('allow', allow.join(', ')).send(),
  });
  for (const [method, handler] of Object.entries(methods)) {
    server.route({ method, url: path, preHandler: checkHeaders, handler });
  }
  const others = ALL_METHODS.filter((method) => !taken.has(method));
  server.route({
    method: others,
    url: path,
    // Before the body is read, because it no longer matters.
    onRequest: async (request) => {
      throw new ContractError('3003', `method ${request.method} is not allowed here (allowed: ${allow.join(', ')})`, { allow });
    },
    handler: async () => undefined,
  });
}

function checkHeaders(request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void {
  done(headerFault(request));
}

function headerFault(request: FastifyRequest): ContractError | undefined {
  const version = request.headers['x-api-version'];
  // One published client requests v2 and expects version 1 objects.
  if (version !== undefined && version !== 'v1' && version !== 'v2') {
    return validationError({ 'X-Api-Version': [`must be v1, got ${JSON.stringify(String(version).slice(0, 20))}`] });
  }
  if (acceptsJson(request.headers.accept)) return undefined;
  return new ContractError('3013', 'Accept: expected a type that includes application/json');
}

function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept === 'application/json' || accept.trim() === '') return true;
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const refused = parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
    return !refused && (type === '*/*' || type === 'application/*' || type === 'application/json');
  });
}
