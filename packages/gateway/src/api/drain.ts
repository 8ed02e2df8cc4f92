/**
 * Shuts the server down gracefully: it accepts no more connections, answers every request that has arrived, and sends
 * `Connection: close` with each response.
 *
 * A request may already be on its way on an idle connection, so idle connections are closed a second later, and not at once, as Node
 * would. Connections that are still open after `timeoutMs` are cut.
 */
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const IDLE_LINGER_MS = 1_000;
const CHECK_INTERVAL_MS = 50;

/** Resolves when no connection is open. A server that does not listen has none. */
export async function drain(server: Server, timeoutMs: number): Promise<void> {
  if (!server.listening) return;
  const ended = new Promise<true>((resolve) => {
    // The close of Node's HTTP server would end idle connections at once and stop checking for slow ones; that of net.Server does neither.
    NetServer.prototype.close.call(server, () => resolve(true));
  });
  const startedAt = performance.now();
  while (!(await Promise.race([ended, sleep(CHECK_INTERVAL_MS, false)]))) {
    const waitedMs = performance.now() - startedAt;
    if (waitedMs >= timeoutMs) server.closeAllConnections();
    else if (waitedMs >= Math.min(IDLE_LINGER_MS, timeoutMs / 2)) server.closeIdleConnections();
  }
}
