/** Protects the forms of our pages from other sites (cross-site request forgery). */
import type { FastifyRequest } from 'fastify';
import { ContractError } from '../../contract/contract-error.ts';

/**
 * Refuses a form that another site submits. Browsers send the origin of a form (Fetch, "Sec-Fetch-Site"; RFC 6454). A client that sends
 * none is no browser, so no other site can have made it send the form.
 *
 * @throws ContractError 1012 when the form comes from another site.
 */
export function refuseOtherSites({ headers }: FastifyRequest, publicUrl: string): void {
  const site = headers['sec-fetch-site'];
  const isOurs = site === undefined ? isOwnOrigin(headers, publicUrl) : site === 'same-origin';
  if (!isOurs) throw new ContractError('1012', 'this form must be submitted from its own page');
}

function isOwnOrigin({ origin, host }: FastifyRequest['headers'], publicUrl: string): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  return from.host === host || from.origin === new URL(publicUrl).origin;
}
