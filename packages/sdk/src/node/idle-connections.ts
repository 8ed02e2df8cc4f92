import type { HttpModule, NodeAgent, TlsOptions } from './built-ins.ts';

/**
 * A connection may go dark while nobody uses it: a firewall forgets it, a server closes it just when a request sets out, the machine
 * sleeps. So it is kept no longer than servers keep theirs (Node: 5 seconds), and what could not be sent again goes only where an
 * answer came a moment ago.
 */
const MAX_IDLE_MS = 4_000;
const MAX_IDLE_BEFORE_POST_MS = 1_000;

/** Makes an agent that closes a connection once it has been idle for too long. */
export function keepAliveAgent({ Agent }: HttpModule, tlsOptions: TlsOptions): NodeAgent {
  return new Agent({ keepAlive: true, timeout: MAX_IDLE_MS, ...tlsOptions });
}

/** Whether a request is not to go out on a connection that has been idle for so long by the clock, which goes on while timers sleep. */
export function isTooIdle(idleMs: number, mayRepeat: boolean): boolean {
  return idleMs > (mayRepeat ? MAX_IDLE_MS : MAX_IDLE_BEFORE_POST_MS);
}

/** Closes the connections that wait for a request. */
export function closeIdle({ freeSockets = {} }: NodeAgent): void {
  for (const sockets of Object.values(freeSockets)) sockets?.forEach((socket) => socket.destroy());
}
