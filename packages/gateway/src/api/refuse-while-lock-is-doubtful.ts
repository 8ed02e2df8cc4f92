import type { FastifyInstance } from 'fastify';
import { ContractError } from '../contract/contract-error.ts';
import type { ServingLock } from '../store/serving-lock.ts';

const RETRY_AFTER_S = 2;

/** Refuses writes while another gateway may serve the same database, because it would not watch orders that are created here. */
export function refuseWhileLockIsDoubtful(server: FastifyInstance, lock: Pick<ServingLock, 'trouble'>): void {
  // With a callback, because an async hook costs every request several promises.
  server.addHook('onRequest', ({ method }, _reply, done) => {
    if (lock.trouble === undefined || method === 'GET' || method === 'HEAD') return done();
    done(
      new ContractError('4006', 'the gateway is checking that no other one serves its database', {
        retryAfterS: RETRY_AFTER_S,
      }),
    );
  });
}
