/** What a request may not be, whatever it asks for: without a host, with too long a URL, with too many headers. */
import type { FastifyRequest } from 'fastify';
import { ContractError } from '../services/contract-error.ts';
import { MOST_HEADERS } from './http-server.ts';

const LONGEST_URL = 4_096;

/** A request of this size has a status of its own, though the contract knows but one code for it. */
export class OversizeError extends ContractError {
  readonly status: 414 | 431;

  constructor(status: 414 | 431, message: string) {
    super('0001', message);
    this.status = status;
  }
}

/** @throws OversizeError or ContractError 0001. */
export function refuseOversize({ raw, headers }: FastifyRequest): void {
  if ((raw.url ?? '').length > LONGEST_URL) throw new OversizeError(414, `the URL is longer than ${LONGEST_URL} bytes`);
  if (raw.rawHeaders.length / 2 > MOST_HEADERS) throw new OversizeError(431, `there are more than ${MOST_HEADERS} headers`);
  // RFC 9112, 3.2.
  if (raw.httpVersion === '1.1' && headers.host === undefined) throw new ContractError('0001', 'the request has no Host header');
}
