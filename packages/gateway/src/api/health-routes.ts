/** `GET /healthz`: whether the process runs. `GET /readyz`: whether it follows the chain, and what is in the way. */
import type { FastifyInstance } from 'fastify';

export interface Health {
  readonly ready: boolean;
  readonly chain: {
    readonly source: string;
    readonly network: string;
    readonly height: number | null;
    /** When the chain was last read to its tip: ISO 8601. */
    readonly synced_at: string | null;
    /** Why the chain cannot be read now. */
    readonly trouble: string | null;
  };
}

export function healthRoutes(server: FastifyInstance, health: () => Health): void {
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const answer = health();
    return reply.code(answer.ready ? 200 : 503).send(answer);
  });
}
