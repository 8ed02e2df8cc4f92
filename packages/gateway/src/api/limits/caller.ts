/** What is known of who asks, on every request: where it comes from, and, once that is proved, which client it is. */
import type { FastifyRequest } from 'fastify';
import type { RequestLimits } from './request-limits.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined until the server has met the request. */
    caller: Caller | undefined;
  }
}

export interface Caller {
  readonly address: string;
  readonly limits: RequestLimits | undefined;
  /** The client id that a login came with; its secret may yet be wrong. */
  claimedClientId?: string;
  /** The POS, once its token has been found good. */
  posId?: string;
}

/**
 * Notes that a client has proved who it is.
 *
 * @throws ContractError 2000 when it asks too often.
 */
export function recognise(request: FastifyRequest, posId: string): void {
  if (request.caller === undefined) return;
  request.caller.posId = posId;
  request.caller.limits?.client(posId);
}
