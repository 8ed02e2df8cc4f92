/**
 * The metadata of the authorization server (RFC 8414), which generic OAuth 2 clients request before they log in. Without it, they expect
 * id tokens that are signed with RS256.
 */
import type { FastifyInstance } from 'fastify';
import { basePathOf } from '../../kernel/base-path.ts';
import type { LoginContext } from '../../services/merchants/login.ts';
import { apiRoute } from '../../http/api-route.ts';

const WELL_KNOWN = '/.well-known/oauth-authorization-server';
const MAX_AGE_S = 3600;

export function metadataRoutes(server: FastifyInstance, context: Pick<LoginContext, 'publicUrl'>): void {
  const methods: Parameters<typeof apiRoute>[2] = {
    GET: async (_request, reply) => {
      reply.header('cache-control', `public, max-age=${MAX_AGE_S}`);
      return metadata(context.publicUrl);
    },
  };
  apiRoute(server, WELL_KNOWN, methods);
  // RFC 8414, 3.1: if the issuer has a path, it follows the well-known part.
  apiRoute(server, `${WELL_KNOWN}/*`, {
    GET: (request, reply) => {
      const { '*': rest } = request.params as { '*': string };
      if (`/${rest}` !== basePathOf(context.publicUrl)) return reply.callNotFound();
      return methods.GET?.(request, reply);
    },
  });
}

function metadata(issuer: string): object {
  return {
    issuer,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: ['*'],
    response_types_supported: [],
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    id_token_signing_alg_values_supported: ['EdDSA'],
    service_documentation: `${issuer}/docs`,
  };
}
