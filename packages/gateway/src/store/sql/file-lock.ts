/**
 * A lock among processes that the operating system takes back when its holder dies, however it dies: no process id to compare, no
 * stale lock to clear, also between containers in which every gateway is process 1. It is SQLite's own lock on an empty file, since
 * Node has none.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { makePrivate } from './dialects/make-private.ts';

/** Somebody else holds the lock. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

/**
 * Runs `work` while nobody else holds the lock. Anyone who waits asks again every few milliseconds.
 *
 * @param path An empty file, made when it is missing. Nothing is ever written to it.
 * @throws LockedError when it is held for all of `timeoutMs`; else what opening the file or `work` throws.
 */
export async function withFileLock<T>(path: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  await makePrivate(path);
  // SQLite waits in the thread that runs JavaScript, so it is never let wait.
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    await acquire(database, path, timeoutMs);
    return await work();
  } finally {
    database.close();
  }
}

async function acquire(database: InstanceType<typeof DatabaseSync>, path: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return database.exec('begin exclusive');
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('database is locked'))) throw error;
      if (performance.now() >= deadline) throw new LockedError(`${path}: another process has held the lock for ${timeoutMs} ms`);
      await sleep(2 + Math.random() * 8);
    }
  }
}
