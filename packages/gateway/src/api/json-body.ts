/** Parses JSON bodies more strictly than Fastify: UTF-8 only, and nested to a limit. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { ContractError } from '../contract/contract-error.ts';
import { isDeeperThan, MAX_JSON_DEPTH } from './json-depth.ts';

/** Also accepts an empty body, because the older clients send `application/json` on requests without one. */
export function parseJsonBodies(server: FastifyInstance): void {
  // Ignores unknown fields, including those that would reach a prototype.
  const parse = server.getDefaultJsonParser('remove', 'remove');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    // Invalid UTF-8 is refused (RFC 8259, 8.1): if it were replaced, a reference would come back as another one.
    if (typeof body === 'string' || !isUtf8(body)) return done(new ContractError('0001', 'the body is not UTF-8'));
    if (isDeeperThan(MAX_JSON_DEPTH, body))
      return done(new ContractError('0001', `the body is nested more than ${MAX_JSON_DEPTH} levels deep`));
    void parse(request, body.toString('utf8'), done);
  });
}
