/** `POST /token`: OAuth 2, client credentials (RFC 6749, 4.4). */
import type { FastifyInstance } from 'fastify';
import { ContractError } from '../../contract/contract-error.ts';
import { VerifiedSecrets } from '../../services/merchants/verified-secrets.ts';
import { login, type Credentials, type LoginContext } from '../../services/merchants/login.ts';
import { apiRoute } from '../../http/api-route.ts';
import { refuseGuesses } from '../../http/limits/caller.ts';

export function tokenRoutes(server: FastifyInstance, context: LoginContext, mode: 'sandbox' | 'live'): void {
  const known = new VerifiedSecrets();
  apiRoute(server, '/token', {
    POST: async (request, reply) => {
      const credentials = basicCredentials(request.headers.authorization);
      const { grant_type: grantType, scope } = fields(request.body);
      if (grantType !== 'client_credentials') throw new ContractError('1002', 'grant_type: expected client_credentials');
      if (scope !== undefined && scope !== '*') throw new ContractError('1013', 'scope: expected *');
      if (request.caller !== undefined) request.caller.claimedClientId = credentials.clientId;
      const proof = `${credentials.clientId}:${credentials.secret}`;
      if (!known.has(proof)) refuseGuesses(request);
      const answer = await login(context, credentials);
      known.add(proof);
      request.caller?.limits?.client(credentials.clientId);
      reply.header('cache-control', 'no-store');
      // An extension: it tells a client before its first creation that creations can be retried safely (docs/adr/0006).
      reply.header('idempotency-key-honoured', 'true');
      // An extension: a client of the other mode refuses this gateway, so that sandbox payments never count as real.
      reply.header('webpos-mode', mode);
      return answer;
    },
  });
}

/** @throws ContractError 3007 when the header is missing or cannot be read. */
function basicCredentials(header: string | undefined): Credentials {
  const [, encoded] = /^basic +([A-Za-z0-9+/_=-]+) *$/i.exec(header ?? '') ?? [];
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  // RFC 7617, 2: neither part may contain control characters. PostgreSQL cannot even query for U+0000.
  if (colon === -1 || /\p{Cc}/u.test(text))
    throw new ContractError('3007', 'Authorization: expected Basic with client id and secret');
  return { clientId: text.slice(0, colon), secret: text.slice(colon + 1) };
}

function fields(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
