import type { AnswerHeaders } from '../http/fetch.ts';
import { requireOption } from '../checks/require-option.ts';

type Mode = 'live' | 'sandbox';

/**
 * Refuses a gateway of the other mode, which it states at the login: bitcoin of a sandbox must not count as paid, and a test must
 * not cost real bitcoin. The public platform does not state its mode.
 *
 * @throws ConfigurationError naming `mode`.
 */
export function checkGatewayMode(mode: Mode, headers: AnswerHeaders): void {
  const theirs = headers.get('webpos-mode') ?? mode;
  requireOption(theirs === mode, 'mode', `${theirs}, the gateway's mode`, mode);
}

/** Refuses to send a live secret over the network without TLS. @throws ConfigurationError naming `baseUrl`. */
export function checkLiveUrl(mode: Mode, { protocol, hostname }: URL): void {
  // By name and address, without the resolver.
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  const isSafe = mode === 'sandbox' || protocol === 'https:' || isLoopback;
  requireOption(isSafe, 'baseUrl', 'https in live mode, except to this machine', 0, `http to ${hostname}`);
}
