import type { HttpModule, NodeAgent, TlsOptions } from './built-ins.ts';

/**
 * How long a connection may be idle. It may die meanwhile: a firewall drops it, the server closes it just as a request is sent,
 * the machine sleeps. So it is kept shorter than servers keep theirs (Node: 5 seconds), and a request that cannot be repeated
 * uses it only shortly after its last answer.
 */
const MAX_IDLE_MS = 4_000;
const MAX_IDLE_BEFORE_POST_MS = 1_000;

/** Makes an agent that closes connections that are idle for too long. */
export function keepAliveAgent({ Agent }: HttpModule, tlsOptions: TlsOptions): NodeAgent {
  return new Agent({ keepAlive: true, timeout: MAX_IDLE_MS, ...tlsOptions });
}

/**
 * Returns whether a connection has been idle for too long for a request. Measured by the clock, which continues while timers
 * sleep.
 */
export function isTooIdle(idleMs: number, mayRepeat: boolean): boolean {
  return idleMs > (mayRepeat ? MAX_IDLE_MS : MAX_IDLE_BEFORE_POST_MS);
}

/** Closes idle connections. */
export function closeIdle({ freeSockets = {} }: NodeAgent): void {
  for (const sockets of Object.values(freeSockets)) sockets?.forEach((socket) => socket.destroy());
}
