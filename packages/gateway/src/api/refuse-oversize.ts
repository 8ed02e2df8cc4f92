import type { FastifyRequest } from 'fastify';
import { requestFault } from '../http/request-fault.ts';
import { ContractError } from '../contract/contract-error.ts';

/** A request that is too large: it has a status of its own, although the contract has only the code 0001 for it. */
export class OversizeError extends ContractError {
  readonly status: 414 | 431;

  constructor(status: 414 | 431, message: string) {
    super('0001', message);
    this.status = status;
  }
}

/** @throws OversizeError or ContractError 0001 when the request has a {@link requestFault}. */
export function refuseOversize({ raw }: FastifyRequest): void {
  const fault = requestFault(raw);
  if (fault === undefined) return;
  throw fault.status === 400 ? new ContractError('0001', fault.reason) : new OversizeError(fault.status, fault.reason);
}
