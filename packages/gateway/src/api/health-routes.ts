/**
 * `GET /healthz`: whether the process runs. `GET /readyz`: whether it can do its work now. Anyone may ask; what is in the way,
 * and `GET /metrics`, is for those who run the gateway: on a port of their own (`ops/ops-server.ts`), or here with a token.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../ops/metrics.ts';
import { ContractError } from '../contract/contract-error.ts';

export interface Health {
  readonly ready: boolean;
  readonly chain: {
    readonly source: string;
    readonly network: string;
    readonly height: number | null;
    /** When the chain was last read to its tip: ISO 8601. */
    readonly synced_at: string | null;
    /** Why the chain cannot be read now, or payments cannot be seen. */
    readonly trouble: string | null;
    /** What may hide payments from the node, by its kind. */
    readonly concerns: readonly { readonly kind: string; readonly says: string }[];
    /** While blocks are read that came meanwhile: how many of how many, and how many of these the node had pruned. */
    readonly reading: { readonly read: number; readonly of: number; readonly fetched: number } | null;
  };
  readonly store?: {
    /** Why the database does not answer. */
    readonly trouble: string | null;
  };
  /** True once the gateway has been asked to stop. */
  readonly stopping?: boolean;
}

export interface HealthOptions {
  readonly health: () => Health | Promise<Health>;
  /** Who has it may see everything; undefined: nobody may, here. */
  readonly opsToken?: string | undefined;
  readonly metrics?: Pick<Metrics, 'text' | 'contentType'> | undefined;
}

export function healthRoutes(server: FastifyInstance, { health, opsToken, metrics }: HealthOptions): void {
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (request, reply) => {
    const answer = await health();
    const isOperator = opsToken !== undefined && holds(request.headers.authorization, opsToken);
    return reply.code(answer.ready ? 200 : 503).send(isOperator ? answer : { ready: answer.ready });
  });
  if (opsToken === undefined || metrics === undefined) return;
  server.get('/metrics', async (request, reply) => {
    if (!holds(request.headers.authorization, opsToken))
      throw new ContractError('1007', 'Authorization: expected Bearer with the token of WEBPOS_OPS_TOKEN');
    return reply.header('content-type', metrics.contentType).send(await metrics.text());
  });
}

function holds(header: string | undefined, token: string): boolean {
  const [, given = ''] = /^bearer +(\S+) *$/i.exec(header ?? '') ?? [];
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}
