import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

const CLOSE_MS = 1_000;

/** Closes a connection, without waiting for a server that no longer answers. */
export async function closeClient(client: pg.Client): Promise<void> {
  const waiting = new AbortController();
  await Promise.race([client.end().catch(() => {}), sleep(CLOSE_MS, undefined, { signal: waiting.signal }).catch(() => {})]);
  waiting.abort();
}
