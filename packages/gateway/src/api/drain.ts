/**
 * How the server stops: no connection is accepted any more, every request that has arrived is answered, and anyone who keeps a
 * connection open is told by `Connection: close` that it was the last.
 *
 * A connection that is idle at that moment may carry a request that is already on its way; it is therefore not closed at once,
 * as Node would do, but a second later. What has not come to its end after `timeoutMs` is cut off.
 */
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const IDLE_LINGER_MS = 1_000;
const LOOK_EVERY_MS = 50;

/** Settles when no connection is open any more. A server that does not listen has none. */
export async function drain(server: Server, timeoutMs: number): Promise<void> {
  if (!server.listening) return;
  const ended = new Promise<true>((resolve) => {
    // Node's HTTP server would end idle connections right here, and no longer look for slow ones; the plain one does neither.
    NetServer.prototype.close.call(server, () => resolve(true));
  });
  const startedAt = performance.now();
  while (!(await Promise.race([ended, sleep(LOOK_EVERY_MS, false)]))) {
    const waitedMs = performance.now() - startedAt;
    if (waitedMs >= timeoutMs) server.closeAllConnections();
    else if (waitedMs >= Math.min(IDLE_LINGER_MS, timeoutMs / 2)) server.closeIdleConnections();
  }
}
