/** The forms of our pages are for our pages alone: what another site posts is not ours. */
import type { FastifyRequest } from 'fastify';
import { ContractError } from '../../contract/contract-error.ts';

/**
 * A browser says where a form comes from (Fetch, "Sec-Fetch-Site"; RFC 6454). A program that says nothing is no browser, and
 * so nobody whom another site could have sent.
 *
 * @throws ContractError 1012 when it comes from another site.
 */
export function refuseOtherSites({ headers }: FastifyRequest, publicUrl: string): void {
  const site = headers['sec-fetch-site'];
  const isOurs = site === undefined ? isOwnOrigin(headers, publicUrl) : site === 'same-origin';
  if (!isOurs) throw new ContractError('1012', 'this form is for its own page alone');
}

function isOwnOrigin({ origin, host }: FastifyRequest['headers'], publicUrl: string): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  return from.host === host || from.origin === new URL(publicUrl).origin;
}
