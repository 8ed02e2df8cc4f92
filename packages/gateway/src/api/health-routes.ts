/**
 * `GET /healthz`: whether the process runs. `GET /readyz`: whether the gateway is ready. Both are public. The details, and
 * `GET /metrics`, are for operators: on the operations port (`ops/ops-server.ts`), or here with a token.
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
    /** When the chain was last read to its tip, in ISO 8601. */
    readonly synced_at: string | null;
    /** Why the chain cannot be read or payments cannot be seen; null if they can. */
    readonly trouble: string | null;
    /** Conditions that may hide payments from the node. */
    readonly concerns: readonly { readonly kind: string; readonly says: string }[];
    /** Progress while missed blocks are read: `read` of `of` blocks, `fetched` of them from peers because the node had pruned them. */
    readonly reading: { readonly read: number; readonly of: number; readonly fetched: number } | null;
  };
  readonly store?: {
    /** Why the database does not answer; null if it does. */
    readonly trouble: string | null;
  };
  readonly seals?: {
    /** How many rows that decide where money goes are known to be not authentic; what they lead to is not sold. */
    readonly broken: number;
  };
  /** True once the gateway has been asked to stop. */
  readonly stopping?: boolean;
}

export interface HealthOptions {
  readonly health: () => Health | Promise<Health>;
  /** The token that grants access to the details; undefined if nobody has access on this port. */
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
