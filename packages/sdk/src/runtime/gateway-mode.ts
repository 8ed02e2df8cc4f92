import type { AnswerHeaders } from '../http/fetch.ts';
import { requireOption } from '../checks/require-option.ts';

type Mode = 'live' | 'sandbox';

// This machine alone, whatever its resolver says.
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Refuses a gateway of the other mode, which says so at the login: bitcoin of a sandbox must not count as paid, nor a test cost real
 * bitcoin. The public platform does not say.
 *
 * @throws ConfigurationError that names `mode`.
 */
export function checkGatewayMode(mode: Mode, headers: AnswerHeaders): void {
  const theirs = headers.get('webpos-mode') ?? mode;
  requireOption(theirs === mode, 'mode', `${theirs}, as the gateway is`, mode);
}

/** Refuses to send a live secret over the network without TLS. @throws ConfigurationError that names `baseUrl`. */
export function checkLiveUrl(mode: Mode, { protocol, hostname }: URL): void {
  const isSafe = mode === 'sandbox' || protocol === 'https:' || LOOPBACK.test(hostname);
  requireOption(isSafe, 'baseUrl', 'https in live mode, except to this machine', 0, `http to ${hostname}`);
}
