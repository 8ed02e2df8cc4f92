/** `GET /.well-known/jwks.json`: the public key of id tokens, for anyone who wants to verify one (RFC 7517, 5). */
import type { FastifyInstance } from 'fastify';
import type { LoginContext } from '../../services/merchants/login.ts';

/** The key changes only with the key file; a verifier that meets a `kid` that it does not know asks again. */
const MAX_AGE_S = 3600;

export function jwksRoutes(server: FastifyInstance, { idTokenJwk }: Pick<LoginContext, 'idTokenJwk'>): void {
  // As bytes: to text Fastify would add a charset, which JSON has none of (RFC 8259, 11).
  const body = Buffer.from(JSON.stringify({ keys: [idTokenJwk] }));
  server.get('/.well-known/jwks.json', async (_request, reply) => {
    reply.header('cache-control', `public, max-age=${MAX_AGE_S}`);
    reply.header('content-type', 'application/jwk-set+json');
    return body;
  });
}
