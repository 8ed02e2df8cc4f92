/** What is known about the sender of a request: its address and, once authenticated, the client. */
import type { FastifyRequest } from 'fastify';
import type { RequestLimits } from './request-limits.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined until the server has seen the request. */
    caller: Caller | undefined;
  }
}

export interface Caller {
  readonly address: string;
  readonly limits: RequestLimits | undefined;
  /** The client id of a login attempt, whose secret may still be wrong. */
  claimedClientId?: string;
  /** The POS, once its token has been verified. */
  posId?: string;
}

/**
 * Records that a client is authenticated.
 *
 * @throws ContractError 2000 when it exceeds its rate limit.
 */
export function recognise(request: FastifyRequest, posId: string): void {
  if (request.caller === undefined) return;
  request.caller.posId = posId;
  request.caller.limits?.client(posId);
}

/** Returns a function that counts the orders that a page of a list passes, by the rate of the client. */
export function orderPasser({ caller }: FastifyRequest): (orders: number) => void {
  let passed = 0;
  return (orders) => {
    if (caller?.posId === undefined) return;
    caller.limits?.passOrders(caller.posId, orders, passed);
    passed += orders;
  };
}

/**
 * Called before a possible guess is looked up.
 *
 * @throws ContractError 2000 while too many requests of the address, or logins of the claimed client, have been refused.
 */
export function refuseGuesses({ caller }: FastifyRequest): void {
  caller?.limits?.guess(caller.address, caller.claimedClientId);
}
