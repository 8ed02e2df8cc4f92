/** Refuses compressed bodies with a clear error, because the server would read them as malformed JSON. */
import type { IncomingHttpHeaders } from 'node:http';
import { ContractError } from '../contract/contract-error.ts';

/** @throws ContractError 3012 (RFC 9110, 15.5.16). */
export function refuseEncodedBody(headers: IncomingHttpHeaders): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding.trim() === '' || encoding.trim().toLowerCase() === 'identity') return;
  if (headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0') return;
  throw new ContractError('3012', `Content-Encoding: expected none, got ${JSON.stringify(encoding.slice(0, 20))}`);
}
