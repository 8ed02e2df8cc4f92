import { setTimeout as sleep } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import type pg from 'pg';

const CLOSE_MS = 1_000;

/** Closes a connection after the statements that it has sent, but does not wait long for a server that no longer answers. */
export async function closeClient(client: pg.Client): Promise<void> {
  const waiting = new AbortController();
  const inTime = await Promise.race([
    client.end().then(
      () => true,
      () => false,
    ),
    sleep(CLOSE_MS, false, { signal: waiting.signal }).catch(() => false),
  ]);
  waiting.abort();
  if (!inTime) destroyClient(client);
}

/** Ends a connection at once. Its statements fail, and what they did is unknown. */
export function destroyClient(client: pg.Client): void {
  // Not in the types of `pg`, which offers nothing else.
  (client as pg.Client & { readonly connection: { readonly stream: Duplex } }).connection.stream.destroy();
}
