/** `GET /.well-known/jwks.json`: the public key that verifies id tokens (RFC 7517, 5). */
import type { FastifyInstance } from 'fastify';
import type { LoginContext } from '../../services/merchants/login.ts';

/** The key changes only with the key file. A verifier that finds an unknown `kid` requests the key again. */
const MAX_AGE_S = 3600;

export function jwksRoutes(server: FastifyInstance, { idTokenJwk }: Pick<LoginContext, 'idTokenJwk'>): void {
  // As bytes, because Fastify would add a charset to a text, which JSON does not have (RFC 8259, 11).
  const body = Buffer.from(JSON.stringify({ keys: [idTokenJwk] }));
  server.get('/.well-known/jwks.json', async (_request, reply) => {
    reply.header('cache-control', `public, max-age=${MAX_AGE_S}`);
    reply.header('content-type', 'application/jwk-set+json');
    return body;
  });
}
