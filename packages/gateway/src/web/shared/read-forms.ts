import type { FastifyInstance } from 'fastify';
import { refuseOtherSites } from './refuse-other-sites.ts';

/** Lets the routes of a scope read the bodies of forms, as a record of their fields. */
export function readForms(scope: FastifyInstance, limit: { readonly bodyLimit?: number } = {}): void {
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', ...limit }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
}

/**
 * Lets the routes of a scope read forms of our own pages only. A body of another type counts as an empty form.
 *
 * @param context Its URL is read by each request, because it is not known before the server listens.
 */
export function readOwnForms(scope: FastifyInstance, context: { readonly publicUrl: string }, bodyLimit: number): void {
  scope.removeAllContentTypeParsers();
  readForms(scope, { bodyLimit });
  scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (_request, _body, done) => done(null, {}));
  // Before the body is read.
  scope.addHook('onRequest', async (request) => refuseOtherSites(request, context.publicUrl));
}
