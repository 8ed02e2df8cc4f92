import type { FastifyInstance } from 'fastify';
import { ContractError } from '../contract/contract-error.ts';
import type { ServingLock } from '../store/serving-lock.ts';

const RETRY_AFTER_S = 2;

/** Takes nothing new while another gateway may serve the same database: it would not watch what is made here. Reads go on. */
export function refuseWhileLockIsDoubtful(server: FastifyInstance, lock: Pick<ServingLock, 'trouble'>): void {
  server.addHook('onRequest', async ({ method }) => {
    if (lock.trouble === undefined || method === 'GET' || method === 'HEAD') return;
    throw new ContractError('4006', 'the gateway makes sure that no other serves its database', { retryAfterS: RETRY_AFTER_S });
  });
}
